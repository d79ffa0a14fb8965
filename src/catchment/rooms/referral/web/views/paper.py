"""The printed referral, and the page behind its code that says whether a paper is genuine."""

from uuid import UUID

from django.core.signing import BadSignature, Signer
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from catchment.kernel import clock, wall
from catchment.kernel.access import actor_of, needs, public
from catchment.kernel.errors import NotFound
from catchment.kernel.ui.paper import draw, printed, qr_svg
from catchment.rooms.referral import actions, queries
from catchment.rooms.referral.web import paper

SIGNER = Signer(salt="referral.paper")


@needs("referral.print")
@require_GET
def form(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """The referral form as PDF, A4: out part with stub, and the back part once the letter is written."""
    actor = actor_of(request)
    referral = queries.by_public_id(actor, public_id)
    address = request.build_absolute_uri(reverse("referral:check", args=[SIGNER.sign(referral.number)]))
    drawn = draw(paper.TEMPLATE, paper.content_of(referral, qr=str(qr_svg(address))))
    actions.note_print(actor=actor, now=clock.now(), referral=referral)
    return printed(drawn, referral.number)


@public
@require_GET
def check(request: HttpRequest, signed: str) -> HttpResponse:
    """Whether a printed form is genuine and where its referral stands; who the patient is, is not told."""
    with wall.acting("patient-link"):
        try:
            referral = queries.by_number(SIGNER.unsign(signed))
        except (BadSignature, NotFound):
            referral = None
        answer = render(request, "referral/check.html", {"referral": referral}, status=200 if referral else 404)
    answer.headers["Referrer-Policy"] = "no-referrer"
    answer.headers["Cache-Control"] = "no-store"
    return answer
