"""Counts that are too small to be told to posts that may not open the events behind them."""

from datetime import datetime

from django.utils import timezone

from catchment.kernel.actor import Actor
from catchment.rooms.consent import queries as consent


def smallest_cell(actor: Actor, now: datetime) -> int:
    """The smallest count told to this post, by the edition of access; 0 for one that may open the events."""
    return 0 if actor.may("budget.evidence") else consent.smallest_cell(timezone.localdate(now))


def shown(count: int, smallest: int) -> str:
    """A count as it is told: itself, or only that it is below the smallest."""
    return f"<{smallest}" if 0 < count < smallest else str(count)
