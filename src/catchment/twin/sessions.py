"""Clinic sessions: which doctors of a service sit when, and how a session's places are shared out."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from catchment.rooms.booking.types import Quota

MINUTES, PLACES = 10, 12
MOST_DOCTORS = 6
_FIRST_HOUR_UTC = 0
"""Sessions begin at eight in the morning, China time."""
_WORKDAYS = 5


@dataclass(frozen=True, slots=True)
class Session:
    """One doctor's session of a service."""

    service_id: int
    post_id: int
    starts_at: datetime


def sessions(doctors: dict[int, list[int]], first: date, days: int) -> Iterator[Session]:
    """The sessions of every service on the workdays of a period; `doctors` are the posts by service.

    Doctors take turns: each sits every other workday, at least one each day.
    """
    for day in (first + timedelta(days=n) for n in range(days)):
        if day.weekday() < _WORKDAYS:
            starts_at = datetime(day.year, day.month, day.day, _FIRST_HOUR_UTC, tzinfo=UTC)
            for service, posts in doctors.items():
                for turn, post in enumerate(posts[:MOST_DOCTORS]):
                    if len(posts) == 1 or (turn + day.toordinal()) % 2 == 0:
                        yield Session(service, post, starts_at)


def shares(referral_percent: int, contracted_percent: int) -> dict[Quota, int]:
    """How many of a session's places are kept for whom, the kept ones first."""
    kept = {
        Quota.REFERRAL: round(PLACES * referral_percent / 100),
        Quota.CONTRACTED: round(PLACES * contracted_percent / 100),
    }
    return {**kept, Quota.PUBLIC: PLACES - sum(kept.values())}
