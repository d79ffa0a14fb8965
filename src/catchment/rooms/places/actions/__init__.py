"""Every write about places."""

from catchment.rooms.places.actions.areas import import_areas, save_area
from catchment.rooms.places.actions.facilities import save_facility, save_service
from catchment.rooms.places.actions.networks import join_network, leave_network, save_network

__all__ = [
    "import_areas",
    "join_network",
    "leave_network",
    "save_area",
    "save_facility",
    "save_network",
    "save_service",
]
