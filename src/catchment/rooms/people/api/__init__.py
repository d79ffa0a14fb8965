"""The registry over HTTP: the same actions as on the pages, typed."""

from catchment.rooms.people.api.routes import router

__all__ = ["router"]
