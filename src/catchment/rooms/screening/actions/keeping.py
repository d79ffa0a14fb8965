"""Keeping what was found: an assessment is written only where something has changed, and the newest is marked."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

import polars as pl
from django.db import connection

from catchment.rooms.people.models import Person
from catchment.rooms.screening.models import Assessment
from catchment.rooms.screening.types import Status, Way

BATCH = 2000
_GIVEN = ("person_id", "model", "edition", "status", "band", "digest")
_INSERT = """
    insert into screening_assessment (
        person_id, model, edition, status, band, digest, value, inputs, reasons, rests_on, rules, assessed_at, newest
    )
    select person_id, model, edition, status, band, digest, nullif(told -> 'value', 'null'),
        jsonb_strip_nulls(told -> 'inputs'), jsonb_strip_nulls(told -> 'reasons'),
        (
            select max((one.value ->> 'day')::date) from jsonb_each(told -> 'inputs') one
            where one.value ->> 'from' = any(%s)
        ),
        %s, %s, true
    from jsonb_to_recordset(%s::jsonb) given (
        person_id bigint, model text, edition text, status text, band text, digest text, told jsonb
    )
    returning id, person_id, model, edition, status, band, digest, assessed_at
"""
_EXAMINED = (Way.MEASUREMENT.value, Way.ANSWER.value)
"""Ways that say that somebody examined or asked the person on a day; a diagnosis or a prescription does not."""
_GONE = '{"value": null, "inputs": {}, "reasons": {"excluded": ["programme"]}}'


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


def keep(*, found: pl.DataFrame, keys: Iterable[int], models: Iterable[str], rules: str, now: datetime) -> Kept:
    """Write what differs from what stands. Whoever was looked at and is no longer a model's concern is told so.

    `found` is as `rules.assessing` gives it, `keys` are all people who were looked at, `models` all models that were
    run. Called inside a transaction, in turn.
    """
    people = Person.objects.filter(person_key__in=list(keys)).values_list("person_key", "pk")
    known = pl.DataFrame(list(people), schema={"person_key": pl.Int64, "person_id": pl.Int64}, orient="row")
    told = found.join(known, on="person_key").drop("person_key")
    newest = _standing(known["person_id"], models)
    before = _frame(one for row in newest.values() for one in row.values())
    fresh = pl.concat([told.join(before, on=["person_id", "model", "digest"], how="anti"), _left(before, told)])
    _replace(fresh, newest)
    for rows in fresh.iter_slices(BATCH):
        _insert(rows, rules, now, newest)
    return Kept(newest, fresh.height)


def _standing(people: Iterable[int], models: Iterable[str]) -> dict[int, dict[str, Stands]]:
    rows = Assessment.objects.filter(person_id__in=list(people), model__in=list(models), newest=True)
    found: dict[int, dict[str, Stands]] = {}
    for values in rows.values_list(*Stands.__dataclass_fields__):
        one = Stands(*values)
        found.setdefault(one.person_id, {})[one.model] = one
    return found


def _frame(standing: Iterable[Stands]) -> pl.DataFrame:
    rows = [(one.person_id, one.model, one.edition, one.digest) for one in standing]
    names = {"person_id": pl.Int64, "model": pl.String, "edition": pl.String, "digest": pl.String}
    return pl.DataFrame(rows, schema=names, orient="row")


def _left(before: pl.DataFrame, told: pl.DataFrame) -> pl.DataFrame:
    """Whom a programme no longer asks about: older, diagnosed, moved."""
    gone = before.filter(pl.col("digest") != "").join(told, on=["person_id", "model"], how="anti")
    said = {"status": Status.OUT_OF_POPULATION.value, "band": "", "told": _GONE, "digest": ""}
    return gone.with_columns(**{name: pl.lit(text) for name, text in said.items()}).select(told.columns)


def _replace(fresh: pl.DataFrame, standing: Mapping[int, Mapping[str, Stands]]) -> None:
    """What stood so far becomes history."""
    known = [standing.get(person, {}).get(model) for person, model in fresh.select("person_id", "model").iter_rows()]
    replaced = [one.pk for one in known if one is not None]
    for at in range(0, len(replaced), BATCH):
        Assessment.objects.filter(pk__in=replaced[at : at + BATCH]).update(newest=False)


def _insert(rows: pl.DataFrame, rules: str, now: datetime, newest: dict[int, dict[str, Stands]]) -> None:
    """The rows go as one JSON text: several times as fast as `bulk_create`, and the wall allows no COPY."""
    given = pl.struct(_GIVEN).struct.json_encode().str.head(-1)
    texts = rows.select(pl.concat_str(given, pl.lit(',"told":'), "told", pl.lit("}"))).to_series()
    with connection.cursor() as cursor:
        cursor.execute(_INSERT, [list(_EXAMINED), rules, now, f"[{','.join(texts)}]"])
        for pk, person, model, *rest in cursor.fetchall():
            newest.setdefault(person, {})[model] = Stands(pk, person, model, *rest)
