"""Who may keep findings of whom at a time, and whose findings rest on newer facts than those at hand.

People are kept in turn by ranges of their keys: a county run holds few of them at a time, one person only one.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import connection

from catchment.rooms.screening.models import Reassessed

_LOCK = 471_105
_SHIFT = 52
"""A range holds 2**52 of the 2**60 keys: 256 ranges."""
_TURNS = "select pg_advisory_xact_lock(%s, turn) from unnest(%s::int[]) turn"
_LIMITS = ("lock_timeout", "statement_timeout")
_UNLIMITED = "select " + ", ".join(f"current_setting('{one}'), set_config('{one}', '0', true)" for one in _LIMITS)
_RESTORED = "select " + ", ".join(f"set_config('{one}', %s, true)" for one in _LIMITS)


def take_turn(keys: Iterable[int]) -> None:
    """Wait until nobody else keeps findings of these people, and keep others waiting until the transaction ends.

    The wait has no limit but the other's transaction; all wait in the same order, and so never for each other.
    """
    ranges = sorted({key >> _SHIFT for key in keys})
    with connection.cursor() as cursor:
        cursor.execute(_UNLIMITED)
        before = cursor.fetchone()[::2]
        cursor.execute(_TURNS, [_LOCK, ranges])
        cursor.execute(_RESTORED, before)


def moment() -> datetime:
    """The database's own present, by which facts are older or newer."""
    with connection.cursor() as cursor:
        cursor.execute("select clock_timestamp()")
        found: datetime = cursor.fetchone()[0]
    return found


def note_facts(person_ids: Iterable[int], facts_at: datetime) -> None:
    """Note that these people were assessed by themselves, from facts as of the moment."""
    Reassessed.objects.bulk_create(
        [Reassessed(person_id=pk, facts_at=facts_at) for pk in person_ids],
        update_conflicts=True, unique_fields=["person"], update_fields=["facts_at"],
    )  # fmt: skip


def newer_than(facts_at: datetime, keys: Iterable[int]) -> set[int]:
    """The keys of those who were assessed by themselves from facts that are newer than the moment."""
    rows: Any = Reassessed.objects.filter(facts_at__gt=facts_at, person__person_key__in=list(keys))
    return set(rows.values_list("person__person_key", flat=True))


def forget_until(facts_at: datetime) -> None:
    """Drop the notes that no run can need any more, for its facts are at least as new."""
    Reassessed.objects.filter(facts_at__lte=facts_at).delete()
