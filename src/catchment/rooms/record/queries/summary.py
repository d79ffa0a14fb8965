"""What a doctor sees first of a person, and what of it travels with a referral."""

import json
from collections.abc import Callable, Collection
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any, NamedTuple

from django.db.models import (
    Case,
    DateTimeField,
    DurationField,
    ExpressionWrapper,
    F,
    Func,
    Q,
    QuerySet,
    TextField,
    Value,
    When,
    Window,
)
from django.db.models.expressions import Combinable
from django.db.models.functions import Cast, Coalesce, Lead, NullIf, RowNumber

from catchment.kernel import compiled
from catchment.kernel.ui.words import unit_words
from catchment.rooms.record.models import (
    Allergy,
    Condition,
    Document,
    Encounter,
    Medication,
    Observation,
    Report,
)
from catchment.rooms.record.rules import (
    CURRENT_CONDITION,
    CURRENT_MEDICATION,
    DISPROVED,
    VOID,
    flag_of,
    trend_of,
)
from catchment.rooms.record.types import Alert, FactKind, Flag, Line, PersonSummary, Result, Trend, panel_text

RESULTS, RECENT = 60, 6
LATEST_FIRST = (F("at").desc(), F("id").desc())
CODE_OR_NAME = Coalesce(NullIf(F("code"), Value("")), F("display"))
NEVER = Cast(Value(None), DateTimeField())
Lines = QuerySet[Any, tuple[Any, ...]]
PARTS = {
    "problems": FactKind.CONDITION,
    "medicines": FactKind.MEDICATION,
    "allergies": FactKind.ALLERGY,
    "results": FactKind.OBSERVATION,
    "documents": FactKind.DOCUMENT,
    "reports": FactKind.REPORT,
}
"""What of the record can travel with a referral."""


def summary(person_id: int, *, now: datetime) -> PersonSummary:
    """The person's summary as it stands now: nothing withdrawn, nothing disproved. Two database queries."""
    read = _read(tuple(LINES), person_id, now)
    allergies, results = read[FactKind.ALLERGY], _results(person_id, now)
    return PersonSummary(
        problems=read[FactKind.CONDITION],
        medicines=read[FactKind.MEDICATION],
        allergies=allergies,
        results=results,
        reports=read[FactKind.REPORT],
        documents=read[FactKind.DOCUMENT],
        encounters=read[FactKind.ENCOUNTER],
        alerts=(*_allergy_alerts(allergies), *_result_alerts(results)),
    )


def parts_for_referral(person_id: int, now: datetime, parts: Collection[str] = tuple(PARTS)) -> dict[str, Any]:
    """The named parts of the record for a referral's snapshot, in two queries; unknown names are left out.

    Ready for JSON: times in ISO 8601, nothing that changes later.
    """
    wanted = [name for name in parts if name in PARTS]
    read = _read(tuple(PARTS[name] for name in wanted if PARTS[name] in LINES), person_id, now)
    found = {name: [_line_part(line) for line in read[PARTS[name]]] for name in wanted}
    if "results" in wanted:
        found["results"] = [_result_part(result) for result in _results(person_id, now)]
    return found


def _read(kinds: tuple[FactKind, ...], person_id: int, now: datetime) -> dict[FactKind, tuple[Line, ...]]:
    """The lines of several kinds, each newest first, in one query."""
    found: dict[FactKind, list[Line]] = {kind: [] for kind in FactKind}
    for row in compiled.rows(_union(kinds), person_id, now) if kinds else ():
        line = _line(*row)
        found[line.kind].append(line)
    return {kind: tuple(sorted(lines, key=_age, reverse=True)) for kind, lines in found.items()}


@lru_cache
def _union(kinds: tuple[FactKind, ...]) -> compiled.Build:
    def build(person_id: int, now: datetime) -> Lines:
        first, *others = (LINES[kind](person_id, now) for kind in kinds)
        return first.union(*others, all=True) if others else first

    return build


def _age(line: Line) -> tuple[datetime, int]:
    return line.at, line.id


def _line(
    kind: str, _group: str, key: int, system: str, code: str, display: str, status: str, at: datetime,
    detail: str, ended_at: datetime | None, facility: str | None, practitioner: str | None,
) -> Line:  # fmt: skip
    return Line(
        kind=FactKind(kind),
        id=key,
        code_system=system,
        code=code,
        display=display,
        status=status,
        at=at,
        facility_name=facility or "",
        practitioner_name=practitioner or "",
        detail=detail,
        ended_at=ended_at,
    )


class Row(NamedTuple):
    """A latest result and the one before it, as the database gives them."""

    id: int
    code: str
    display: str
    category: str
    at: datetime
    value: Any
    unit: str
    value_text: str
    components: str | None
    low: Any
    high: Any
    interpretation: str
    previous_value: Any
    previous_unit: str | None
    previous_value_text: str | None
    previous_components: str | None
    previous_at: datetime | None
    facility__name: str | None


def _results(person_id: int, now: datetime) -> tuple[Result, ...]:
    return tuple(_result(Row(*row)) for row in compiled.rows(_latest_results, person_id, now))


def _latest_results(person_id: int, _now: datetime) -> Lines:
    before = {
        f"previous_{name}": Window(Lead(name), partition_by=[CODE_OR_NAME], order_by=LATEST_FIRST)
        for name in ("value", "unit", "value_text", "components", "at")
    }
    rows = Observation.objects.filter(person_id=person_id).exclude(status__in=VOID)
    place = Window(RowNumber(), partition_by=[CODE_OR_NAME], order_by=LATEST_FIRST)
    latest = rows.annotate(place=place, **before).filter(place=1).order_by("-at", "-id")
    found: Lines = latest.values_list(*Row._fields)[:RESULTS]
    return found


def _result(row: Row) -> Result:
    return Result(
        id=row.id,
        code=row.code,
        display=row.display,
        category=row.category,
        at=row.at,
        value=row.value,
        unit=row.unit,
        value_text=row.value_text,
        components=tuple(_json(row.components)),
        low=row.low,
        high=row.high,
        flag=flag_of(row.value, row.low, row.high, row.interpretation),
        previous=row.previous_value,
        previous_text=row.previous_value_text or panel_text(_json(row.previous_components)),
        previous_at=row.previous_at,
        trend=trend_of(row.value, row.previous_value) if row.previous_unit == row.unit else Trend.NONE,
        facility_name=row.facility__name or "",
    )


def _json(text: str | None) -> list[dict[str, Any]]:
    return json.loads(text) or [] if text else []


def _problems(person_id: int, _now: datetime) -> Lines:
    rows = Condition.objects.filter(person_id=person_id, status__in=CURRENT_CONDITION)
    return _latest_per_code(rows.exclude(verification__in=DISPROVED), FactKind.CONDITION, F("note"))


def _medicines(person_id: int, now: datetime) -> Lines:
    supply = ExpressionWrapper(F("days") * Value(timedelta(days=1)), output_field=DurationField())
    rows = Medication.objects.filter(person_id=person_id, status__in=CURRENT_MEDICATION)
    rows = rows.filter(Q(ended_at__isnull=True) | Q(ended_at__gt=now))
    rows = rows.filter(Q(days__isnull=True) | Q(at__gt=Value(now) - supply))
    return _latest_per_code(rows, FactKind.MEDICATION, F("dose"), F("ended_at"))


def _allergies(person_id: int, _now: datetime) -> Lines:
    rows = Allergy.objects.filter(person_id=person_id).exclude(status__in=(*VOID, "inactive", "resolved"))
    severe = Case(When(criticality="high", then=Value("高危")), output_field=TextField())
    reaction = NullIf(F("reaction"), Value(""), output_field=TextField())
    both = Func(Value(" · "), severe, reaction, function="concat_ws", output_field=TextField())
    return _latest_per_code(rows, FactKind.ALLERGY, both)


def _reports(person_id: int, _now: datetime) -> Lines:
    return _recent(Report.objects.filter(person_id=person_id), FactKind.REPORT, F("conclusion"))


def _documents(person_id: int, _now: datetime) -> Lines:
    return _recent(Document.objects.filter(person_id=person_id), FactKind.DOCUMENT, F("content_type"))


def _encounters(person_id: int, _now: datetime) -> Lines:
    rows = Encounter.objects.filter(person_id=person_id).exclude(status__in=VOID).order_by("-at", "-id")
    named = Coalesce(NullIf(F("reason"), Value("")), F("department"))
    codes: dict[str, Combinable] = {"line_system": Value(""), "line_code": F("klass"), "line_display": named}
    return _columns(rows, FactKind.ENCOUNTER, F("department"), F("ended_at"), **codes)[:RECENT]


def _recent(rows: QuerySet[Any], kind: FactKind, detail: Combinable) -> Lines:
    return _columns(rows.exclude(status__in=VOID).order_by("-at", "-id"), kind, detail)[:RECENT]


def _latest_per_code(rows: QuerySet[Any], kind: FactKind, detail: Combinable, ended_at: Combinable = NEVER) -> Lines:
    latest = _columns(rows, kind, detail, ended_at, line_group=CODE_OR_NAME)
    one_each: Lines = latest.order_by("line_group", "-at", "-id").distinct("line_group")
    return one_each


def _columns(
    rows: QuerySet[Any], kind: FactKind, detail: Combinable, ended_at: Combinable = NEVER, **others: Combinable
) -> Lines:
    """What `_line` takes, in its order; every kind the same columns, so that the kinds can be read together."""
    columns = {
        "line_kind": Value(kind.value),
        "line_group": others.get("line_group", Value("")),
        "line_id": F("id"),
        "line_system": others.get("line_system") or F("code_system"),
        "line_code": others.get("line_code") or F("code"),
        "line_display": others.get("line_display") or F("display"),
        "line_status": F("status"),
        "line_at": F("at"),
        "line_detail": Cast(detail, TextField()),
        "line_ended": ended_at,
        "line_facility": F("facility__name"),
        "line_practitioner": F("practitioner__name"),
    }
    found: Lines = rows.annotate(**columns).values_list(*columns)
    return found


LINES: dict[FactKind, Callable[[int, datetime], Lines]] = {
    FactKind.CONDITION: _problems,
    FactKind.MEDICATION: _medicines,
    FactKind.ALLERGY: _allergies,
    FactKind.REPORT: _reports,
    FactKind.DOCUMENT: _documents,
    FactKind.ENCOUNTER: _encounters,
}


def _allergy_alerts(allergies: tuple[Line, ...]) -> list[Alert]:
    return [Alert("allergy", line.display, line.detail, line.at) for line in allergies]


def _result_alerts(results: tuple[Result, ...]) -> list[Alert]:
    critical = (result for result in results if result.flag is Flag.CRITICAL)
    return [Alert("critical-result", r.display, f"{r.shown} {unit_words(r.unit)}".strip(), r.at) for r in critical]


def _line_part(line: Line) -> dict[str, Any]:
    return {
        "kind": line.kind.value,
        "id": line.id,
        "code_system": line.code_system,
        "code": line.code,
        "display": line.display,
        "status": line.status,
        "at": line.at.isoformat(),
        "detail": line.detail,
        "facility": line.facility_name,
        "practitioner": line.practitioner_name,
    }


def _result_part(result: Result) -> dict[str, Any]:
    return {
        "id": result.id,
        "code": result.code,
        "display": result.display,
        "category": result.category,
        "at": result.at.isoformat(),
        "value": result.shown,
        "unit": result.unit,
        "flag": result.flag.value,
        "previous": result.previous,
        "previous_at": result.previous_at.isoformat() if result.previous_at else None,
        "trend": result.trend.value,
        "facility": result.facility_name,
    }
