"""Asking a specialist instead of sending: the question, its answer, and its becoming a referral."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from catchment.kernel import clock
from catchment.kernel.access import actor_of, needs
from catchment.kernel.errors import NotFound, Refusal
from catchment.rooms.referral import queries
from catchment.rooms.referral.models import Advice
from catchment.rooms.referral.rules import words
from catchment.rooms.referral.web.forms import problems
from catchment.rooms.referral.web.forms.advice import FORMS
from catchment.rooms.referral.web.frame import about, not_now

PAGE = 20


@needs("advice.read")
@require_GET
def index(request: HttpRequest) -> HttpResponse:
    """Questions that this facility asked or is asked, newest first."""
    given = request.GET.get("offset", "0")
    offset = min(int(given), 100_000) if given.isdecimal() else 0
    found = list(queries.advices(actor_of(request))[offset : offset + PAGE + 1])
    context = {
        "section": "referral",
        "advices": found[:PAGE],
        "next_offset": offset + PAGE if len(found) > PAGE else None,
        "previous_offset": max(0, offset - PAGE) if offset else None,
        "query": "",
    }
    return render(request, "referral/advices.html", context)


@needs("advice.read")
@require_GET
def show(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """One question with its answer, and what may be done with it now."""
    return _show(request, queries.advice_by_public_id(actor_of(request), public_id), {})


@require_POST
@needs("advice.read")
def step(request: HttpRequest, public_id: UUID, verb: str) -> HttpResponse:
    """Answer, turn into a referral, close or withdraw."""
    actor, now = actor_of(request), clock.now()
    advice = queries.advice_by_public_id(actor, public_id)
    if verb not in FORMS:
        raise NotFound("unknown-step", _("没有这个步骤：%s") % verb)
    act, form_of = FORMS[verb]
    form = form_of(request.POST, advice=advice, day=now.date())
    if not form.is_valid():
        return _show(request, advice, {verb: form}, status=422)
    try:
        done = act(actor=actor, now=now, advice_id=advice.pk, **form.given())
    except Refusal as refusal:
        problems.show(form, refusal)
        return _show(request, advice, {verb: form}, status=refusal.status)
    if verb == "convert":
        messages.success(request, _("已生成转诊草稿，核对后发送"))
        return redirect("referral:referral", done.public_id)
    messages.success(request, _("已办理"))
    return redirect("referral:advice", advice.public_id)


def _show(request: HttpRequest, advice: Advice, given: dict[str, Any], *, status: int = 200) -> HttpResponse:
    day = clock.now().date()
    choices = queries.advice_actions(advice, actor_of(request))
    offers = [
        (choice, given.get(choice.step.verb) or FORMS[choice.step.verb][1](advice=advice, day=day))
        for choice in choices
    ]
    context = {
        "section": "referral",
        **about(advice.person),
        "advice": advice,
        "offers": [(choice, form) for choice, form in offers if choice.allowed],
        "not_now": not_now(choices, words.ADVICE_VERBS),
    }
    return render(request, "referral/advice.html", context, status=status)
