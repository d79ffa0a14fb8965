"""A year's budget as programs are told it. Amounts in fen."""

from typing import Any

from catchment.rooms.budget.models import Budget, Clearance
from catchment.rooms.budget.queries import budgets
from catchment.rooms.budget.queries.kept import lines_in
from catchment.rooms.budget.rules.making import summed
from catchment.rooms.budget.rules.words import WHY
from catchment.standards.reasons import reasons_in

MONEY = frozenset({"change", "running", "amount", "due", "actual", "prepaid", "difference"})


def told(budget: Budget) -> dict[str, Any]:
    """Everything about one year: how it was made, what was paid, how the quarters stood, how it came out."""
    clearance = budgets.clearance(budget)
    return {
        "community": budget.network.code,
        "year": budget.year,
        "state": budget.state,
        "place": budget.place,
        "editions": budget.editions,
        "verified": budget.verified,
        "total": budget.total,
        "reserve": budget.reserve,
        "premium": budget.premium,
        "parts": budget.parts,
        "waterfall": [
            {"step": code, "change": change, "running": running}
            for code, change, running in summed(lines_in(budget.lines))
        ],
        "lines": [{**line, "why": told_reasons(line["why"])} for line in budget.lines],
        "prepayments": [{"month": one.month, "amount": one.amount} for one in budgets.prepayments(budget)],
        "presettlements": [
            {"quarter": one.quarter, "due": one.due, "actual": one.actual, "prepaid": one.prepaid}
            for one in budgets.presettlements(budget)
        ],
        "clearance": None if clearance is None else _cleared(clearance),
        "shares": [] if clearance is None else _shares(clearance),
    }


def told_reasons(kept: object) -> list[dict[str, Any]]:
    """Reasons as they were kept, each with the sentence that a reader sees."""
    return [WHY.as_told(one) for one in reasons_in(kept)]


def _cleared(one: Clearance) -> dict[str, Any]:
    return {
        "number": one.number,
        "edition": one.edition,
        **one.result,
        "bands": [[WHY.as_told(band), over, part] for band, over, part in one.result["bands"]],
        "why": told_reasons(one.result["why"]),
        "choice": one.choice,
        "decided_by": one.decided_by,
        "earned": one.earned,
        "cleared": one.cleared_at is not None,
    }


def _shares(one: Clearance) -> list[dict[str, Any]]:
    return [
        {"facility": row.facility.code, "name": row.facility.name, "level": row.level, "amount": row.amount}
        for row in budgets.shares_of(one)
    ]
