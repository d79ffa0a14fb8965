"""Access over HTTP: the same doors as on the pages."""

from catchment.rooms.consent.api.routes import router

__all__ = ["router"]
