"""The words of booking."""

from enum import StrEnum


class Quota(StrEnum):
    """For whom a slot is kept until its release time."""

    PUBLIC = "public"
    REFERRAL = "referral"
    CONTRACTED = "contracted"


class BookingState(StrEnum):
    HELD = "held"
    BOOKED = "booked"
    ATTENDED = "attended"
    MISSED = "missed"
    RELEASED = "released"


LIVE = (BookingState.HELD, BookingState.BOOKED, BookingState.ATTENDED)


class BedState(StrEnum):
    FREE = "free"
    HELD = "held"
    OCCUPIED = "occupied"
    CLOSED = "closed"
