"""Referral over HTTP: the same functions as the pages, typed."""

from catchment.rooms.referral.api.routes import router

__all__ = ["router"]
