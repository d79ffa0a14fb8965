"""Registering a resident: one page, on which the card is read while it is typed."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import NON_FIELD_ERRORS
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from catchment.kernel import clock
from catchment.kernel.access import actor_of, needs
from catchment.kernel.actor import Actor
from catchment.kernel.errors import Refusal
from catchment.rooms.people import actions, queries
from catchment.rooms.people.models import Person
from catchment.rooms.people.types import Evidence, IdentifierSystem, PersonLine
from catchment.rooms.people.web import picking
from catchment.rooms.people.web.forms import RegisterForm
from catchment.standards.identity.identifiers import IdentifierError, ResidentId, parse_resident_id

WHOLE = 18
HOLDERS = 3
COUNT = "registered"


@dataclass(frozen=True, slots=True)
class Card:
    """What the number says while it is typed: read, wrong, or `missing` so many characters; who holds it already."""

    read: ResidentId | None = None
    problem: str = ""
    missing: int = 0
    holders: tuple[PersonLine, ...] = ()


@needs("people.register")
@require_http_methods(["GET", "POST"])
def register(request: HttpRequest) -> HttpResponse:
    """The form; sent, the new resident's page. `part` looks something up and saves nothing; through HTMX it is all."""
    told = picking.told_in(request)
    if request.method == "GET" or "part" in told:
        return _looked_up(request, told)
    form = RegisterForm(told)
    person = _registered(request, form) if form.is_valid() else None
    return _page(request, form, told) if person is None else redirect("person", public_id=person.public_id)


def _looked_up(request: HttpRequest, told: dict[str, str]) -> HttpResponse:
    actor, wanted = actor_of(request), told.get("part", "")
    form = RegisterForm(initial={**_begun(told), **told})
    if not picking.wants_part(request):
        return _page(request, form, told)
    if wanted == "area":
        return picking.options(request, picking.area_pick(form, told, actor))
    if wanted == "facility":
        pick = picking.facility_pick(form, told, actor, area=told.get("area", ""))
        return picking.options(request, pick)
    if wanted == "household":
        return picking.options(request, picking.household_pick(form, told, actor, optional=True))
    return render(request, "people/keeping/card.html", {"form": form, "card": _card(form, actor)})


def _begun(told: dict[str, str]) -> dict[str, str]:
    """What was searched for in vain, where it is a number or a name."""
    words = told.get("q", "").strip()
    first = {"number_kind": IdentifierSystem.RESIDENT_ID.value}
    if any(one.isdecimal() for one in words):
        return {**first, "number": words}
    return first if words.isascii() else {**first, "name": words}


def _registered(request: HttpRequest, form: RegisterForm) -> Person | None:
    """The person now registered, or nobody: then the form says why not."""
    actor = actor_of(request)
    told, anyway = form.told(actor), form.cleaned_data["anyway"]
    try:
        with transaction.atomic():
            person = actions.register_person(actor=actor, now=clock.now(), told=told, anyway=anyway)
    except Refusal as refusal:
        form.refuse(refusal)
        return None
    messages.success(request, _("已登记。"))
    _tell_suspected(request, person)
    request.session[COUNT] = request.session.get(COUNT, 0) + 1
    return person


def _tell_suspected(request: HttpRequest, person: Person) -> None:
    """How many may be the same person, and where to look: names stay off the message, which a cookie may carry."""
    found = len(queries.suspected_with(person.pk))
    if found:
        told = ngettext(
            "可能已有同一人的档案 %s 份，已列入“疑似重复”。", "可能已有同一人的档案 %s 份，已列入“疑似重复”。", found
        )
        link = format_html('<a href="{}">{}</a>', reverse("person-keep", args=[person.public_id]), _("看是谁"))
        messages.warning(request, format_html("{} {}", told % found, link))


def _card(form: RegisterForm, actor: Actor) -> Card:
    """Read the number; where it is whole and sound, birth date and sex are filled in from it."""
    number = str(form["number"].value() or "").strip()
    if form["number_kind"].value() != IdentifierSystem.RESIDENT_ID:
        return Card(holders=_holders(actor, number))
    if len(number) < WHOLE:
        return Card(missing=WHOLE - len(number) if number else 0)
    try:
        read = parse_resident_id(number, today=timezone.localdate(clock.now()))
    except IdentifierError as error:
        return Card(problem=error.problem.zh)
    form.initial.update(sex=read.sex, birth_date=read.birth_date)
    return Card(read=read, holders=_holders(actor, read.number))


def _holders(actor: Actor, number: str) -> tuple[PersonLine, ...]:
    found = queries.search(actor, number, limit=HOLDERS) if number else []
    return tuple(one for one in found if one.matched is Evidence.IDENTIFIER)


def _page(request: HttpRequest, form: RegisterForm, told: dict[str, str]) -> HttpResponse:
    actor = actor_of(request)
    card = Card() if form.is_bound else _card(form, actor)
    area = picking.area_pick(form, told, actor)
    context: dict[str, Any] = {
        "section": "people",
        "form": form,
        "card": card,
        "area": area,
        "facility": picking.facility_pick(form, told, actor, area=area.chosen),
        "household": picking.household_pick(form, told, actor, optional=True),
        "doubles": _doubles(form, actor),
        "draft": _draft_name(request),
    }
    return render(request, "people/keeping/register.html", context, status=422 if form.errors else 200)


def _doubles(form: RegisterForm, actor: Actor) -> list[PersonLine]:
    """Who may be the same person, for a form that was held back for their sake."""
    if not form.has_error(NON_FIELD_ERRORS, "suspected"):
        return []
    return queries.like(actor, form.told(actor), timezone.localdate(clock.now()))


def _draft_name(request: HttpRequest) -> str:
    """Under what the browser keeps a draft: another one for each person that a session registers."""
    told = f"{actor_of(request).post_id}:{request.session.get(COUNT, 0)}"
    return salted_hmac("catchment.people.register", told).hexdigest()[:24]
