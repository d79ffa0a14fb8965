"""Keeping what was found: an assessment is written only where something has changed, and the newest is marked."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson
from django.db import connection

from catchment.rooms.people.models import Person
from catchment.rooms.screening.models import Assessment
from catchment.rooms.screening.types import Found, Status, Way

BATCH = 2000
_COLUMNS = {
    "person_id": "bigint", "model": "text", "edition": "text", "rules": "text", "status": "text", "value": "jsonb",
    "band": "text", "inputs": "jsonb", "reasons": "jsonb", "digest": "text", "rests_on": "date",
    "assessed_at": "timestamptz", "newest": "boolean",
}  # fmt: skip
_INSERT = f"""
    insert into screening_assessment ({", ".join(_COLUMNS)})
    select {", ".join(_COLUMNS)}
    from jsonb_to_recordset(%s::jsonb) given ({", ".join(f"{name} {kind}" for name, kind in _COLUMNS.items())})
    returning id, person_id, model
"""  # noqa: S608 constants only
Row = dict[str, Any]
_GONE = {"excluded": ["programme"]}
_EXAMINED = (Way.MEASUREMENT, Way.ANSWER)
"""Ways that say that somebody examined or asked the person on a day; a diagnosis or a prescription does not."""


@dataclass(slots=True)
class Stands:
    """The assessment of one model that stands for one person."""

    pk: int
    person_id: int
    model: str
    edition: str
    status: str
    band: str
    digest: str
    assessed_at: datetime


@dataclass(slots=True)
class Kept:
    """What stands for some people after keeping: by person, each model's newest; `changed` counts what was written."""

    newest: dict[int, dict[str, Stands]]
    changed: int


def keep(
    *, found: Iterable[tuple[int, Found]], keys: Iterable[int], models: Iterable[str], rules: str, now: datetime
) -> Kept:
    """Write what differs from what stands. Whoever was looked at and is no longer a model's concern is told so.

    `keys` are all people who were looked at, `models` all models that were run. Called inside a transaction, in turn.
    """
    people = dict(Person.objects.filter(person_key__in=list(keys)).values_list("person_key", "pk"))
    newest = _standing(people.values(), models)
    fresh: list[Row] = []
    told: dict[int, set[str]] = {}
    for key, one in found:
        person = people.get(key)
        if person is None:
            continue
        told.setdefault(person, set()).add(one.model)
        before = newest.get(person, {}).get(one.model)
        if before is None or before.digest != one.digest:
            fresh.append(_row(person, one, rules, now))
    fresh += _left(newest, told, rules, now)
    _replace(fresh, newest)
    for at in range(0, len(fresh), BATCH):
        _insert(fresh[at : at + BATCH], newest)
    return Kept(newest, len(fresh))


def rests_on(inputs: Mapping[str, Mapping[str, Any]]) -> str | None:
    """The day (ISO 8601) of the newest measurement or answer among the inputs; `None` where none was asked for."""
    days = [told["day"] for told in inputs.values() if told["from"] in _EXAMINED and "day" in told]
    return max(days, default=None)


def _standing(people: Iterable[int], models: Iterable[str]) -> dict[int, dict[str, Stands]]:
    rows = Assessment.objects.filter(person_id__in=list(people), model__in=list(models), newest=True)
    found: dict[int, dict[str, Stands]] = {}
    for values in rows.values_list(*Stands.__dataclass_fields__):
        one = Stands(*values)
        found.setdefault(one.person_id, {})[one.model] = one
    return found


def _row(person_id: int, one: Found, rules: str, now: datetime) -> Row:
    return {
        "person_id": person_id, "model": one.model, "edition": one.edition, "rules": rules, "status": one.status,
        "value": one.value, "band": one.band, "inputs": one.inputs, "reasons": one.reasons, "digest": one.digest,
        "rests_on": rests_on(one.inputs), "assessed_at": now, "newest": True,
    }  # fmt: skip


def _left(
    standing: Mapping[int, Mapping[str, Stands]], told: Mapping[int, set[str]], rules: str, now: datetime
) -> list[Row]:
    """Whom a programme no longer asks about: older, diagnosed, moved."""
    gone = [
        row
        for person, known in standing.items()
        for model, row in known.items()
        if model not in told.get(person, set()) and row.digest
    ]
    return [
        {
            "person_id": row.person_id, "model": row.model, "edition": row.edition, "rules": rules,
            "status": Status.OUT_OF_POPULATION, "value": None, "band": "", "inputs": {}, "reasons": _GONE, "digest": "",
            "rests_on": None, "assessed_at": now, "newest": True,
        }
        for row in gone
    ]  # fmt: skip


def _replace(fresh: list[Row], standing: Mapping[int, Mapping[str, Stands]]) -> None:
    """What stood so far becomes history."""
    known = [standing.get(row["person_id"], {}).get(row["model"]) for row in fresh]
    replaced = [one.pk for one in known if one is not None]
    for at in range(0, len(replaced), BATCH):
        Assessment.objects.filter(pk__in=replaced[at : at + BATCH]).update(newest=False)


def _insert(rows: list[Row], newest: dict[int, dict[str, Stands]]) -> None:
    """The rows go as one JSON text: several times as fast as `bulk_create`, and the wall allows no COPY."""
    with connection.cursor() as cursor:
        cursor.execute(_INSERT, [orjson.dumps(rows).decode()])
        numbers = {(person, model): pk for pk, person, model in cursor.fetchall()}
    for row in rows:
        told = {name: row[name] for name in Stands.__dataclass_fields__ if name != "pk"}
        pk = numbers[row["person_id"], row["model"]]
        newest.setdefault(row["person_id"], {})[row["model"]] = Stands(pk=pk, **told)
