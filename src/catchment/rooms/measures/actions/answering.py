"""Answering what cannot be counted."""

from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from catchment.kernel import audit
from catchment.kernel.actor import Actor
from catchment.kernel.errors import Invalid, Problem
from catchment.rooms.measures.models import Answer
from catchment.rooms.measures.queries.values import edition_of
from catchment.rooms.measures.rules import key_of
from catchment.rooms.places import queries as places
from catchment.rooms.places.types import Level
from catchment.standards.measures.definition import ANSWERS, Kind


def answer_measure(
    *, actor: Actor, now: datetime, name: str, code: str, place: str, answer: str, evidence: str, on: date
) -> Answer:
    """Answer a qualitative measure for a county; the newest answer up to a period's end holds, earlier ones stay.

    Raises `Invalid` naming what is wrong.
    """
    actor.require("measures.answer")
    _edition, content = edition_of(name, on)
    measure = content.by_code.get(code)
    problems = []
    if measure is None or measure.kind is not Kind.QUALITATIVE:
        problems.append(Problem("code", _("%s 不是这套指标里的定性指标") % code))
    if answer not in ANSWERS:
        problems.append(Problem("answer", _("请选择：已落实、部分落实或未落实")))
    if not evidence.strip():
        problems.append(Problem("evidence", _("请写明依据：文件名称、文号、访谈或实地查看的情况")))
    if on > now.date():
        problems.append(Problem("on", _("日期不能晚于今天")))
    if problems:
        raise Invalid(*problems)
    if places.area_by_code(place).level != Level.COUNTY:
        raise Invalid(Problem("place", _("定性指标按县填报")))
    with transaction.atomic():
        kept = Answer.objects.create(
            key=key_of(name),
            code=code,
            place=place,
            answer=answer,
            evidence=evidence.strip(),
            on=on,
            answered_at=now,
            answered_by=actor.name,
            post_id=actor.post_id,
            facility_name=actor.facility_name,
        )
        detail = {"set": name, "code": code, "place": place, "answer": answer}
        audit.record(actor=actor, event="measures.answer", at=now, subject=("measures-answer", kept.pk), detail=detail)
    return kept
