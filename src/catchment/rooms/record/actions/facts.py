"""Writing what happens here: encounters, measurements, diagnoses, prescriptions, documents made in this system."""

from datetime import datetime
from typing import Any, TypeVar

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from catchment.kernel import audit, events
from catchment.kernel.actor import Actor
from catchment.kernel.errors import Invalid, Problem
from catchment.kernel.ui.words import unit_words
from catchment.rooms.people.models import Person
from catchment.rooms.record.actions.labelling import part_for
from catchment.rooms.record.actions.sources import ensure_source
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
from catchment.rooms.record.types import (
    DIASTOLIC,
    MEASURES,
    SYSTOLIC,
    EncounterClass,
    EncounterStatus,
    Measure,
    SourceKind,
    number_text,
)

Row = TypeVar("Row", bound=CodedFact)
HERE = "catchment"
PRESSURE, MM_HG = "85354-9", "mm[Hg]"


def record_encounter(
    *,
    actor: Actor,
    now: datetime,
    person_id: int,
    klass: str = EncounterClass.AMBULATORY,
    status: str = EncounterStatus.FINISHED,
    reason: str = "",
    reason_code: str = "",
    department: str = "",
    at: datetime | None = None,
    number: str = "",
    external_id: str = "",
) -> Encounter:
    """Record a visit or the beginning of a stay at the actor's facility; higher rooms are told (`encounter.recorded`).

    `at` is when it began, now unless given; a finished visit ends then too.
    """
    began = at or now
    with transaction.atomic():
        encounter = Encounter.objects.create(
            **_base(actor, now, person_id, status, began),
            klass=klass,
            reason=reason,
            reason_code=reason_code,
            department=department or actor.unit,
            number=number,
            external_id=external_id,
            ended_at=began if status == EncounterStatus.FINISHED else None,
        )
        _prove(actor, now, "encounter.record", encounter)
        events.publish("encounter.recorded", encounters=[encounter], now=now)
        return encounter


def record_blood_pressure(
    *,
    actor: Actor,
    now: datetime,
    person_id: int,
    systolic: float,
    diastolic: float,
    encounter_id: int | None = None,
) -> Observation:
    """Record a blood pressure in mmHg as one panel (LOINC 85354-9).

    Raises `Invalid` for values outside 40–300 and 20–200 mmHg, or when the diastolic is not the lower.
    """
    _require_range("systolic", systolic)
    _require_range("diastolic", diastolic)
    if diastolic >= systolic:
        raise Invalid(Problem("diastolic", _("舒张压应低于收缩压，请核对")))
    parts = [
        {"code": SYSTOLIC, "display": "收缩压", "value": systolic, "unit": MM_HG},
        {"code": DIASTOLIC, "display": "舒张压", "value": diastolic, "unit": MM_HG},
    ]
    return record_observation(
        actor=actor,
        now=now,
        person_id=person_id,
        code=PRESSURE,
        display="血压",
        components=parts,
        unit=MM_HG,
        encounter_id=encounter_id,
    )


def record_observation(
    *,
    actor: Actor,
    now: datetime,
    person_id: int,
    code: str,
    display: str,
    value: float | None = None,
    unit: str = "",
    text: str = "",
    components: list[dict[str, Any]] | None = None,
    category: str = "vital-signs",
    encounter_id: int | None = None,
) -> Observation:
    """Record one measurement or result under a LOINC code, with a number, a panel or words."""
    if value is None and not text and not components:
        raise Invalid(Problem("value", _("请填写%s的结果") % display))
    row = Observation(
        **_base(actor, now, person_id, "final", now),
        code_system="loinc",
        code=code,
        display=display,
        value=value,
        unit=unit,
        value_text=text,
        components=components,
        category=category,
        encounter_id=encounter_id,
    )
    row.sensitivity = _sensitivity(row, now)
    return _keep(actor, now, "observation.record", row)


def record_condition(
    *, actor: Actor, now: datetime, person_id: int, code: str, display: str, encounter_id: int | None = None
) -> Condition:
    """Record a diagnosis, under its ICD-10 code where that is known."""
    base = _base(actor, now, person_id, "active", now)
    system = "icd-10" if code else ""
    row = Condition(**base, code_system=system, code=code, display=display, encounter_id=encounter_id)
    row.sensitivity = _sensitivity(row, now)
    with transaction.atomic():
        kept = _keep(actor, now, "condition.record", row)
        events.publish("condition.recorded", actor=actor, now=now, condition=kept)
    return kept


def record_medication(
    *,
    actor: Actor,
    now: datetime,
    person_id: int,
    display: str,
    dose: str,
    code: str = "",
    days: int | None = None,
    encounter_id: int | None = None,
) -> Medication:
    """Record a prescription: what, how taken, for how many days."""
    base = _base(actor, now, person_id, "active", now)
    row = Medication(
        **base,
        code_system="atc" if code else "",
        code=code,
        display=display,
        dose=dose,
        days=days,
        encounter_id=encounter_id,
    )
    return _keep(actor, now, "medication.record", row)


def record_allergy(
    *, actor: Actor, now: datetime, person_id: int, display: str, reaction: str = "", encounter_id: int | None = None
) -> Allergy:
    """Record what the person does not tolerate, and how it showed."""
    base = _base(actor, now, person_id, "active", now)
    row = Allergy(**base, display=display, reaction=reaction, encounter_id=encounter_id)
    return _keep(actor, now, "allergy.record", row)


def record_report(
    *, actor: Actor, now: datetime, person_id: int, display: str, conclusion: str, encounter_id: int | None = None
) -> Report:
    """Record the conclusion of an examination."""
    base = _base(actor, now, person_id, "final", now)
    row = Report(**base, display=display, conclusion=conclusion, encounter_id=encounter_id)
    return _keep(actor, now, "report.record", row)


def record_document(
    *,
    actor: Actor,
    now: datetime,
    person_id: int,
    display: str,
    text: str = "",
    content_type: str = "text/plain",
    file_name: str = "",
    size: int | None = None,
    encounter_id: int | None = None,
) -> Document:
    """Record a document: text, or a file that has already been stored under `file_name` outside the web root."""
    row = Document(
        **_base(actor, now, person_id, "current", now),
        display=display,
        text=text,
        content_type=content_type,
        file_name=file_name,
        size=size,
        encounter_id=encounter_id,
    )
    return _keep(actor, now, "document.record", row)


def _base(actor: Actor, now: datetime, person_id: int, status: str, at: datetime) -> dict[str, Any]:
    actor.require("record.write")
    if not Person.objects.filter(pk=person_id, merged_into__isnull=True).exists():
        raise Invalid(Problem("person", _("没有找到这位居民，或已并入另一份档案")))
    return {
        "person_id": person_id,
        "facility_id": actor.here,
        "practitioner_id": actor.practitioner_id,
        "source": ensure_source(HERE, kind=SourceKind.NATIVE),
        "status": status,
        "at": at,
        "recorded_at": now,
    }


def _sensitivity(row: Condition | Observation, now: datetime) -> str:
    return part_for(row.code, row.person_id, timezone.localdate(now))


def _keep(actor: Actor, now: datetime, event: str, row: Row) -> Row:
    with transaction.atomic():
        row.save()
        _prove(actor, now, event, row)
        events.publish("facts.recorded", person_ids=[row.person_id], now=now)
        return row


def _prove(actor: Actor, now: datetime, event: str, row: Any) -> None:
    kind = event.partition(".")[0]
    audit.record(actor=actor, event=event, at=now, person_id=row.person_id, subject=(kind, row.pk))


def range_words(allowed: Measure) -> str:
    """What a body can show of a measure, in words."""
    told = {"low": number_text(allowed.low), "high": number_text(allowed.high), "unit": unit_words(allowed.unit)}
    return _("应在 %(low)s 到 %(high)s %(unit)s 之间") % told


def _require_range(field: str, value: float) -> None:
    if not MEASURES[field].low <= value <= MEASURES[field].high:
        raise Invalid(Problem(field, range_words(MEASURES[field])))
