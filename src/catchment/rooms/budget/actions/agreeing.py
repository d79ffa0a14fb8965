"""Making a year's budget and agreeing on it: one agreement, signed by the lead hospital for all."""

from datetime import date, datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from catchment.kernel import audit, flow, wall
from catchment.kernel.actor import Actor
from catchment.kernel.errors import Invalid, NotFound, Problem, Refusal
from catchment.kernel.flow import Outcome, Step
from catchment.rooms.budget.actions import posting
from catchment.rooms.budget.models import Budget, Clearance
from catchment.rooms.budget.queries import budgets, inputs
from catchment.rooms.budget.queries.kept import kept_inputs, kept_lines
from catchment.rooms.budget.rules.editions import MODEL, PLACES, SHARING
from catchment.rooms.budget.rules.making import make
from catchment.rooms.budget.rules.steps import BUDGET
from catchment.rooms.budget.types import State
from catchment.rooms.places import queries as places

__all__ = ["agree_budget", "make_budget", "sign_budget", "take_step", "withdraw_budget"]


def make_budget(*, actor: Actor, now: datetime, community: str, year: int, place: str = "local") -> Budget:
    """Make the draft of a community's budget of a year, by the editions in force on its first of January.

    Raises `Refusal` where there is one already, `Invalid` for a place without edition or a history without a full year.
    """
    actor.require("budget.settle")
    network = places.network_by_code(community)
    if place not in PLACES:
        raise Invalid(Problem("place", _("没有这个地方的分配规则，可用的有：%s") % "、".join(PLACES)))
    if budgets.budgets().exclude(state=State.WITHDRAWN).filter(network=network, year=year).exists():
        raise Refusal("budget-exists", _("%d 年的预算已经编制；要重编请先撤回") % year)
    with transaction.atomic():
        with wall.acting("budget"):
            given = inputs.inputs_of(network, year)
            lead = inputs.lead_of(network)
        carried = budgets.carried_over(network, year)
        owed = sum(int(one.result["community"]) for one in carried)
        made = make(given.rule, given.history, given.now, given.before, owed)
        sharing, _rule = budgets.sharing_on(place, date(year, 1, 1))
        budget = Budget.objects.create(
            network=network,
            lead=lead,
            year=year,
            place=place,
            day=date(year, 1, 1),
            editions={MODEL: given.edition.version, SHARING + place: sharing.version},
            verified=given.edition.verified and sharing.verified,
            inputs=kept_inputs(given, owed),
            lines=kept_lines(made),
            parts=made.parts,
            total=made.total,
            reserve=made.reserve,
            premium=made.premium,
            state=State.DRAFT.value,
            state_since=now,
            made_at=now,
            made_by=actor.name,
        )
        Clearance.objects.filter(pk__in=[one.pk for one in carried]).update(carried_into=budget)
        flow.write_event(BUDGET, budget, "make", "", actor, now)
        detail = {"year": year, "total": made.total}
        audit.record(actor=actor, event="budget.make", at=now, subject=(BUDGET.kind, budget.pk), detail=detail)
        return budget


def sign_budget(*, actor: Actor, now: datetime, budget_id: int, by: str, reason: str = "") -> Budget:
    """The lead hospital signs for all members; `by` names the person who signs."""
    return take_step(actor, now, budget_id, "sign", by=by, reason=reason or None)


def agree_budget(*, actor: Actor, now: datetime, budget_id: int, by: str, reason: str = "") -> Budget:
    """The insurance office agrees; the budget and its reserve are set apart from the fund's pool."""

    def effects(budget: Budget, _step: Step) -> Outcome:
        budget.agreement = posting.post(
            actor,
            now,
            budget,
            kind="budget-agreed",
            ref="agreed",
            booked_on=budget.day,
            amounts=_set_apart(budget),
        )
        return Outcome()

    return take_step(actor, now, budget_id, "agree", effects, by=by, reason=reason or None)


def withdraw_budget(*, actor: Actor, now: datetime, budget_id: int, by: str, reason: str) -> Budget:
    """Take a draft back, so that another can be made; what it carried over is free again."""

    def effects(budget: Budget, _step: Step) -> Outcome:
        Clearance.objects.filter(carried_into=budget).update(carried_into=None)
        return Outcome()

    return take_step(actor, now, budget_id, "withdraw", effects, by=by, reason=reason)


def take_step(
    actor: Actor,
    now: datetime,
    budget_id: int,
    verb: str,
    effects: flow.Effects[Budget] = lambda _budget, _step: Outcome(),
    *,
    by: str,
    reason: str | None = None,
) -> Budget:
    """Take one step of the year's flow by a named person; `reason` is left out where the step says it all."""
    given = {"by": by.strip()} if reason is None else {"by": by.strip(), "reason": reason.strip()}
    empty = _("不能为空：每一步都要有具名的人和理由")
    if missing := [Problem(name, empty) for name, text in given.items() if not text]:
        raise Invalid(*missing)
    if not Budget.objects.filter(pk=budget_id).exists():
        raise NotFound("not-found", _("没有这个预算"))
    rows = Budget.objects.filter(pk=budget_id).select_related(*budgets.LOADED)
    return flow.perform(
        BUDGET,
        rows,
        verb=verb,
        actor=actor,
        now=now,
        sides=lambda row: budgets.sides_of(actor, row),
        effects=_named(effects, given["by"]),
        reason=("", " · ".join(given.values())),
    )


def _named(effects: flow.Effects[Budget], by: str) -> flow.Effects[Budget]:
    def run(budget: Budget, step: Step) -> Outcome:
        outcome = effects(budget, step)
        outcome.detail = {**outcome.detail, "by": by}
        return outcome

    return run


def _set_apart(budget: Budget) -> posting.Amounts:
    health, carried = budget.parts.get("public-health", 0), -budget.parts.get("carried", 0)
    drawn = budget.total - health + budget.reserve + budget.premium + carried
    return [
        (posting.pool(), -drawn),
        (posting.public_health(), -health),
        (posting.earmark(budget), budget.total),
        (posting.reserve(budget), budget.reserve),
        (posting.serious(), budget.premium),
        (posting.of_community(budget, "carried"), carried),
    ]


def today(now: datetime) -> date:
    return timezone.localdate(now)
