"""Every write about slots and beds."""

from catchment.rooms.booking.actions.beds import add_beds, move_bed
from catchment.rooms.booking.actions.schedule import close_slots, open_session, reopen_slots
from catchment.rooms.booking.actions.taking import attend, confirm, hold_bed, hold_slot, release, vacate_bed

__all__ = [
    "add_beds",
    "attend",
    "close_slots",
    "confirm",
    "hold_bed",
    "hold_slot",
    "move_bed",
    "open_session",
    "release",
    "reopen_slots",
    "vacate_bed",
]
