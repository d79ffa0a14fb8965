"""Keeping what was found: an assessment is written only where something has changed, and the newest is marked."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson
from django.db import connection

from catchment.rooms.people.models import Person
from catchment.rooms.screening.models import Assessment
from catchment.rooms.screening.types import Found, Status

BATCH = 2000
_COLUMNS = {
    "person_id": "bigint", "model": "text", "edition": "text", "rules": "text", "status": "text", "value": "jsonb",
    "band": "text", "inputs": "jsonb", "reasons": "jsonb", "digest": "text", "assessed_at": "timestamptz",
    "newest": "boolean",
}  # fmt: skip
_INSERT = f"""
    insert into screening_assessment ({", ".join(_COLUMNS)})
    select {", ".join(_COLUMNS)}
    from jsonb_to_recordset(%s::jsonb) given ({", ".join(f"{name} {kind}" for name, kind in _COLUMNS.items())})
    returning id, person_id, model
"""  # noqa: S608 constants only
_GONE = {"excluded": ["programme"]}


@dataclass(slots=True)
class Kept:
    """What stands for some people after keeping: by person, each model's newest; `changed` counts what was written."""

    newest: dict[int, dict[str, Assessment]]
    changed: int


def keep(
    *, found: Iterable[tuple[int, Found]], keys: Iterable[int], models: Iterable[str], rules: str, now: datetime
) -> Kept:
    """Write what differs from what stands. Whoever was looked at and is no longer a model's concern is told so.

    `keys` are all people who were looked at, `models` all models that were run. Called inside a transaction.
    """
    people = dict(Person.objects.filter(person_key__in=list(keys)).values_list("person_key", "pk"))
    standing = _standing(people.values(), models)
    fresh, newest = [], {person: dict(known) for person, known in standing.items()}
    told: dict[int, set[str]] = {}
    for key, one in found:
        person = people.get(key)
        if person is None:
            continue
        told.setdefault(person, set()).add(one.model)
        if _differs(standing.get(person, {}).get(one.model), one):
            fresh.append(_row(person, one, rules, now))
    fresh += _left(standing, told, rules, now)
    _write(fresh, standing)
    for row in fresh:
        newest.setdefault(row.person_id, {})[row.model] = row
    return Kept(newest, len(fresh))


def _standing(people: Iterable[int], models: Iterable[str]) -> dict[int, dict[str, Assessment]]:
    rows = Assessment.objects.filter(person_id__in=list(people), model__in=list(models), newest=True)
    found: dict[int, dict[str, Assessment]] = {}
    for row in rows.defer("inputs", "reasons"):
        found.setdefault(row.person_id, {})[row.model] = row
    return found


def _differs(before: Assessment | None, one: Found) -> bool:
    return before is None or before.digest != one.digest


def _row(person_id: int, one: Found, rules: str, now: datetime) -> Assessment:
    return Assessment(
        person_id=person_id,
        model=one.model,
        edition=one.edition,
        rules=rules,
        status=one.status,
        value=one.value,
        band=one.band,
        inputs=dict(one.inputs),
        reasons=dict(one.reasons),
        digest=one.digest,
        assessed_at=now,
        newest=True,
    )


def _left(
    standing: Mapping[int, Mapping[str, Assessment]], told: Mapping[int, set[str]], rules: str, now: datetime
) -> list[Assessment]:
    """Whom a programme no longer asks about: older, diagnosed, moved."""
    gone = [
        row
        for person, known in standing.items()
        for model, row in known.items()
        if model not in told.get(person, set()) and row.digest
    ]
    return [
        Assessment(
            person_id=row.person_id, model=row.model, edition=row.edition, rules=rules,
            status=Status.OUT_OF_POPULATION, reasons=_GONE, digest="", assessed_at=now, newest=True,
        )
        for row in gone
    ]  # fmt: skip


def _write(fresh: list[Assessment], standing: Mapping[int, Mapping[str, Any]]) -> None:
    replaced = [known.pk for row in fresh if (known := standing.get(row.person_id, {}).get(row.model)) is not None]
    for at in range(0, len(replaced), BATCH):
        Assessment.objects.filter(pk__in=replaced[at : at + BATCH]).update(newest=False)
    for at in range(0, len(fresh), BATCH):
        _insert(fresh[at : at + BATCH])


def _insert(rows: list[Assessment]) -> None:
    """As `bulk_create`, several times as fast: the rows go as one JSON text. The wall allows no COPY."""
    given = [{name: getattr(row, name) for name in _COLUMNS} for row in rows]
    with connection.cursor() as cursor:
        cursor.execute(_INSERT, [orjson.dumps(given).decode()])
        numbers = {(person, model): pk for pk, person, model in cursor.fetchall()}
    for row in rows:
        row.pk = numbers[row.person_id, row.model]
