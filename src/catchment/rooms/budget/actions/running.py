"""The running year: taking a month's spending as it is known, prepaying, pre-settling. Only prepaying moves money."""

from datetime import date, datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from catchment.kernel import audit, wall
from catchment.kernel.actor import Actor
from catchment.kernel.errors import Invalid, Problem, Refusal
from catchment.kernel.flow import Outcome, Step
from catchment.rooms.budget.actions import posting
from catchment.rooms.budget.actions.agreeing import take_step
from catchment.rooms.budget.models import Budget, Prepayment, PreSettlement, Spending
from catchment.rooms.budget.queries import budgets, inputs, spending
from catchment.rooms.budget.rules.editions import percent
from catchment.rooms.budget.rules.settling import due_by, prepaid
from catchment.rooms.budget.rules.steps import BUDGET

MONTHS, QUARTERS = 12, 4


def prepay(*, actor: Actor, now: datetime, budget_id: int, month: int, by: str) -> Budget:
    """Pay a month ahead, by the share in force on its first day; `Refusal` for one that was paid or has not begun."""
    _in_range("month", month, MONTHS)

    def effects(budget: Budget, _step: Step) -> Outcome:
        first = date(budget.year, month, 1)
        if first > timezone.localdate(now):
            raise Refusal("too-early", _("%s 还没有开始，不能预付") % f"{first:%Y-%m}")
        if Prepayment.objects.filter(budget=budget, month=month).exists():
            raise Refusal("prepaid", _("%s 已经预付过；更正请在总账冲正") % f"{first:%Y-%m}")
        edition, rule = budgets.model_on(first)
        amount = prepaid(budget.total, month, percent(rule.prepay_percent))
        posted = posting.post(
            actor,
            now,
            budget,
            kind="budget-prepayment",
            ref=f"prepay-{month:02d}",
            booked_on=first,
            amounts=[(posting.earmark(budget), -amount), (posting.of_community(budget, "advance"), amount)],
        )
        Prepayment.objects.create(
            budget=budget, month=month, percent=str(rule.prepay_percent), amount=amount, edition=edition.version,
            transaction=posted, at=now, by=by,
        )  # fmt: skip
        return Outcome(detail={"month": month, "amount": amount})

    return take_step(actor, now, budget_id, "prepay", effects, by=by)


def presettle(*, actor: Actor, now: datetime, budget_id: int, quarter: int, by: str) -> Budget:
    """Keep how the budget stands at the end of a quarter; nothing is posted. `Refusal` before the quarter is over."""
    _in_range("quarter", quarter, QUARTERS)

    def effects(budget: Budget, _step: Step) -> Outcome:
        if PreSettlement.objects.filter(budget=budget, quarter=quarter).exists():
            raise Refusal("pre-settled", _("第 %d 季度已经预结过") % quarter)
        rounds = take_months(actor=actor, now=now, budget=budget, until=quarter * 3)
        actual = budgets.spent_sum(budget, rounds)
        PreSettlement.objects.create(
            budget=budget, quarter=quarter, due=due_by(budget.total, quarter), actual=actual,
            prepaid=budgets.prepaid_sum(budget, quarter * 3), rounds=rounds, at=now, by=by,
        )  # fmt: skip
        return Outcome(detail={"quarter": quarter, "actual": actual})

    return take_step(actor, now, budget_id, "presettle", effects, by=by)


def take_months(*, actor: Actor, now: datetime, budget: Budget, until: int) -> dict[int, int]:
    """Take each month to `until` as the record knows it now; a month that says what it said keeps its round."""
    if date(budget.year, until, 1) >= timezone.localdate(now).replace(day=1):
        raise Refusal("not-over", _("%s 还没有过完，不能结算") % f"{budget.year}-{until:02d}")
    _edition, rule = budgets.model_on(budget.day)
    with transaction.atomic(), wall.acting("budget"):
        community = inputs.community_of(budget.network, rule)
        end = date(budget.year + until // MONTHS, until % MONTHS + 1, 1)
        found = spending.counted(community, budget.day, end)
    rounds = budgets.latest_rounds(budget, until)
    for month in range(1, until + 1):
        rows = [row for row in found if row.month == month]
        if month not in rounds or _told(rows) != _known(budget, month, rounds[month]):
            rounds[month] = rounds.get(month, 0) + 1
            _take(now, budget, month, rounds[month], rows)
    detail = {"until": until}
    audit.record(actor=actor, event="budget.take", at=now, subject=(BUDGET.kind, budget.pk), detail=detail)
    return rounds


def _take(now: datetime, budget: Budget, month: int, number: int, rows: list[spending.Counted]) -> None:
    """A month in which nothing happened keeps one empty row, so that it is known to have been taken."""
    kept = rows or [spending.Counted(budget.year, month, None, "outpatient", 0, 0, 0)]
    Spending.objects.bulk_create(
        Spending(
            budget=budget, month=month, round=number, facility_id=row.facility_id, category=row.category,
            fund=row.fund, cost=row.cost, events=row.events, taken_at=now,
        )
        for row in kept
    )  # fmt: skip


def _told(rows: list[spending.Counted]) -> set[tuple[int | None, str, int, int, int]]:
    return {(row.facility_id, row.category, row.fund, row.cost, row.events) for row in rows}


def _known(budget: Budget, month: int, number: int) -> set[tuple[int | None, str, int, int, int]]:
    rows = Spending.objects.filter(budget=budget, month=month, round=number, events__gt=0)
    return set(rows.values_list("facility_id", "category", "fund", "cost", "events"))


def _in_range(name: str, value: int, most: int) -> None:
    if not 1 <= value <= most:
        raise Invalid(Problem(name, _("应为 1 至 %d") % most))
