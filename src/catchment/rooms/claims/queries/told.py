"""What the record says of encounters, as claims tell it."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from django.utils import timezone

from catchment.rooms.claims.rules import discharge_code
from catchment.rooms.claims.types import Category, Kind, LineTold, Told
from catchment.rooms.record.models import Condition, Encounter, Procedure
from catchment.rooms.record.types import EncounterClass, EncounterStatus

SOURCE = "encounter"
PARTS = {
    "drug": Category.DRUG,
    "consumable": Category.CONSUMABLE,
    "exam": Category.EXAMINATION,
    "lab": Category.LABORATORY,
    "service": Category.SERVICE,
}
PAID = "fund"
"""A part of the record's costs that says who paid, not what for."""


def from_encounters(encounter_ids: Sequence[int]) -> tuple[list[Told], list[tuple[int, str]]]:
    """Claims of encounters that have ended and cost something, and those that cannot be one with the reason."""
    rows = list(Encounter.objects.filter(pk__in=encounter_ids).order_by("pk"))
    diagnoses = _coded(Condition.objects.filter(encounter_id__in=encounter_ids).exclude(code=""))
    procedures = _coded(Procedure.objects.filter(encounter_id__in=encounter_ids).exclude(code=""))
    told, left = [], []
    for row in rows:
        why = _unfit(row)
        if why:
            left.append((row.pk, why))
        else:
            told.append(_told(row, diagnoses[row.pk], procedures[row.pk]))
    return told, left


def principal_first(encounter: Encounter, coded: Sequence[dict[str, str]]) -> tuple[dict[str, str], ...]:
    """The diagnoses of a stay: the encounter's own reason is the principal one, each code once."""
    first = [{"code": encounter.reason_code, "display": encounter.reason}] if encounter.reason_code else []
    unique = {one["code"]: one for one in [*first, *coded]}
    return tuple(unique.values())


def lines_of(encounter: Encounter) -> tuple[LineTold, ...]:
    """The encounter's cost by category; what its parts leave open is `other`."""
    parts = {key: int(value) for key, value in (encounter.cost_parts or {}).items() if key != PAID and value}
    lines = [LineTold(category=PARTS.get(key, Category.OTHER), amount=amount) for key, amount in parts.items()]
    rest = (encounter.cost_fen or 0) - sum(parts.values())
    return (*lines, LineTold(category=Category.OTHER, amount=rest)) if rest > 0 else tuple(lines)


def _unfit(row: Encounter) -> str:
    if row.status != EncounterStatus.FINISHED:
        return "not-finished"
    if not row.cost_fen:
        return "no-cost"
    return "" if row.facility_id else "no-facility"


def _told(row: Encounter, diagnoses: list[dict[str, str]], procedures: list[dict[str, str]]) -> Told:
    inpatient = row.klass == EncounterClass.INPATIENT
    return Told(
        source=SOURCE,
        ref=str(row.pk),
        person_id=row.person_id,
        facility_id=row.facility_id or 0,
        encounter_id=row.pk,
        practitioner_id=row.practitioner_id,
        kind=Kind.INPATIENT if inpatient else Kind.OUTPATIENT,
        begins_on=timezone.localdate(row.at),
        ends_on=timezone.localdate(row.ended_at or row.at),
        department=row.department,
        lines=lines_of(row),
        total=row.cost_fen,
        diagnoses=principal_first(row, diagnoses),
        procedures=tuple(procedures),
        discharge_way=discharge_code(row.disposition),
    )


def _coded(rows: Any) -> dict[int, list[dict[str, str]]]:
    found: dict[int, list[dict[str, str]]] = defaultdict(list)
    for key, code, display in rows.order_by("at", "pk").values_list("encounter_id", "code", "display"):
        found[key].append({"code": code, "display": display})
    return found
