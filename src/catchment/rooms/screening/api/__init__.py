"""Screening over HTTP: the same functions as the pages, typed."""

from catchment.rooms.screening.api.routes import router

__all__ = ["router"]
