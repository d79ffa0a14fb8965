"""Taking one step on a case, and what every step leaves behind: the next duty on the board."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from catchment.kernel import flow
from catchment.kernel.actor import Actor
from catchment.kernel.errors import Invalid, Problem
from catchment.kernel.flow import Outcome, Step
from catchment.rooms.board import actions as board
from catchment.rooms.board.types import Holder, Origin, Priority, Subject
from catchment.rooms.screening import queries
from catchment.rooms.screening.models import Case
from catchment.rooms.screening.queries.cases import sides_of
from catchment.rooms.screening.rules import CASE, ProgrammesRule
from catchment.rooms.screening.rules.work import DUTIES
from catchment.rooms.screening.types import State

Effects = Callable[[Case, Step], Outcome]
OTHER = "99"


@dataclass(frozen=True, slots=True)
class Given:
    """A coded reason with its words, as the actor gave them."""

    code: str = ""
    text: str = ""


def take_step(
    *, actor: Actor, now: datetime, case_id: int, verb: str, effects: Effects, given: Given | None = None
) -> Case:
    """Perform the step, then put the next duty on the board, in one transaction."""
    given = given or Given()

    def run(case: Case, step: Step) -> Outcome:
        if step.reasons:
            _require_reason(step.reasons, given, now)
        outcome = effects(case, step)
        ended = bool(step.target) and step.target in CASE.final
        case.ended_at = now if ended else None
        return outcome

    with transaction.atomic():
        case = flow.perform(
            CASE,
            Case.objects.filter(pk=case_id).select_related("person", "facility__parent"),
            verb=verb,
            actor=actor,
            now=now,
            sides=lambda row: sides_of(actor, row),
            effects=run,
            person_id=lambda row: row.person_id,
            reason=(given.code, given.text),
        )
        board.settle_work(actor=actor, now=now, subject=subject_of(case))
        put_duty(now=now, case=case)
        return case


def subject_of(case: Case) -> Subject:
    return Subject(kind=CASE.kind, key=case.pk, ref=str(case.public_id), person_id=case.person_id)


def put_duty(*, now: datetime, case: Case) -> None:
    """Put on the board what the case's state asks for next; what was there before has been settled."""
    duty = DUTIES.get(State(case.state))
    if duty is None:
        return
    board.put_work(
        now=now,
        kind=duty[0],
        subject=subject_of(case),
        holder=_holder(case),
        origin=Origin(),
        priority=Priority(case.priority),
        headline=headline(case),
        due_at=case.due_at,
        escalation=case.escalation,
    )


def headline(case: Case) -> str:
    """What the board calls a case, in Chinese, the county's own language."""
    return " · ".join(queries.words_of(case))


def due_of(rule: ProgrammesRule, state: State, now: datetime) -> datetime | None:
    """By when the step that leads out of the state is due, by the edition's clocks."""
    duty = DUTIES.get(state)
    return now + timedelta(days=getattr(rule.clocks, duty[1])) if duty else None


def next_due(step: Step, now: datetime) -> datetime | None:
    """When the state that a step leads to is due."""
    return due_of(queries.programmes_on(timezone.localdate(now)), State(step.target), now)


def _holder(case: Case) -> Holder:
    if case.escalation and case.holder_role:
        centre = case.facility.parent_id or case.facility_id
        return Holder(facility_id=centre, role=case.holder_role)
    return Holder(facility_id=case.facility_id, post_id=case.post_id)


def _require_reason(name: str, given: Given, now: datetime) -> None:
    if not given.code:
        raise Invalid(Problem("reason_code", _("请选择一个理由")))
    known = {item.code: item for item in queries.reasons_of(name, timezone.localdate(now))}
    if given.code not in known:
        words = "、".join(f"{item.code} {item.zh}" for item in known.values())
        raise Invalid(Problem("reason_code", _("请从目录中选择理由：%s") % words))
    if given.code.endswith(OTHER) and not given.text.strip():
        raise Invalid(Problem("reason_text", _("选择“其他”时请写明理由")))
