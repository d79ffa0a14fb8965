"""Counts of events as they are told to posts that may not open the events behind them."""

from collections.abc import Sequence
from datetime import datetime

from django.utils import timezone

from catchment.kernel.actor import Actor
from catchment.rooms.budget.models import Spending
from catchment.rooms.consent import queries as consent
from catchment.rooms.consent.rules import told


def events_told(rows: Sequence[Spending], actor: Actor, now: datetime) -> dict[int, int | None]:
    """How many events each row counts; `None` for what is withheld, by the edition of small cells, month by month."""
    if actor.may("budget.evidence"):
        return {row.pk: row.events for row in rows}
    smallest = consent.smallest_cell(timezone.localdate(now))
    found: dict[int, int | None] = {}
    for month in {row.month for row in rows}:
        found |= told({row.pk: row.events for row in rows if row.month == month}, smallest=smallest)
    return found
