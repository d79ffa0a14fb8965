"""The words of booking."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum


class Quota(StrEnum):
    """For whom a slot is kept until its release time."""

    PUBLIC = "public"
    REFERRAL = "referral"
    CONTRACTED = "contracted"

    @classmethod
    def kept_first(cls) -> tuple["Quota", ...]:
        """In the order in which a session's slots are laid out."""
        return cls.REFERRAL, cls.CONTRACTED, cls.PUBLIC


class BookingState(StrEnum):
    HELD = "held"
    BOOKED = "booked"
    ATTENDED = "attended"
    MISSED = "missed"
    RELEASED = "released"


LIVE = (BookingState.HELD, BookingState.BOOKED, BookingState.ATTENDED)


class SlotState(StrEnum):
    FREE = "free"
    HELD = "held"
    BOOKED = "booked"
    USED = "used"
    CLOSED = "closed"


class BedState(StrEnum):
    FREE = "free"
    HELD = "held"
    OCCUPIED = "occupied"
    CLOSED = "closed"


class BedMove(StrEnum):
    """What a ward does with a bed by itself."""

    CLOSE = "close"
    REOPEN = "reopen"
    OCCUPY = "occupy"
    EMPTY = "empty"


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionTold:
    """What is told of a session: its slots of so many minutes, how many for whom, the kept ones released so early.

    `until` opens it again each week up to that day, included.
    """

    service_id: int
    starts_at: datetime
    minutes: int
    quotas: dict[Quota, int]
    release_hours: int
    post_id: int | None = None
    until: date | None = None
