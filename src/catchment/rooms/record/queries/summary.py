"""What a doctor sees first of a person, and what of it travels with a referral. Seven database queries."""

from collections.abc import Callable, Collection
from datetime import datetime, timedelta
from typing import Any

from django.db.models import DurationField, ExpressionWrapper, F, Q, QuerySet, Value, Window
from django.db.models.functions import Coalesce, Lead, NullIf, RowNumber

from catchment.rooms.record.models import (
    Allergy,
    CodedFact,
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


def summary(person_id: int, *, now: datetime) -> PersonSummary:
    """The person's summary as it stands now: nothing withdrawn, nothing disproved."""
    allergies = _allergies(person_id)
    results = _results(person_id)
    return PersonSummary(
        problems=_problems(person_id),
        medicines=_medicines(person_id, now),
        allergies=allergies,
        results=results,
        reports=_recent(Report, FactKind.REPORT, "conclusion", person_id),
        documents=_recent(Document, FactKind.DOCUMENT, "content_type", person_id),
        encounters=_encounters(person_id),
        alerts=(*_allergy_alerts(allergies), *_result_alerts(results)),
    )


PARTS: dict[str, Callable[[int, datetime], list[dict[str, Any]]]] = {
    "problems": lambda person_id, _now: [_line_part(line) for line in _problems(person_id)],
    "medicines": lambda person_id, now: [_line_part(line) for line in _medicines(person_id, now)],
    "allergies": lambda person_id, _now: [_line_part(line) for line in _allergies(person_id)],
    "results": lambda person_id, _now: [_result_part(result) for result in _results(person_id)],
    "documents": lambda person_id, _now: [
        _line_part(line) for line in _recent(Document, FactKind.DOCUMENT, "content_type", person_id)
    ],
    "reports": lambda person_id, _now: [
        _line_part(line) for line in _recent(Report, FactKind.REPORT, "conclusion", person_id)
    ],
}


def parts_for_referral(person_id: int, now: datetime, parts: Collection[str] = tuple(PARTS)) -> dict[str, Any]:
    """The named parts of the record for a referral's snapshot, one query each; unknown names are left out.

    Ready for JSON: times in ISO 8601, nothing that changes later.
    """
    return {name: PARTS[name](person_id, now) for name in parts if name in PARTS}


def _problems(person_id: int) -> tuple[Line, ...]:
    rows = Condition.objects.filter(person_id=person_id, status__in=CURRENT_CONDITION)
    rows = _latest_per_code(rows.exclude(verification__in=DISPROVED))
    return _newest_first(_line(FactKind.CONDITION, row, row.note) for row in rows)


def _medicines(person_id: int, now: datetime) -> tuple[Line, ...]:
    supply = ExpressionWrapper(F("days") * Value(timedelta(days=1)), output_field=DurationField())
    rows = Medication.objects.filter(person_id=person_id, status__in=CURRENT_MEDICATION)
    rows = rows.filter(Q(ended_at__isnull=True) | Q(ended_at__gt=now))
    rows = rows.filter(Q(days__isnull=True) | Q(at__gt=Value(now) - supply))
    return _newest_first(_line(FactKind.MEDICATION, row, row.dose, row.ended_at) for row in _latest_per_code(rows))


def _allergies(person_id: int) -> tuple[Line, ...]:
    rows = Allergy.objects.filter(person_id=person_id).exclude(status__in=(*VOID, "inactive", "resolved"))
    return _newest_first(_line(FactKind.ALLERGY, row, _allergy_detail(row)) for row in _latest_per_code(rows))


def _allergy_detail(row: Allergy) -> str:
    return " · ".join(part for part in (row.criticality, row.reaction) if part)


def _results(person_id: int) -> tuple[Result, ...]:
    before = {
        f"previous_{name}": Window(Lead(name), partition_by=[CODE_OR_NAME], order_by=LATEST_FIRST)
        for name in ("value", "unit", "value_text", "components", "at")
    }
    rows = Observation.objects.filter(person_id=person_id).exclude(status__in=VOID).select_related("facility")
    place = Window(RowNumber(), partition_by=[CODE_OR_NAME], order_by=LATEST_FIRST)
    latest = rows.annotate(place=place, **before).filter(place=1).order_by("-at", "-id")
    return tuple(_result(row) for row in latest[:RESULTS])


def _result(row: Any) -> Result:
    comparable = row.previous_unit == row.unit
    return Result(
        id=row.pk,
        code=row.code,
        display=row.display,
        category=row.category,
        at=row.at,
        value=row.value,
        unit=row.unit,
        value_text=row.value_text,
        components=tuple(row.components or ()),
        low=row.low,
        high=row.high,
        flag=flag_of(row.value, row.low, row.high, row.interpretation),
        previous=row.previous_value,
        previous_text=row.previous_value_text or panel_text(row.previous_components or ()),
        previous_at=row.previous_at,
        trend=trend_of(row.value, row.previous_value) if comparable else Trend.NONE,
        facility_name=row.facility.name if row.facility else "",
    )


def _encounters(person_id: int) -> tuple[Line, ...]:
    rows = Encounter.objects.filter(person_id=person_id).exclude(status__in=VOID)
    rows = rows.select_related("facility", "practitioner").order_by("-at", "-id")
    return tuple(_encounter_line(row) for row in rows[:RECENT])


def _encounter_line(row: Encounter) -> Line:
    return Line(
        kind=FactKind.ENCOUNTER,
        id=row.pk,
        code_system="",
        code=row.klass,
        display=row.reason or row.department,
        status=row.status,
        at=row.at,
        facility_name=row.facility.name if row.facility else "",
        practitioner_name=row.practitioner.name if row.practitioner else "",
        detail=row.department,
        ended_at=row.ended_at,
    )


def _recent(model: type[Any], kind: FactKind, detail: str, person_id: int) -> tuple[Line, ...]:
    rows = model.objects.filter(person_id=person_id).exclude(status__in=VOID)
    rows = rows.select_related("facility", "practitioner").order_by("-at", "-id")
    return tuple(_line(kind, row, getattr(row, detail)) for row in rows[:RECENT])


def _latest_per_code(rows: QuerySet[Any]) -> QuerySet[Any]:
    latest: QuerySet[Any] = rows.annotate(key=CODE_OR_NAME).order_by("key", "-at", "-id").distinct("key")
    return latest.select_related("facility", "practitioner")


def _newest_first(lines: Any) -> tuple[Line, ...]:
    return tuple(sorted(lines, key=lambda line: (line.at, line.id), reverse=True))


def _line(kind: FactKind, row: CodedFact, detail: str, ended_at: datetime | None = None) -> Line:
    return Line(
        kind=kind,
        id=row.pk,
        code_system=row.code_system,
        code=row.code,
        display=row.display,
        status=row.status,
        at=row.at,
        facility_name=row.facility.name if row.facility else "",
        practitioner_name=row.practitioner.name if row.practitioner else "",
        detail=detail,
        ended_at=ended_at,
    )


def _allergy_alerts(allergies: tuple[Line, ...]) -> list[Alert]:
    return [Alert("allergy", line.display, line.detail, line.at) for line in allergies]


def _result_alerts(results: tuple[Result, ...]) -> list[Alert]:
    critical = (result for result in results if result.flag is Flag.CRITICAL)
    return [Alert("critical-result", r.display, f"{r.shown} {r.unit}".strip(), r.at) for r in critical]


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
