"""One year of a community, step by step, each left alone where it is done."""

from collections.abc import Callable
from datetime import date
from typing import Any

BY, SIGNED_BY = "医保经办（命令行）", "牵头医院（命令行）"
STEPS = 1 + 2 + 12 + 4 + 1 + 1
"""Made; signed and agreed; months; quarters; reckoned; cleared."""


def settle(actor: Any, year: int, report: Callable[[str, int, int], None]) -> None:
    """Make and settle the claims of a year and of the years its budget is made from; those that are made stay."""
    from catchment.kernel import clock
    from catchment.rooms.budget.queries import budgets
    from catchment.rooms.claims import actions as claims
    from catchment.twin import entitlements

    now = clock.now()
    if entitlements.is_synthetic():
        claims.entitle(actor=actor, now=now, rows=entitlements.invented())
    _edition, rule = budgets.model_on(date(year, 1, 1))
    for each in range(year - len(rule.weights), year + 1):

        def said(at: int, total: int, name: str = f"claims {each}") -> None:
            report(name, at, total)

        claims.make_year(actor=actor, now=now, year=each, outpatients=True, progress=said)


def pay_by_group(actor: Any, year: int, today: date, report: Callable[[str, int, int], None]) -> None:
    """State the months of a year that is over `today` by their groups, and clear it; a cleared one is left alone."""
    from catchment.kernel import clock
    from catchment.rooms.claims import actions as claims
    from catchment.rooms.claims import queries

    if today.year <= year or queries.cleared_point(year) is not None:
        return
    now = clock.now()
    for month in range(1, 13):
        claims.state_month(actor=actor, now=now, year=year, month=month)
        report("by group", month, 13)
    claims.clear_year(actor=actor, now=now, year=year)
    report("by group", 13, 13)


def run(
    act: Callable[..., Any],
    *,
    community: str,
    year: int,
    place: str,
    today: date,
    report: Callable[[str, int, int], None],
) -> Any:
    """Take every step that is due by `today` and not yet taken; an overrun waits for the person who decides."""
    done = 0

    def said(stage: str = "budget") -> None:
        nonlocal done
        done += 1
        report(stage, done, STEPS)

    budget = _made(act, community, year, place)
    said()
    budget = _agreed(act, budget, said)
    budget = _run(act, budget, today, said)
    return _ended(act, budget, said) if today.year > year else budget


def _made(act: Callable[..., Any], community: str, year: int, place: str) -> Any:
    from catchment.kernel.errors import NotFound
    from catchment.rooms.budget.actions import agreeing
    from catchment.rooms.budget.queries import budgets

    try:
        return budgets.live(community, year)
    except NotFound as missing:
        if missing.code != "no-budget":
            raise
    return act(agreeing.make_budget, community=community, year=year, place=place)


def _agreed(act: Callable[..., Any], budget: Any, said: Callable[[], None]) -> Any:
    from catchment.rooms.budget.actions import agreeing

    for state, step, by in (("draft", agreeing.sign_budget, SIGNED_BY), ("signed", agreeing.agree_budget, BY)):
        if budget.state == state:
            budget = act(step, budget_id=budget.pk, by=by)
        said()
    return budget


def _run(act: Callable[..., Any], budget: Any, today: date, said: Callable[[], None]) -> Any:
    from catchment.rooms.budget.actions import running
    from catchment.rooms.budget.queries import budgets

    paid = {one.month for one in budgets.prepayments(budget)}
    settled = {one.quarter for one in budgets.presettlements(budget)}
    begun, over = _months(budget.year, today)
    for month in range(1, begun + 1):
        if month not in paid:
            budget = act(running.prepay, budget_id=budget.pk, month=month, by=BY)
        said()
        if month % 3 == 0 and month <= over:
            if month // 3 not in settled:
                budget = act(running.presettle, budget_id=budget.pk, quarter=month // 3, by=BY)
            said()
    return budget


def _months(year: int, today: date) -> tuple[int, int]:
    """How many months of the year have begun, and how many are over."""
    since = (today.year - year) * 12 + today.month
    return min(since, 12), min(since - 1, 12)


def _ended(act: Callable[..., Any], budget: Any, said: Callable[[], None]) -> Any:
    from catchment.rooms.budget.actions import clearing
    from catchment.rooms.budget.queries import budgets

    if budget.state in {"running", "pre-settled"}:
        budget = act(clearing.reckon_year, budget_id=budget.pk, by=BY)
    said()
    clearance = budgets.clearance(budget)
    waits = budget.state == "reckoned" and clearance is not None and clearance.result["community"]
    if budget.state in {"reckoned", "decided"} and not waits:
        budget = act(clearing.clear_year, budget_id=budget.pk, by=BY)
    said()
    return budget
