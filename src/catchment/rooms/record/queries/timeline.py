"""One timeline per person over all kinds of entry, each page in one database query."""

from collections.abc import Collection
from typing import Any

import orjson
from django.db import connection
from psycopg import sql

from catchment.kernel.errors import NotFound
from catchment.kernel.ui.words import unit_words
from catchment.rooms.record.models import FACT_MODELS, IncomingResource
from catchment.rooms.record.rules import VOID, flag_of
from catchment.rooms.record.types import (
    EntryDetail,
    FactKind,
    Line,
    Position,
    Provenance,
    TimelineEntry,
    number_text,
    panel_text,
)

MOST = 500
_DETAIL = {
    FactKind.ENCOUNTER: "f.department",
    FactKind.CONDITION: "left(f.note, 200)",
    FactKind.OBSERVATION: "f.value_text",
    FactKind.PROCEDURE: "''",
    FactKind.MEDICATION: "f.dose",
    FactKind.ALLERGY: "f.reaction",
    FactKind.IMMUNIZATION: "f.lot",
    FactKind.REPORT: "left(f.conclusion, 200)",
    FactKind.DOCUMENT: "left(f.text, 200)",
    FactKind.REQUEST: "f.reason",
}
_ENDED = {FactKind.ENCOUNTER: "f.ended_at", FactKind.PROCEDURE: "f.ended_at", FactKind.MEDICATION: "f.ended_at"}
_MEASURED = "f.value, f.unit, f.components, f.low, f.high, f.interpretation"
_NOT_MEASURED = "null::float8, '', null::jsonb, null::float8, null::float8, ''"
_OLDER = " and f.at <= %(at)s and (f.at < %(at)s or ({kind}, f.id) < (%(kind)s, %(id)s))"
_OWN = ("person", "facility", "practitioner", "source", "encounter")
_IN_LINE = {"id", "external_id", "status", "at", "recorded_at", "code_system", "code", "display", "ended_at"}
_RESOURCE_TYPES = {
    FactKind.MEDICATION: "MedicationRequest",
    FactKind.ALLERGY: "AllergyIntolerance",
    FactKind.REPORT: "DiagnosticReport",
    FactKind.DOCUMENT: "DocumentReference",
    FactKind.REQUEST: "ServiceRequest",
}


def timeline(
    person_id: int,
    *,
    before: Position | None = None,
    kinds: Collection[FactKind] | None = None,
    limit: int = 50,
) -> list[TimelineEntry]:
    """At most `limit` (500) entries older than `before`, newest first; entries made in error are left out.

    The next page begins at the last entry's `position`.
    """
    if kinds is not None and not kinds:
        return []
    statement, facts = _asked(person_id, before, kinds, limit)
    with connection.cursor() as cursor:
        cursor.execute(statement, facts)
        return [_entry(row) for row in cursor.fetchall()]


def timeline_and_years(
    person_id: int,
    *,
    before: Position | None = None,
    kinds: Collection[FactKind] | None = None,
    limit: int = 50,
) -> tuple[list[TimelineEntry], list[tuple[int, int]]]:
    """The `timeline`, and each year with entries of any kind and how many, latest first; both in one query.

    `kinds`, where given, are at least one.
    """
    entries, facts = _asked(person_id, before, kinds, limit)
    statement = sql.SQL(
        "select y.years, e.* from (select array_agg(array[year, n] order by year desc) from ({years}) u(year, n))"
        " y(years) left join ({entries}) e on true order by e.at desc, e.kind desc, e.id desc"
    ).format(years=_years(), entries=entries)
    with connection.cursor() as cursor:
        cursor.execute(statement, facts)
        rows = cursor.fetchall()
    found = [_entry(row) for _all, *row in rows if row[0] is not None]
    return found, [(year, count) for year, count in rows[0][0] or ()]


def _asked(
    person_id: int, before: Position | None, kinds: Collection[FactKind] | None, limit: int
) -> tuple[sql.Composable, dict[str, Any]]:
    """The statement of a page of the timeline with its values."""
    parts = [_part(kind, before) for kind in FactKind if kinds is None or kind in kinds]
    statement = sql.SQL(
        "select u.*, coalesce(p.name, '') facility, coalesce(d.name, '') practitioner, s.name source from ({parts})"
        " u(kind, id, at, ended_at, code, display, status, detail, value, unit, components, low, high, interpretation,"
        " facility_id, practitioner_id, source_id) left join places_facility p on p.id = u.facility_id"
        " left join staff_practitioner d on d.id = u.practitioner_id join record_source s on s.id = u.source_id"
        ' order by u.at desc, u.kind collate "C" desc, u.id desc limit %(limit)s'
    ).format(parts=sql.SQL(" union all ").join(parts))
    facts: dict[str, Any] = {"person": person_id, "limit": max(1, min(limit, MOST)), "void": list(VOID)}
    return statement, facts if before is None else facts | {"at": before.at, "kind": before.kind, "id": before.id}


def _years() -> sql.Composable:
    parts = [
        sql.SQL("select at from {} where person_id = %(person)s and status <> all(%(void)s)").format(_table(kind))
        for kind in FactKind
    ]
    return sql.SQL(
        "select extract(year from at at time zone 'Asia/Shanghai')::int y, count(*)::int from ({}) u group by y"
    ).format(sql.SQL(" union all ").join(parts))


def entry(kind: FactKind, entry_id: int) -> EntryDetail:
    """One entry with all it carries and where it came from; `NotFound` when there is none."""
    model = FACT_MODELS[kind]
    row = model.objects.select_related("facility", "practitioner", "source").filter(pk=entry_id).first()
    if row is None:
        raise NotFound("not-found", "没有找到这条健康记录")
    fields = model._meta.concrete_fields  # noqa: SLF001 Django's public model API under a private name
    held = {field.name: getattr(row, field.name) for field in fields if field.name not in {*_OWN, *_IN_LINE}}
    return EntryDetail(
        row=row,
        line=_line(kind, row),
        person_id=row.person_id,
        encounter_id=getattr(row, "encounter_id", None),
        fields={name: value for name, value in held.items() if value not in (None, "", [])},
        provenance=_provenance(kind, row),
    )


def _table(kind: FactKind) -> sql.Identifier:
    return sql.Identifier(FACT_MODELS[kind]._meta.db_table)  # noqa: SLF001 Django's public model API under a private name


def _kind(kind: FactKind) -> sql.Composable:
    return sql.SQL('{}::text collate "C"').format(sql.Literal(kind.value))


def _part(kind: FactKind, before: Position | None) -> sql.Composable:
    encounter = kind is FactKind.ENCOUNTER
    older = sql.SQL("" if before is None else _OLDER).format(kind=_kind(kind))
    return sql.SQL(
        "(select {kind} as kind, f.id, f.at, {ended}, {code}, {display}, f.status, {detail}, {measured}, f.facility_id,"
        " f.practitioner_id, f.source_id from {table} f where f.person_id = %(person)s"
        " and f.status <> all(%(void)s){older} order by f.at desc, f.id desc limit %(limit)s)"
    ).format(
        kind=_kind(kind),
        older=older,
        ended=sql.SQL(_ENDED.get(kind, "null::timestamptz")),
        code=sql.SQL("f.klass" if encounter else "f.code"),
        display=sql.SQL("f.reason" if encounter else "f.display"),
        detail=sql.SQL(_DETAIL[kind]),
        measured=sql.SQL(_MEASURED if kind is FactKind.OBSERVATION else _NOT_MEASURED),
        table=_table(kind),
    )


def _entry(row: tuple[Any, ...]) -> TimelineEntry:
    kind, key, at, ended_at, code, display, status, detail, value, unit, components, low, high, mark, *rest = row
    measured = number_text(value) if value is not None else panel_text(orjson.loads(components or "[]"))
    return TimelineEntry(
        kind=FactKind(kind),
        id=key,
        at=at,
        code=code,
        display=display,
        status=status,
        detail=f"{measured} {unit_words(unit)}".strip() if measured else detail,
        flag=flag_of(value, low, high, mark),
        facility_name=rest[3],
        practitioner_name=rest[4],
        source_name=rest[5],
        ended_at=ended_at,
    )


def _line(kind: FactKind, row: Any) -> Line:
    encounter = kind is FactKind.ENCOUNTER
    return Line(
        kind=kind,
        id=row.pk,
        code_system="" if encounter else row.code_system,
        code=row.klass if encounter else row.code,
        display=row.reason if encounter else row.display,
        status=row.status,
        at=row.at,
        facility_name=row.facility.name if row.facility else "",
        practitioner_name=row.practitioner.name if row.practitioner else "",
        ended_at=getattr(row, "ended_at", None),
    )


def _provenance(kind: FactKind, row: Any) -> Provenance:
    resource_type = _RESOURCE_TYPES.get(kind, kind.value.capitalize())
    message = IncomingResource.objects.filter(source=row.source, resource_type=resource_type, row_id=row.pk).first()
    return Provenance(
        facility_name=row.facility.name if row.facility else "",
        practitioner_name=row.practitioner.name if row.practitioner else "",
        source_code=row.source.code,
        source_name=row.source.name,
        source_kind=row.source.kind,
        external_id=row.external_id,
        recorded_at=row.recorded_at,
        message_type=message.resource_type if message else "",
        message_at=message.received_at if message else None,
    )
