"""Asking instead of sending: advice, its answer, and its becoming a referral without typing anything again."""

from dataclasses import replace
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from catchment.kernel import audit, flow
from catchment.kernel.actor import Actor
from catchment.kernel.errors import Invalid, NotFound, Problem
from catchment.kernel.flow import Outcome, Step
from catchment.rooms.board import actions as board
from catchment.rooms.board.types import Holder, Origin, Priority, Subject
from catchment.rooms.record import queries as record
from catchment.rooms.referral import queries
from catchment.rooms.referral.actions.drafting import draft_referral, service_of
from catchment.rooms.referral.actions.stepping import due_in
from catchment.rooms.referral.models import Advice, Referral
from catchment.rooms.referral.rules import ADVICE, sides_of
from catchment.rooms.referral.types import AdviceState, ReferralForm


def ask_advice(*, actor: Actor, now: datetime, person_id: int, form: ReferralForm) -> Advice:
    """Ask a service a question about a person, with the ticked parts of the record as they are now."""
    actor.require("advice.ask")
    service = service_of(form.to_service_id)
    if service is None:
        raise Invalid(Problem("to_service", _("请选择要咨询的科室")))
    if not form.question.strip():
        raise Invalid(Problem("question", _("请写明想咨询的问题")))
    with transaction.atomic():
        advice = Advice.objects.create(
            person_id=person_id,
            from_facility_id=actor.here,
            from_post_id=actor.post_id,
            to_service=service,
            holder_facility=service.facility,
            urgency=form.urgency,
            diagnosis_code=form.diagnosis_code,
            diagnosis=form.diagnosis,
            question=form.question,
            parts=list(form.parts),
            summary=record.parts_for_referral(person_id, now, form.parts),
            state=AdviceState.ASKED.value,
            state_since=now,
            due_at=due_in(now, minutes=queries.urgency_on(now.date(), form.urgency).accept_minutes),
            holder_role="specialist",
            created_at=now,
        )
        flow.write_event(ADVICE, advice, "ask", "", actor, now)
        audit.record(actor=actor, event="advice.ask", at=now, person_id=person_id, subject=(ADVICE.kind, advice.pk))
        _put(now, advice, "advice.answer", Holder(facility_id=service.facility_id, role="specialist"))
        return advice


def answer_advice(
    *, actor: Actor, now: datetime, advice_id: int, answer: str, recommends_referral: bool = False
) -> Advice:
    """Answer; the asker's board shows it."""
    if not answer.strip():
        raise Invalid(Problem("answer", _("请填写答复")))

    def effects(advice: Advice, _step: Step) -> Outcome:
        advice.answer, advice.recommends_referral = answer, recommends_referral
        advice.answered_at, advice.answered_by_id = now, actor.post_id
        return Outcome()

    with transaction.atomic():
        advice = _step(actor, now, advice_id, "answer", effects)
        asker = Holder(facility_id=advice.from_facility_id, post_id=advice.from_post_id)
        _put(now, advice, "advice.read", asker)
        return advice


def convert_advice(*, actor: Actor, now: datetime, advice_id: int, form: ReferralForm | None = None) -> Referral:
    """Make a draft referral of an answered question; what the form leaves out is taken from the question."""
    with transaction.atomic():
        advice = _step(actor, now, advice_id, "convert", lambda _row, _step: Outcome())
        given = form or ReferralForm()
        filled = replace(
            given,
            to_service_id=given.to_service_id or advice.to_service_id,
            urgency=given.urgency if form else advice.urgency,
            diagnosis_code=given.diagnosis_code or advice.diagnosis_code,
            diagnosis=given.diagnosis or advice.diagnosis,
            question=given.question or f"{advice.question}\n{_('专科答复')}：{advice.answer}",
            reason_code=given.reason_code or "0",
            parts=given.parts if form else tuple(advice.parts),
        )
        return draft_referral(actor=actor, now=now, person_id=advice.person_id, form=filled, origin_advice=advice)


def close_advice(*, actor: Actor, now: datetime, advice_id: int) -> Advice:
    """The answer was enough."""
    return _step(actor, now, advice_id, "close", lambda _row, _step: Outcome())


def withdraw_advice(*, actor: Actor, now: datetime, advice_id: int) -> Advice:
    """The question is no longer needed."""
    return _step(actor, now, advice_id, "withdraw", lambda _row, _step: Outcome())


def _step(actor: Actor, now: datetime, advice_id: int, verb: str, effects: flow.Effects[Advice]) -> Advice:
    rows = Advice.objects.filter(pk=advice_id).select_related("to_service__facility", "person")
    if not rows.exists():
        raise NotFound("not-found", _("没有找到这条咨询"))
    with transaction.atomic(savepoint=False):
        advice = flow.perform(
            ADVICE,
            rows,
            verb=verb,
            actor=actor,
            now=now,
            sides=lambda row: sides_of(
                actor, from_facility_id=row.from_facility_id, to_facility_id=row.to_service.facility_id
            ),
            effects=effects,
            person_id=lambda row: row.person_id,
        )
        board.settle_work(actor=actor, now=now, subject=_subject(advice))
        return advice


def _put(now: datetime, advice: Advice, kind: str, holder: Holder) -> None:
    board.put_work(
        now=now,
        kind=kind,
        subject=_subject(advice),
        holder=holder,
        origin=Origin(facility_id=advice.from_facility_id, post_id=advice.from_post_id),
        priority=Priority(advice.urgency),
        headline=f"{advice.diagnosis or advice.question[:20]} · 咨询 · {advice.to_service.name}",
        due_at=advice.due_at,
    )


def _subject(advice: Advice) -> Subject:
    return Subject(kind=ADVICE.kind, key=advice.pk, ref=str(advice.public_id), person_id=advice.person_id)
