"""Every write about places."""

from catchment.rooms.places.actions.areas import import_areas
from catchment.rooms.places.actions.facilities import save_facility, save_service
from catchment.rooms.places.actions.files import import_places
from catchment.rooms.places.actions.networks import join_network, leave_network, save_network

__all__ = [
    "import_areas",
    "import_places",
    "join_network",
    "leave_network",
    "save_facility",
    "save_network",
    "save_service",
]
