"""What the watch found: the list, one finding with its judgement, the events behind it."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from catchment.kernel import clock, flow
from catchment.kernel.access import actor_of, needs
from catchment.kernel.actor import Actor
from catchment.kernel.errors import NotFound, Refusal
from catchment.kernel.ui.paging import offset_of
from catchment.rooms.board import queries as board
from catchment.rooms.budget.actions import watching
from catchment.rooms.budget.models import Finding
from catchment.rooms.budget.queries import budgets, findings, marks
from catchment.rooms.budget.rules.editions import WATCH
from catchment.rooms.budget.rules.steps import FINDING
from catchment.rooms.budget.rules.words import FINDINGS, VERBS, WATCHES
from catchment.rooms.budget.web.forms import JudgeForm
from catchment.rooms.people import queries as people
from catchment.rooms.rulebook import queries as rulebook

PAGE = 50
JUDGEMENTS = frozenset({"confirm", "explain", "dismiss"})


@needs("budget.read")
@require_GET
def index(request: HttpRequest) -> HttpResponse:
    """Findings by state and kind, newest year first; every number opens."""
    chosen = {name: request.GET.get(name, "") for name in ("state", "watch", "year")}
    rows = findings.findings()
    if chosen["state"] in FINDINGS:
        rows = rows.filter(state=chosen["state"])
    if chosen["watch"] in WATCHES:
        rows = rows.filter(watch=chosen["watch"])
    if chosen["year"].isdecimal():
        rows = rows.filter(year=int(chosen["year"][:4]))
    offset = offset_of(request)
    found = list(rows[offset : offset + PAGE + 1])
    today = timezone.localdate(clock.now())
    edition = rulebook.edition_on(WATCH, today)
    context = {
        "section": "budget",
        "findings": found[:PAGE],
        "states": FINDINGS,
        "watches": WATCHES,
        "chosen": chosen,
        "edition": edition,
        "items": [
            {"word": WATCHES[item["watch"]], **item} for item in edition.content["items"]
        ],
        "mark": next((one for one in edition.content["marks"] if one["field"] == "items"), None),
        "next_offset": offset + PAGE if len(found) > PAGE else None,
        "previous_offset": max(0, offset - PAGE) if offset else None,
        "communities": budgets.communities() if actor_of(request).may("budget.review") else [],
        "this_year": today.year,
    }  # fmt: skip
    return render(request, "budget/findings.html", context)


@needs("budget.review")
@require_http_methods(["POST"])
def look(request: HttpRequest) -> HttpResponse:
    """Look again at one community's year."""
    year = request.POST.get("year", "")
    if not year.isdecimal():
        raise NotFound("not-found", _("没有这个年度"))
    try:
        found = watching.watch_year(
            actor=actor_of(request), now=clock.now(), community=request.POST.get("community", ""), year=int(year[:4])
        )
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("已查看，共 %d 条提示") % len(found))
    return redirect("budget:findings")


@needs("budget.read")
@require_GET
def show(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """One finding: the figure, the rule and its edition, what was judged."""
    return _page(request, findings.finding(public_id), JudgeForm())


@needs("budget.review")
@require_http_methods(["POST"])
def judge(request: HttpRequest, public_id: UUID, verb: str) -> HttpResponse:
    """Judge a finding, with the reason in words."""
    one, form = findings.finding(public_id), JudgeForm(request.POST)
    if verb not in JUDGEMENTS:
        raise NotFound("unknown-step", _("没有这个步骤：%s") % verb)
    if form.is_valid():
        try:
            with transaction.atomic():
                watching.judge(
                    actor=actor_of(request), now=clock.now(), finding_id=one.pk, verb=verb, **form.cleaned_data
                )
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("已办理：%s") % VERBS[verb])
            return redirect("budget:finding", public_id=public_id)
    return _page(request, one, form)


@needs("budget.evidence")
@require_GET
def events(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """The events behind a finding; opening them is noted for each person."""
    one = findings.finding(public_id)
    actor, now = actor_of(request), clock.now()
    rows = watching.open_evidence(actor=actor, now=now, finding=one)
    called = people.pseudonyms(actor, (row.person_id for row in rows))
    cases = board.held_on(actor, str(public_id), now)
    context = {
        "section": "budget",
        "finding": one,
        "rows": [(row, called.get(row.person_id, "")) for row in rows],
        "case_url": cases[0].case_url if cases else "",
    }
    answer = render(request, "budget/events.html", context)
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _page(request: HttpRequest, one: Finding, form: JudgeForm) -> HttpResponse:
    actor: Actor = actor_of(request)
    edition = rulebook.edition(WATCH, one.edition)
    item: dict[str, Any] = next((each for each in edition.content["items"] if each["watch"] == one.watch), {})
    context = {
        "section": "budget",
        "finding": one,
        "form": form,
        "edition": edition,
        "rule": marks.told(item),
        "choices": [(each.step.verb, VERBS[each.step.verb]) for each in findings.offered(one, actor) if each.allowed],
        "may_see": actor.may("budget.evidence"),
        "history": flow.history(FINDING, one.pk),
    }
    return render(request, "budget/finding.html", context, status=422 if form.errors else 200)
