"""Cases of offices over HTTP: the same doors as on the pages."""

from catchment.rooms.board.api.routes import router

__all__ = ["router"]
