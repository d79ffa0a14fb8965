"""The team's steps: tell, reach, test, conclude, enrol; the ways in which a person drops out; the plan's items."""

from collections.abc import Callable, Mapping
from datetime import datetime
from functools import partial

from django.db import transaction
from django.utils.translation import gettext as _

from catchment.kernel import audit
from catchment.kernel.actor import Actor
from catchment.kernel.errors import Invalid, NotFound, Problem
from catchment.kernel.flow import Outcome, Step
from catchment.rooms.screening.actions.stepping import Given, next_due, take_step
from catchment.rooms.screening.models import Case, PlanAction
from catchment.rooms.screening.queries.cases import sides_of
from catchment.rooms.screening.rules import CASE
from catchment.rooms.screening.types import Side

LONGEST = 2000


def inform_person(*, actor: Actor, now: datetime, case_id: int) -> Case:
    """The message has been given to the person: by phone, in writing or face to face."""

    def effects(case: Case, step: Step) -> Outcome:
        case.informed_at = case.informed_at or now
        return Outcome(due_at=next_due(step, now))

    return take_step(actor=actor, now=now, case_id=case_id, verb="inform", effects=effects)


def reach_person(*, actor: Actor, now: datetime, case_id: int) -> Case:
    """The person has been spoken to and will come."""

    def effects(case: Case, step: Step) -> Outcome:
        case.informed_at, case.reached_at = case.informed_at or now, now
        return Outcome(due_at=next_due(step, now))

    return take_step(actor=actor, now=now, case_id=case_id, verb="reach", effects=effects)


def note_test(*, actor: Actor, now: datetime, case_id: int, result: str = "") -> Case:
    """The examination has been done; `result` in words where it is known already."""

    def effects(case: Case, step: Step) -> Outcome:
        case.tested_at, case.result = now, result.strip()[:LONGEST]
        return Outcome(due_at=next_due(step, now))

    return take_step(actor=actor, now=now, case_id=case_id, verb="test", effects=effects)


def confirm_disease(*, actor: Actor, now: datetime, case_id: int, result: str = "") -> Case:
    """The disease is found; the person is to be taken into care."""

    def effects(case: Case, step: Step) -> Outcome:
        case.confirmed_at, case.result = now, result.strip()[:LONGEST] or case.result
        return Outcome(due_at=next_due(step, now))

    return take_step(actor=actor, now=now, case_id=case_id, verb="confirm", effects=effects)


def clear_person(*, actor: Actor, now: datetime, case_id: int, result: str = "") -> Case:
    """The examination found nothing; the case ends and is not opened again within the programme's interval."""

    def effects(case: Case, _step: Step) -> Outcome:
        case.result = result.strip()[:LONGEST] or case.result
        return Outcome()

    return take_step(actor=actor, now=now, case_id=case_id, verb="clear", effects=effects)


def enrol_person(*, actor: Actor, now: datetime, case_id: int) -> Case:
    """The person is in the care of the chronic disease programme; the case ends."""
    return take_step(actor=actor, now=now, case_id=case_id, verb="enrol", effects=_nothing)


def drop_out(*, actor: Actor, now: datetime, case_id: int, verb: str, code: str, text: str = "") -> Case:
    """The person refuses, cannot be reached or is no longer here; `verb` is `refuse`, `lose` or `depart`.

    The reason is a code of the edition's list. The case waits to be taken up again.
    """
    return take_step(actor=actor, now=now, case_id=case_id, verb=verb, effects=_nothing, given=Given(code, text))


def take_up(*, actor: Actor, now: datetime, case_id: int) -> Case:
    """Somebody who had dropped out has been reached after all."""

    def effects(case: Case, step: Step) -> Outcome:
        case.reached_at = now
        return Outcome(due_at=next_due(step, now))

    return take_step(actor=actor, now=now, case_id=case_id, verb="take-up", effects=effects)


def finish_plan_action(*, actor: Actor, now: datetime, case_id: int, place: int) -> PlanAction:
    """Tick one thing of the plan off. Refused for a post outside the team."""
    actor.require("screening.act")
    with transaction.atomic():
        rows = PlanAction.objects.select_for_update(of=("self",)).select_related("case__facility")
        action = rows.filter(case_id=case_id, place=place).first()
        if action is None or Side.TEAM.value not in sides_of(actor, action.case):
            raise NotFound("not-found", _("没有找到这一项计划"))
        if action.done_at is not None:
            raise Invalid(Problem("place", _("这一项已经办过")))
        action.done_at, action.done_by_id = now, actor.post_id
        action.save(update_fields=["done_at", "done_by"])
        audit.record(
            actor=actor, event="screening.plan-done", at=now, person_id=action.case.person_id,
            subject=(CASE.kind, action.case_id), detail={"code": action.code},
        )  # fmt: skip
        return action


def _nothing(_case: Case, _step: Step) -> Outcome:
    return Outcome()


_RESULT, _REASON = ("result",), ("code", "text")
STEPS: Mapping[str, tuple[Callable[..., Case], tuple[str, ...]]] = {
    "inform": (inform_person, ()),
    "reach": (reach_person, ()),
    "test": (note_test, _RESULT),
    "confirm": (confirm_disease, _RESULT),
    "clear": (clear_person, _RESULT),
    "enrol": (enrol_person, ()),
    "take-up": (take_up, ()),
    "refuse": (partial(drop_out, verb="refuse"), _REASON),
    "lose": (partial(drop_out, verb="lose"), _REASON),
    "depart": (partial(drop_out, verb="depart"), _REASON),
}
"""For each step of the team the action that takes it and what it asks for beyond who, when and which case."""


def take(*, actor: Actor, now: datetime, case_id: int, verb: str, given: Mapping[str, str]) -> Case:
    """Take the step with what it asks for, out of what was given; `NotFound` for a name that is not in the table."""
    if verb not in STEPS:
        raise NotFound("unknown-step", _("没有这个步骤：%s") % verb)
    act, names = STEPS[verb]
    return act(actor=actor, now=now, case_id=case_id, **{name: given.get(name, "") for name in names})
