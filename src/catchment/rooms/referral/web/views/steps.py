"""Taking a step: its small form, and what comes of it."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from catchment.kernel import clock
from catchment.kernel.access import actor_of, needs
from catchment.kernel.errors import NotFound, Refusal
from catchment.rooms.referral import queries
from catchment.rooms.referral.models import Referral
from catchment.rooms.referral.rules import words
from catchment.rooms.referral.web.forms import problems
from catchment.rooms.referral.web.forms.steps import STEPS, Facts, StepForm
from catchment.rooms.referral.web.frame import about

FIELD_OF = {"slot-taken": "slot", "no-slot": "slot", "live-referral": "acknowledged_live"}


@needs("referral.read")
def take(request: HttpRequest, public_id: UUID, verb: str) -> HttpResponse:
    """Show the step's form; take the step when it is sent. What may be done is the step table's to say."""
    actor, now = actor_of(request), clock.now()
    referral = queries.by_public_id(actor, public_id)
    if verb not in STEPS:
        raise NotFound("unknown-step", _("没有这个步骤：%s") % verb)
    act, form_of = STEPS[verb]
    sent = request.method == "POST"
    form = form_of(request.POST if sent else None, facts=Facts(referral, actor, now, verb))
    if not sent or not form.is_valid():
        return _show(request, referral, verb, form, status=422 if sent else 200)
    try:
        act(actor=actor, now=now, referral_id=referral.pk, **form.given())
    except Refusal as refusal:
        problems.show(form, refusal, FIELD_OF)
        return _show(request, referral, verb, form, status=refusal.status)
    messages.success(request, _("已办理：%s") % words.VERBS[verb])
    return _done(request, reverse("referral:referral", args=[public_id]))


def _show(request: HttpRequest, referral: Referral, verb: str, form: StepForm, *, status: int) -> HttpResponse:
    context: dict[str, Any] = {
        "section": "referral",
        **about(referral.person),
        "referral": referral,
        "verb": verb,
        "form": form,
        "choice": next(
            (one for one in queries.actions_for(referral, actor_of(request)) if one.step.verb == verb), None
        ),
        "kind": type(form).__name__,
    }
    part = _is_part(request)
    template = "referral/parts/step.html" if part else "referral/step.html"
    return render(request, template, context, status=422 if part and status != 200 else status)  # noqa: PLR2004


def _done(request: HttpRequest, address: str) -> HttpResponse:
    if not _is_part(request):
        return redirect(address)
    return HttpResponse(headers={"HX-Redirect": address})


def _is_part(request: HttpRequest) -> bool:
    return request.headers.get("HX-Request") == "true" and request.headers.get("HX-Boosted") != "true"
