"""The end of the year: reckoning, deciding about an overrun, clearing, and taking a clearance back to correct it."""

from datetime import date, datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from catchment.kernel import flow, wall
from catchment.kernel.actor import Actor
from catchment.kernel.errors import Invalid, NotAllowed, Problem, Refusal
from catchment.kernel.flow import Outcome, Step
from catchment.rooms.budget.actions import posting
from catchment.rooms.budget.actions.agreeing import take_step
from catchment.rooms.budget.actions.running import MONTHS, take_months
from catchment.rooms.budget.models import Budget, Clearance, Share, Spending
from catchment.rooms.budget.queries import budgets, hands, inputs
from catchment.rooms.budget.queries.kept import kept_members, kept_result, result_in
from catchment.rooms.budget.rules.editions import SharingRule
from catchment.rooms.budget.rules.making import paid_in_full
from catchment.rooms.budget.rules.settling import factor_of, mean_score, reckon, share_lines
from catchment.rooms.budget.rules.steps import BUDGET
from catchment.rooms.budget.types import Choice, Member, Reckoning
from catchment.rooms.places.models import Facility


def reckon_year(*, actor: Actor, now: datetime, budget_id: int, by: str) -> Budget:
    """Reckon a year that is over by the sharing in force on its last day. Nothing is posted."""

    def effects(budget: Budget, _step: Step) -> Outcome:
        rounds = take_months(actor=actor, now=now, budget=budget, until=MONTHS)
        rows = list(budgets.spent(budget, rounds))
        edition, rule = budgets.sharing_on(budget.place, date(budget.year, 12, 31))
        sheet, scores = budgets.scores_of(budget.network, budget.year)
        members = _members(budget, scores)
        result = reckon(
            rule, budgets.medical(budget), sum(row.fund for row in rows), factor_of(rule, mean_score(scores.values()))
        )
        clearance = Clearance.objects.create(
            budget=budget,
            number=len(budgets.clearances(budget)) + 1,
            edition=edition.version,
            verified=edition.verified,
            scores=sheet,
            rounds=rounds,
            result=kept_result(result),
            earned=_earned(rows),
            members=kept_members(members),
            reckoned_at=now,
            by=by,
        )
        _keep_shares(clearance, rule, result, members)
        return Outcome(detail={"number": clearance.number, "difference": result.difference})

    return take_step(actor, now, budget_id, "reckon", effects, by=by)


def decide_overrun(
    *, actor: Actor, now: datetime, budget_id: int, choice: str, by: str, reason: str
) -> Budget:  # fmt: skip
    """Decide what becomes of the community's part of an overrun; a named person's decision with a reason.

    `NotAllowed` for the person who reckoned the year: reckoning and deciding are two people's.
    """
    if choice not in set(Choice):
        raise Invalid(Problem("choice", _("请选择：分担、结转或不扣")))

    def effects(budget: Budget, _step: Step) -> Outcome:
        clearance = _open(budget)
        if hands.reckoned_by(flow.history(BUDGET, budget.pk), actor, by):
            raise NotAllowed("same-person", hands.same_person())
        if not clearance.result["community"]:
            raise Refusal("no-overrun", _("没有需要医共体承担的超支，不用决定"))
        clearance.choice, clearance.decided_by, clearance.decision_reason = choice, by.strip(), reason.strip()
        clearance.save(update_fields=["choice", "decided_by", "decision_reason"])
        if choice != Choice.SHARE:
            Share.objects.filter(clearance=clearance).delete()
        return Outcome(detail={"choice": choice})

    return take_step(actor, now, budget_id, "decide", effects, by=by, reason=reason)


def clear_year(*, actor: Actor, now: datetime, budget_id: int, by: str, booked_on: date | None = None) -> Budget:
    """Post the year: what was earned, the surplus shared or the overrun as decided; the rest goes back to the pool.

    `Refusal` for an overrun about which nobody has decided.
    """
    day = booked_on or timezone.localdate(now)

    def effects(budget: Budget, _step: Step) -> Outcome:
        clearance = _open(budget)
        result = result_in(clearance.result)
        if result.community and not clearance.choice:
            raise Refusal("undecided", _("超支由谁承担还没有决定：先由负责人具名决定，再清算"))
        clearance.transaction = posting.post(
            actor, now, budget, kind="budget-clearance", ref=f"clear-{clearance.number}", booked_on=day,
            amounts=_cleared(budget, clearance, result),
        )  # fmt: skip
        clearance.cleared_at = now
        clearance.save(update_fields=["transaction", "cleared_at"])
        return Outcome(detail={"number": clearance.number})

    return take_step(actor, now, budget_id, "clear", effects, by=by)


def reopen_year(*, actor: Actor, now: datetime, budget_id: int, by: str, reason: str) -> Budget:
    """Take a clearance back by the opposite entry, so that the year is reckoned anew; the first stays as it was."""

    def effects(budget: Budget, _step: Step) -> Outcome:
        clearance = _open(budget)
        if clearance.transaction is None:
            raise Refusal("not-cleared", _("还没有清算"))
        if clearance.carried_into_id:
            raise Refusal("carried", _("超支已结转到以后年度的预算，不能重开"))
        clearance.taken_back = posting.take_back(
            actor, now, clearance.transaction, timezone.localdate(now), reason
        )  # fmt: skip
        clearance.save(update_fields=["taken_back"])
        return Outcome(detail={"number": clearance.number})

    return take_step(actor, now, budget_id, "reopen", effects, by=by, reason=reason)


def _open(budget: Budget) -> Clearance:
    found = budgets.clearance(budget)
    if found is None:
        raise Refusal("not-reckoned", _("还没有核算"))
    return found


def _members(budget: Budget, scores: dict[int, Any]) -> list[Member]:
    _edition, rule = budgets.model_on(budget.day)
    with wall.acting("budget"):
        found = inputs.members_of(budget.network, inputs.community_of(budget.network, rule), date(budget.year, 12, 31))
    return [
        Member(facility_id=one.facility_id, name=one.name, level=one.level, heads=one.heads,
               score=scores.get(one.facility_id))
        for one in found
    ]  # fmt: skip


def _earned(rows: list[Spending]) -> list[dict[str, Any]]:
    """What each facility earned of the fund, the largest first; without a name what nobody knows where it was spent."""
    sums: dict[int | None, int] = {}
    names = {row.facility_id: row.facility.name if row.facility else "" for row in rows}
    for row in rows:
        sums[row.facility_id] = sums.get(row.facility_id, 0) + row.fund
    ordered = sorted(sums.items(), key=lambda one: (-one[1], one[0] or 0))
    return [{"facility_id": key, "name": names[key], "fund": amount} for key, amount in ordered if amount]


def _keep_shares(clearance: Clearance, rule: SharingRule, result: Reckoning, members: list[Member]) -> None:
    Share.objects.bulk_create(
        Share(
            clearance=clearance, facility_id=line.facility_id, level=line.level, weight=str(line.weight),
            amount=line.fen,
        )
        for line in share_lines(rule, result, members)
    )  # fmt: skip


def _cleared(budget: Budget, clearance: Clearance, result: Reckoning) -> posting.Amounts:
    paid, packages = budgets.prepaid_sum(budget), paid_in_full(budget.parts)
    places = {one.pk: one for one in Facility.objects.filter(pk__in=_named_places(clearance))}
    amounts: posting.Amounts = [
        (posting.earmark(budget), paid - budget.total),
        (posting.of_community(budget, "advance"), -paid),
        (posting.of_community(budget, "packages"), packages),
    ]
    amounts += [
        (posting.of_facility(places.get(one["facility_id"]), "fund-received"), one["fund"]) for one in clearance.earned
    ]
    amounts += _shared(clearance, places)
    fund = result.fund + (result.community if clearance.choice == Choice.NONE else 0)
    if clearance.choice == Choice.CARRY:
        amounts.append((posting.of_community(budget, "carried"), -result.community))
    amounts.append((posting.reserve(budget), -budget.reserve))
    amounts.append((posting.pool(), budget.reserve - fund + _back(result)))
    return amounts


def _back(result: Reckoning) -> int:
    """What the fund keeps of the budget: its part of a surplus, and what performance took (or gave, below zero)."""
    allowed = result.actual + result.difference
    return result.back + result.budget - allowed


def _shared(clearance: Clearance, places: dict[int, Facility]) -> posting.Amounts:
    purpose = "surplus" if clearance.result["kept"] else "overrun"
    rows = budgets.shares_of(clearance)
    return [(posting.of_facility(places[row.facility_id], purpose), row.amount) for row in rows]


def _named_places(clearance: Clearance) -> set[int]:
    earned = {one["facility_id"] for one in clearance.earned if one["facility_id"]}
    return earned | {row.facility_id for row in budgets.shares_of(clearance)}
