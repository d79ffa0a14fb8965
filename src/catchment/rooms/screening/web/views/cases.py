"""A doctor's cases: the list to work through, and one case with its reasons, its plan and its steps."""

from datetime import date
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from catchment.kernel import clock, panels
from catchment.kernel.access import actor_of, needs
from catchment.kernel.actor import Actor
from catchment.kernel.errors import Refusal
from catchment.kernel.ui.paging import offset_of
from catchment.rooms.people import queries as people
from catchment.rooms.people.models import Person
from catchment.rooms.screening import actions, queries
from catchment.rooms.screening.models import Case
from catchment.rooms.screening.rules import CASE, words

PAGE = 20
DROPS = ("refuse", "lose", "depart")
ASKS_RESULT = ("test", "confirm", "clear")


@require_GET
@needs("screening.statistics")
def entry(request: HttpRequest) -> HttpResponse:
    """Whoever works on cases gets the list, whoever oversees gets the programmes."""
    actor = actor_of(request)
    return redirect("screening:work" if actor.may("screening.act") else "screening:programmes")


@require_GET
@needs("screening.act")
def work(request: HttpRequest) -> HttpResponse:
    """The open cases of this post, or of the whole place, the most pressing first."""
    actor, now = actor_of(request), clock.now()
    chosen = {name: request.GET.get(name, "") for name in ("programme", "state", "whose")}
    rows = queries.cases(actor, programme=chosen["programme"], state=chosen["state"], mine=chosen["whose"] != "all")
    offset = offset_of(request)
    found = list(rows[offset : offset + PAGE + 1])
    given = request.GET.copy()
    given.pop("offset", None)
    context = {
        "section": "screening",
        "lines": [(case, _next(case, actor)) for case in found[:PAGE]],
        "total": rows.count(),
        "chosen": chosen,
        "states": words.STATES,
        "programmes": queries.programmes_on(timezone.localdate(clock.now())).programmes,
        "here": request.get_full_path(),
        "now": now,
        "query": f"{given.urlencode()}&" if given else "",
        "next_offset": offset + PAGE if len(found) > PAGE else None,
        "previous_offset": max(0, offset - PAGE) if offset else None,
    }
    return render(request, "screening/work.html", context)


@require_GET
@needs("screening.read")
def show(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """One case."""
    return _page(request, queries.case_by_public_id(actor_of(request), public_id))


@require_POST
@needs("screening.act")
def take(request: HttpRequest, public_id: UUID, verb: str) -> HttpResponse:
    """Take a step with one tap, with its reason or result where it asks for one; then back to where one came from."""
    actor = actor_of(request)
    case = queries.case_by_public_id(actor, public_id)
    try:
        actions.take(actor=actor, now=clock.now(), case_id=case.pk, verb=verb, given=request.POST)
    except Refusal as refusal:
        return _page(request, case, verb=verb, refusal=refusal, status=refusal.status)
    messages.success(request, f"{case.person.name}：{words.VERBS.get(verb, verb)}")
    return redirect(_back(request, case))


@require_POST
@needs("screening.act")
def finish(request: HttpRequest, public_id: UUID, place: int) -> HttpResponse:
    """Tick one thing of the plan off."""
    actor = actor_of(request)
    case = queries.case_by_public_id(actor, public_id)
    done = actions.finish_plan_action(actor=actor, now=clock.now(), case_id=case.pk, place=place)
    messages.success(request, _("已办：%s") % done.text)
    return redirect("screening:case", public_id=public_id)


def _page(
    request: HttpRequest, case: Case, *, verb: str = "", refusal: Refusal | None = None, status: int = 200
) -> HttpResponse:
    actor, day = actor_of(request), timezone.localdate(clock.now())
    choices = queries.actions_for(case, actor)
    allowed = [choice.step.verb for choice in choices if choice.allowed]
    edition = queries.programmes_edition(day)
    programme = queries.programmes_on(day).programme(case.programme)
    drops = [
        {"verb": one, "reasons": queries.reasons_of(CASE.step(one).reasons, day)} for one in DROPS if one in allowed
    ]
    context: dict[str, Any] = {
        "section": "screening",
        **_about(case.person),
        "case": case,
        "programme": programme,
        "line": queries.line_of(case.assessment, programme, queries.inputs_on(day)),
        "plan": queries.plan_of(case),
        "history": queries.history_of(case),
        "read_at": queries.read_at(case),
        "steps": [one for one in allowed if one not in DROPS],
        "asks_result": ASKS_RESULT,
        "drops": drops,
        "not_now": [] if allowed else list(dict.fromkeys(choice.why for choice in choices)),
        "may_act": actor.may("screening.act"),
        "today": day,
        "edition": edition,
        "tried": verb,
        "refusal": refusal,
        "given": request.POST,
    }
    return render(request, "screening/case.html", context, status=status)


def _next(case: Case, actor: Actor) -> list[str]:
    """The steps that one tap can take from the list."""
    return [
        choice.step.verb
        for choice in queries.actions_for(case, actor)
        if choice.allowed and not choice.step.reasons and choice.step.verb not in ASKS_RESULT
    ]


def _today() -> date:
    return timezone.localdate(clock.now())


def _about(person: Person) -> dict[str, Any]:
    own = people.banner(person)
    doctor = panels.merged("person-banner", person_id=person.pk, day=_today())
    more = doctor | panels.merged("banner-alerts", person_id=person.pk)
    return {"person": person, "banner": {**{name: getattr(own, name) for name in own.__dataclass_fields__}, **more}}


def _back(request: HttpRequest, case: Case) -> str:
    wanted = request.POST.get("next", "")
    if wanted and url_has_allowed_host_and_scheme(wanted, allowed_hosts={request.get_host()}):
        return wanted
    return reverse("screening:case", args=[case.public_id])
