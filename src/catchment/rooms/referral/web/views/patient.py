"""The patient's own view, behind a link that belongs to the first browser that opens it."""

from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from catchment.kernel import clock, wall
from catchment.kernel.access import actor_of, needs, public
from catchment.kernel.errors import NotFound
from catchment.kernel.ui.paper import qr_svg
from catchment.rooms.referral import actions, queries
from catchment.rooms.referral.models import Referral

COOKIE = "track"


@require_POST
@needs("referral.print")
def issue(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Make a link for the patient and show it with its QR code; it is shown this once."""
    actor, now = actor_of(request), clock.now()
    referral = queries.by_public_id(actor, public_id)
    secret = actions.issue_link(actor=actor, now=now, referral=referral)
    address = request.build_absolute_uri(reverse("referral:track", args=[secret]))
    days = queries.times_on(now.date()).link_days
    context = {"address": address, "qr": qr_svg(address), "days": days, "referral": referral}
    answer = render(request, "referral/parts/link.html", context)
    answer.headers["Cache-Control"] = "no-store"
    return answer


@csrf_exempt  # nobody is signed in here: the secret in the address is all there is, and no-referrer hides the origin
@public
def track(request: HttpRequest, secret: str) -> HttpResponse:
    """Where the referral stands, in few words. Opening takes a tap, so that a preview does not use the link up."""
    browser = request.COOKIES.get(COOKIE, "")
    if request.method != "POST" and not browser:
        return _answer(request, "referral/track_open.html", {})
    now = clock.now()
    with wall.acting("patient-link"):
        try:
            referral, browser = actions.open_link(now=now, secret=secret, browser=browser)
        except NotFound as refusal:
            return _answer(request, "referral/track_gone.html", {"refusal": refusal}, status=404)
        answer = _answer(request, "referral/track.html", _context(referral))
    answer.set_cookie(
        COOKIE,
        browser,
        max_age=queries.times_on(now.date()).link_days * 24 * 3600,
        path=request.path,
        httponly=True,
        samesite="Lax",
        secure=settings.SECURE,
    )
    return answer


def _context(referral: Referral) -> dict[str, object]:
    slot = referral.booking.slot if referral.booking else None
    waiting = referral.state in {"sent", "information-requested", "accepted"}
    return {
        "referral": referral,
        "track": queries.track_of(referral),
        "slot": slot if waiting else None,
        "held": referral.state != "accepted",
    }


def _answer(request: HttpRequest, template: str, context: dict[str, object], *, status: int = 200) -> HttpResponse:
    answer = render(request, template, context, status=status)
    answer.headers["Referrer-Policy"] = "no-referrer"
    answer.headers["Cache-Control"] = "no-store"
    answer.headers["X-Robots-Tag"] = "noindex"
    return answer
