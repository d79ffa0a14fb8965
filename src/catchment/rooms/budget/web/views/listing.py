"""All budgets, and making a new one."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from catchment.kernel import clock
from catchment.kernel.access import actor_of, needs
from catchment.kernel.errors import Refusal
from catchment.rooms.budget.actions import agreeing
from catchment.rooms.budget.queries import budgets, findings, marks
from catchment.rooms.budget.types import FindingState
from catchment.rooms.budget.web.forms import NewBudget


@needs("budget.read")
@require_http_methods(["GET", "POST"])
def index(request: HttpRequest) -> HttpResponse:
    """Budgets by year and community; the insurance office makes new ones here."""
    actor, now = actor_of(request), clock.now()
    communities = [(one.code, one.name) for one in budgets.communities()]
    sent = request.POST if request.method == "POST" else None
    form = NewBudget(sent, communities=communities, initial={"year": timezone.localdate(now).year})
    if sent is not None and form.is_valid():
        try:
            made = agreeing.make_budget(actor=actor, now=now, **form.cleaned_data)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            return redirect("budget:budget", public_id=made.public_id)
    context = {
        "section": "budget",
        "budgets": budgets.budgets(),
        "communities": communities,
        "form": form if actor.may("budget.settle") else None,
        "may_supply": actor.may("budget.supply"),
        "may_account": actor.may("budget.accounts"),
        "open_findings": findings.findings().filter(state=FindingState.OPEN).count(),
    }
    return render(request, "budget/index.html", context, status=422 if sent is not None else 200)


@needs("budget.read")
@require_GET
def places(request: HttpRequest) -> HttpResponse:
    """What is known of each place's sharing: what was read in a source, what is a default of ours."""
    found = marks.places(timezone.localdate(clock.now()))
    return render(request, "budget/places.html", {"section": "budget", "places": found})
