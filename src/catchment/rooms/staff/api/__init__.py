"""Who answers for a resident over HTTP: the same actions as on the page."""

from catchment.rooms.staff.api.routes import router

__all__ = ["router"]
