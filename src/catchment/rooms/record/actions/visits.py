"""What stands beside the bed in one visit, written as one act."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from catchment.kernel.actor import Actor
from catchment.kernel.errors import Invalid, Problem
from catchment.rooms.record.actions import facts
from catchment.rooms.record.models import Encounter
from catchment.rooms.record.types import MEASURES, EncounterClass, VisitForm

PRESSURE = ("systolic", "diastolic")


def record_visit(*, actor: Actor, now: datetime, person_id: int, form: VisitForm, key: str = "") -> Encounter:
    """Write a visit with its measurements and note: all of it in one transaction, or none.

    `key` names the form that was sent; the same form sent twice is the same visit. Raises `Invalid` naming every
    field that is outside its range, a pressure with one half missing, or that nothing was filled in.
    """
    _require_sound(form)
    with transaction.atomic():
        known = Encounter.objects.filter(source__code=facts.HERE, external_id=key, person_id=person_id) if key else None
        if known is not None and (encounter := known.first()) is not None:
            return encounter
        encounter = facts.record_encounter(
            actor=actor,
            now=now,
            person_id=person_id,
            klass=EncounterClass.HOME if form.at_home else EncounterClass.AMBULATORY,
            reason=_reason(form),
            external_id=key,
        )
        _write_measures(actor, now, encounter, form)
        _write_findings(actor, now, encounter, form)
        if form.note:
            facts.record_document(
                actor=actor,
                now=now,
                person_id=person_id,
                display="就诊记录",
                text=form.note,
                encounter_id=encounter.pk,
            )
        return encounter


def _write_measures(actor: Actor, now: datetime, encounter: Encounter, form: VisitForm) -> None:
    whose: dict[str, Any] = {"actor": actor, "now": now, "person_id": encounter.person_id, "encounter_id": encounter.pk}
    if form.systolic is not None and form.diastolic is not None:
        facts.record_blood_pressure(**whose, systolic=form.systolic, diastolic=form.diastolic)
    for name, measure in MEASURES.items():
        value = getattr(form, name)
        if value is not None and name not in PRESSURE:
            facts.record_observation(
                **whose,
                code=measure.code,
                display=measure.display,
                value=value,
                unit=measure.unit,
                category=measure.category,
            )


def _write_findings(actor: Actor, now: datetime, encounter: Encounter, form: VisitForm) -> None:
    whose: dict[str, Any] = {"actor": actor, "now": now, "person_id": encounter.person_id, "encounter_id": encounter.pk}
    for found in form.diagnoses:
        facts.record_condition(**whose, code=found.code, display=found.display)
    for medicine in (one for one in form.medicines if one.display):
        facts.record_medication(**whose, display=medicine.display, dose=medicine.dose)
    if form.allergy:
        facts.record_allergy(**whose, display=form.allergy, reaction=form.reaction)


def _reason(form: VisitForm) -> str:
    if form.diagnoses:
        return form.diagnoses[0].display
    return "上门随访" if form.at_home else "日常测量"


def _require_sound(form: VisitForm) -> None:
    problems = [problem for check in CHECKS for problem in check(form)]
    if problems:
        raise Invalid(*problems)


def _something(form: VisitForm) -> list[Problem]:
    told = form.note or form.diagnoses or any(one.display or one.dose for one in form.medicines) or form.allergy
    filled = told or form.reaction or any(getattr(form, name) is not None for name in MEASURES)
    return [] if filled else [Problem("", _("请至少填一项测量，或写一句记录"))]


def _named(form: VisitForm) -> list[Problem]:
    problems = [
        Problem(f"medicine_{place}", _("请写明药名，或清空用法"))
        for place, medicine in enumerate(form.medicines, start=1)
        if medicine.dose and not medicine.display
    ]
    if form.reaction and not form.allergy:
        problems.append(Problem("allergy", _("请写明对什么过敏")))
    return problems


def _within(form: VisitForm) -> list[Problem]:
    return [
        Problem(name, facts.range_words(one))
        for name, one in MEASURES.items()
        if (value := getattr(form, name)) is not None and not one.low <= value <= one.high
    ]


def _pressure(form: VisitForm) -> list[Problem]:
    high, low = form.systolic, form.diastolic
    if high is None and low is None:
        return []
    if high is None or low is None:
        return [Problem("systolic" if high is None else "diastolic", _("血压要同时填收缩压和舒张压"))]
    return [Problem("diastolic", _("舒张压应低于收缩压，请核对"))] if low >= high else []


CHECKS: tuple[Callable[[VisitForm], list[Problem]], ...] = (_something, _within, _pressure, _named)
