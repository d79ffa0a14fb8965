"""Which sensitive part an entry falls under: told when it is written, and anew for all when the edition changes."""

import json
from datetime import date, datetime
from typing import Any

from django.db import connection, transaction
from django.db.models import Model
from django.utils import timezone

from catchment.kernel import audit, wall
from catchment.kernel.actor import Actor
from catchment.rooms.consent import queries as consent
from catchment.rooms.consent.rules import Part, part_of
from catchment.rooms.people.models import Person
from catchment.rooms.record.models import FACT_MODELS, Condition, Encounter
from catchment.rooms.record.types import Labelled

RELABEL = """
update {table} f set sensitivity = told.part
from (
    select f.id, coalesce((
        select part.code from jsonb_to_recordset(%(parts)s::jsonb)
            as part(place int, code text, prefixes text[], youngest int, oldest int)
        where exists (select from unnest(part.prefixes) prefix where starts_with(f.{column}, prefix))
          and (p.birth_date is null or extract(year from age(f.at, p.birth_date)) between part.youngest and part.oldest)
        order by part.place limit 1), '') as part
    from {table} f join people_person p on p.id = f.person_id
    where (%(source)s::bigint is null or f.source_id = %(source)s)
      and (f.{column} like any(%(likes)s) or f.sensitivity <> '')
) told
where told.id = f.id and told.part <> f.sensitivity
"""
INHERIT = """
update {table} f set sensitivity = c.sensitivity
from record_condition c
where (%(source)s::bigint is null or f.source_id = %(source)s)
  and c.encounter_id = f.{key} and c.person_id = f.person_id and c.sensitivity <> '' and f.sensitivity = ''
"""


def part_for(code: str, person_id: int, day: date) -> str:
    """The sensitive part of a code for a person, by the edition in force on the day; empty for none.

    The person's age is only asked for when a part has the code.
    """
    parts = consent.sensitive_parts(day)
    if not part_of(parts, code, None):
        return ""
    born = Person.objects.filter(pk=person_id).values_list("birth_date", flat=True).first()
    return part_of(parts, code, None if born is None else (day - born).days * 400 // 146_097)


def label_sensitive(*, actor: Actor, now: datetime, source_id: int | None = None) -> list[Labelled]:
    """Label every entry, or those of one source, anew by the edition of the day; a sensitive visit's are so with it.

    Answers how many entries of each table changed. One transaction a table; safe to stop and to run again.
    """
    actor.require("record.label")
    parts = consent.sensitive_parts(timezone.localdate(now))
    first = sorted(FACT_MODELS.items(), key=lambda item: item[1] is not Condition)
    with wall.acting("sensitive-labels"):
        done = [Labelled(name, _label(model, parts, source_id)) for name, model in first]
        audit.record(actor=actor, event="record.label", at=now, detail={one.table: one.changed for one in done})
    return done


def _label(model: type[Model], parts: tuple[Part, ...], source_id: int | None) -> int:
    """Both steps in one transaction, so that nothing lies open between them."""
    with transaction.atomic():
        return _relabel(model, parts, source_id) + _inherit(model, source_id)


def _relabel(model: type[Model], parts: tuple[Part, ...], source_id: int | None) -> int:
    told = [{**part.model_dump(), "place": place} for place, part in enumerate(parts)]
    likes = [f"{prefix}%" for part in parts for prefix in part.prefixes]
    statement = RELABEL.format(table=_table(model), column="reason_code" if model is Encounter else "code")
    return _done(statement, {"parts": json.dumps(told), "likes": likes, "source": source_id})


def _inherit(model: type[Model], source_id: int | None) -> int:
    if model is Condition:
        return 0
    statement = INHERIT.format(table=_table(model), key="id" if model is Encounter else "encounter_id")
    return _done(statement, {"source": source_id})


def _table(model: type[Model]) -> str:
    return str(model._meta.db_table)  # noqa: SLF001 Django's public name for it


def _done(statement: str, values: dict[str, Any]) -> int:
    with connection.cursor() as cursor:
        cursor.execute("set local statement_timeout = 0")
        cursor.execute(statement, values)
        return int(cursor.rowcount)
