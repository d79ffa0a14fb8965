"""One year's budget: how it was made, how it runs, how it came out; and the steps that can be taken now."""

from collections import defaultdict
from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from catchment.kernel import clock, flow
from catchment.kernel.access import actor_of, needs
from catchment.kernel.actor import Actor
from catchment.kernel.errors import NotFound, Refusal
from catchment.kernel.models import FlowEvent
from catchment.rooms.budget.actions import agreeing, clearing, running
from catchment.rooms.budget.models import Budget
from catchment.rooms.budget.queries import budgets, marks
from catchment.rooms.budget.queries.kept import heads_in, history_in, lines_in, months_in, result_in
from catchment.rooms.budget.queries.small import events_told
from catchment.rooms.budget.rules.forecast import forecast
from catchment.rooms.budget.rules.making import months_of, summed
from catchment.rooms.budget.rules.steps import BUDGET
from catchment.rooms.budget.rules.words import VERBS
from catchment.rooms.budget.web import charts
from catchment.rooms.budget.web.forms import ASKED, StepForm

ACTS: dict[str, Callable[..., Budget]] = {
    "sign": agreeing.sign_budget,
    "agree": agreeing.agree_budget,
    "withdraw": agreeing.withdraw_budget,
    "prepay": running.prepay,
    "presettle": running.presettle,
    "reckon": clearing.reckon_year,
    "decide": clearing.decide_overrun,
    "clear": clearing.clear_year,
    "reopen": clearing.reopen_year,
}


@needs("budget.read")
@require_GET
def show(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """The whole year on one page."""
    return _page(request, budgets.by_public_id(public_id))


@needs("budget.read")
@require_http_methods(["POST"])
def step(request: HttpRequest, public_id: UUID, verb: str) -> HttpResponse:
    """Take a step in the name of the person who acts; what may be done is the step table's to say."""
    actor, budget = actor_of(request), budgets.by_public_id(public_id)
    if verb not in ACTS:
        raise NotFound("unknown-step", _("没有这个步骤：%s") % verb)
    form = _form(budget, verb, request.POST)
    if form.is_valid():
        try:
            with transaction.atomic():
                ACTS[verb](actor=actor, now=clock.now(), budget_id=budget.pk, by=actor.name, **form.cleaned_data)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("已办理：%s") % VERBS[verb])
            return redirect("budget:budget", public_id=public_id)
    return _page(request, budget, at_fault=(verb, form))


@needs("budget.read")
@require_GET
def month(request: HttpRequest, public_id: UUID, number: int) -> HttpResponse:
    """What a month's spending is made of: by facility and category, in the newest taking."""
    budget = budgets.by_public_id(public_id)
    rounds = {at: n for at, n in budgets.latest_rounds(budget).items() if at == number}
    rows = [row for row in budgets.spent(budget, rounds) if row.events]
    counts = events_told(rows, actor_of(request), clock.now())
    context = {
        "section": "budget",
        "budget": budget,
        "month": f"{budget.year}-{number:02d}",
        "taken_at": rows[0].taken_at if rows else None,
        "round": rounds.get(number),
        "rows": [(row, counts[row.pk]) for row in sorted(rows, key=lambda row: -row.fund)],
        "fund": sum(row.fund for row in rows),
        "cost": sum(row.cost for row in rows),
        "events": sum(row.events for row in rows),
    }
    return render(request, "budget/month.html", context)


def _page(request: HttpRequest, budget: Budget, at_fault: tuple[str, StepForm] | None = None) -> HttpResponse:
    actor, taken = actor_of(request), flow.history(BUDGET, budget.pk)
    context = {
        "section": "budget",
        "budget": budget,
        **_making(budget),
        **_running(budget),
        **_outcome(budget),
        **_offers(budget, actor, taken, at_fault),
        "history": taken,
        "may_score": actor.may("budget.settle"),
    }
    return render(request, "budget/budget.html", context, status=422 if at_fault else 200)


def _making(budget: Budget) -> dict[str, Any]:
    lines = lines_in(budget.lines)
    steps = summed(lines)
    by_code = defaultdict(list)
    for line in lines:
        by_code[line.code].append(line)
    return {
        "steps": [(code, change, running_sum, by_code[code]) for code, change, running_sum in steps],
        "waterfall_chart": charts.waterfall(steps, budget.total),
        "years": history_in(budget.inputs),
        "heads": heads_in(budget.inputs["now"]),
        "heads_before": heads_in(budget.inputs["before"]),
        "per_head": budget.total // max(1, heads_in(budget.inputs["now"]).total),
        "editions": marks.editions_of(budget),
    }


def _running(budget: Budget) -> dict[str, Any]:
    spent = budgets.monthly(budget)
    seen = forecast(spent, months_in(budget.inputs))
    paid = {one.month: one for one in budgets.prepayments(budget)}
    due = months_of(budget.total)
    return {
        "seen": seen,
        "run_chart": charts.run_rate(due, spent, seen),
        "months": [
            {
                "number": at,
                "due": due[at - 1],
                "paid": paid.get(at),
                "spent": spent[at - 1] if at <= len(spent) else None,
            }
            for at in range(1, 13)
        ],
        "prepaid": sum(one.amount for one in paid.values()),
        "spent": sum(spent),
        "quarters": [(one, one.due - one.actual, one.prepaid - one.actual) for one in budgets.presettlements(budget)],
    }


def _outcome(budget: Budget) -> dict[str, Any]:
    reckoned = budgets.clearances(budget)
    clearance = budgets.newest(reckoned)
    if clearance is None:
        return {"clearance": None}
    shares = budgets.shares_of(clearance)
    members = {one["facility_id"] for one in clearance.members}
    outside = sum(one["fund"] for one in clearance.earned if one["facility_id"] not in members)
    return {
        "clearance": clearance,
        "result": result_in(clearance.result),
        "shares": shares,
        "share_chart": charts.shares(shares) if shares else None,
        "earned_outside": outside,
        "earlier_clearances": [one for one in reckoned if one.pk != clearance.pk],
    }


def _offers(
    budget: Budget, actor: Actor, taken: list[FlowEvent], at_fault: tuple[str, StepForm] | None
) -> dict[str, Any]:
    offers, refused = [], []
    for choice in budgets.offered(budget, actor, taken):
        verb = choice.step.verb
        if not choice.allowed:
            refused.append((VERBS[verb], choice.why))
            continue
        form = at_fault[1] if at_fault and at_fault[0] == verb else _form(budget, verb)
        offers.append((verb, VERBS[verb], form))
    return {"offers": offers, "refused": refused}


def _form(budget: Budget, verb: str, given: Any = None) -> StepForm:
    paid = {one.month for one in budgets.prepayments(budget)} if "month" in ASKED[verb] else set()
    settled = {one.quarter for one in budgets.presettlements(budget)} if "quarter" in ASKED[verb] else set()
    return StepForm(
        given,
        verb=verb,
        months=[one for one in range(1, 13) if one not in paid],
        quarters=[one for one in range(1, 5) if one not in settled],
        prefix=verb,
    )
