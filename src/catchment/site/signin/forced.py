"""A second factor that a role must have: asked for in time, and after the days of grace before anything else."""

from collections.abc import Callable
from datetime import date
from typing import Any

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from catchment.kernel import clock
from catchment.kernel.actor import Actor
from catchment.kernel.errors import NotAllowed
from catchment.rooms.staff import queries as staff
from catchment.site import refusals

FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
OPEN = ("mfa_", "account_", "openid_connect_", "sign-", "choose-post", "set_language", "me", "enter-as", "single-")
"""How the names of pages begin that stay open: to set it up, to change post, to leave."""
Handler = Callable[[HttpRequest], HttpResponse]


def second_factor(get_response: Handler) -> Handler:
    """Let a signed-in post whose role must have a second factor set it up, and after the grace nothing else.

    `request.second_factor_due` is the last day for it; `None` where nothing is asked. The demo's cast is let be, and
    a token is no person.
    """

    def process_view(request: HttpRequest, *_call: Any) -> HttpResponse | None:
        due = _due(request)
        request.second_factor_due = due  # type: ignore[attr-defined]
        match = request.resolver_match
        if (
            due is None
            or due >= timezone.localdate(clock.now())
            or (match and (match.view_name or "").startswith(OPEN))
        ):
            return None
        if request.path.startswith(("/api/", "/fhir/")):
            refusal = NotAllowed("second-factor-required", _("这个岗位须先设置第二验证"))
            return JsonResponse(refusals.body(refusal), status=refusal.status)
        return redirect("mfa_index")

    def handle(request: HttpRequest) -> HttpResponse:
        return get_response(request)

    handle.process_view = process_view  # type: ignore[attr-defined]
    return handle


def _due(request: HttpRequest) -> date | None:
    actor: Actor | None = getattr(request, "actor", None)
    if settings.DEMO or actor is None or actor.post_id is None or "Authorization" in request.headers:
        return None
    due = staff.second_factor_due(actor.post_id, actor.role, timezone.localdate(clock.now()))
    if due is None or Authenticator.objects.filter(user_id=actor.user_id, type__in=FACTORS).exists():
        return None
    return due
