"""A resident's own record, by a link that belongs to the first browser that opens it."""

from contextlib import suppress
from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from catchment.kernel import clock, panels, wall
from catchment.kernel.access import actor_of, needs, public
from catchment.kernel.actor import Actor
from catchment.kernel.errors import NotFound
from catchment.kernel.ui.paper import qr_svg
from catchment.rooms.consent import actions as consent_actions
from catchment.rooms.consent import queries as consent
from catchment.rooms.consent.types import Sharing
from catchment.rooms.people import queries as people
from catchment.rooms.record import queries as record
from catchment.rooms.screening import actions as screening
from catchment.rooms.staff.rules import role_label

COOKIE, ENTRIES = "my", 40
RESIDENT = Actor(role="resident", capabilities=frozenset(), name="本人")
EVENTS = {"relation.break-glass": "紧急调阅", "relation.begin": "到场核对", "identity.read": "在案件中查看身份"}


@require_POST
@needs("consent.attend")
def issue(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Make a link for the resident and show it with its QR code; it is shown this once."""
    person = people.person_by_public_id(public_id)
    secret = consent_actions.issue_link(actor=actor_of(request), now=clock.now(), person_id=person.pk)
    address = request.build_absolute_uri(reverse("resident", args=[secret]))
    context = {"section": "people", "person": person, "address": address, "qr": qr_svg(address)}
    answer = render(request, "portal/link.html", context)
    answer.headers["Cache-Control"] = "no-store"
    return answer


@csrf_exempt  # nobody is signed in here: the secret in the address is all there is, and no-referrer hides the origin
@public
def mine(request: HttpRequest, secret: str) -> HttpResponse:
    """The record, who has looked, and what is shared. Opening takes a tap, so that a preview does not use it up."""
    browser = request.COOKIES.get(COOKIE, "")
    if request.method != "POST" and not browser:
        return _answer(request, "portal/open.html", {})
    now = clock.now()
    try:
        person_id, browser = consent_actions.open_link(now=now, secret=secret, browser=browser)
    except NotFound as refusal:
        return _answer(request, "portal/gone.html", {"refusal": refusal}, status=404)
    with wall.as_resident(person_id, at=now):
        _choose(request, person_id, now)
        _note_read(request, person_id, now)
        answer = _answer(request, "portal/mine.html", _content(person_id, now))
    days = consent.terms_on(now.date()).link_days
    answer.set_cookie(
        COOKIE, browser, max_age=days * 24 * 3600, path=request.path, httponly=True, samesite="Lax",
        secure=settings.SECURE,
    )  # fmt: skip
    return answer


def _choose(request: HttpRequest, person_id: int, now: datetime) -> None:
    wanted = request.POST.get("sharing", "")
    if wanted in set(Sharing):
        consent_actions.choose_sharing(actor=RESIDENT, now=now, person_id=person_id, sharing=Sharing(wanted))


def _note_read(request: HttpRequest, person_id: int, now: datetime) -> None:
    if wanted := request.POST.get("read", ""):
        with suppress(NotFound, ValueError):
            screening.read_message(actor=RESIDENT, now=now, person_id=person_id, public_id=UUID(wanted))


def _content(person_id: int, now: datetime) -> dict[str, Any]:
    looks = [(look, role_label(look.role), EVENTS.get(look.event, "查看")) for look in consent.looks(person_id)]
    return {
        "person": people.person_by_id(person_id),
        "summary": record.summary(person_id, now=now),
        "entries": record.timeline(person_id, limit=ENTRIES),
        "looks": looks,
        "relations": consent.running(person_id, now),
        "sharing": consent.sharing_of(person_id),
        "first": panels.gather("resident-first", person_id=person_id),
        "panels": panels.gather("resident", person_id=person_id),
        "network_shares": consent.terms_on(now.date()).network_sharing,
    }


def _answer(request: HttpRequest, template: str, context: dict[str, Any], *, status: int = 200) -> HttpResponse:
    answer = render(request, template, context, status=status)
    answer.headers["Referrer-Policy"] = "no-referrer"
    answer.headers["Cache-Control"] = "no-store"
    return answer
