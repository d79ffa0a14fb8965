"""The parts of the referral form that are asked for while it is written."""

from dataclasses import replace
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST

from catchment.kernel import clock
from catchment.kernel.access import actor_of, needs
from catchment.kernel.actor import Actor
from catchment.kernel.errors import Invalid
from catchment.kernel.uploads import LARGEST_DOCUMENT
from catchment.rooms.people.models import Person
from catchment.rooms.places.types import Level
from catchment.rooms.record import queries as record
from catchment.rooms.referral import actions, queries
from catchment.rooms.referral.rules.editions import CATALOGUE
from catchment.rooms.referral.types import Proposal
from catchment.rooms.referral.web.forms.referral import TICKED
from catchment.rooms.referral.web.forms.steps import slot_words
from catchment.rooms.referral.web.frame import person_of

SHOWN, FOUND = 3, 12
SHOWN_ABOVE = ("distance", "slot", "bed")  # what the line of facts says already


@needs("referral.create")
def diagnoses(request: HttpRequest, person: UUID) -> HttpResponse:
    """Diagnoses that match what is typed: Chinese, pinyin, initials or code."""
    text = request.GET.get("diagnosis", "")
    found = queries.diagnoses_matching(text, clock.now().date())
    return render(request, "referral/parts/diagnoses.html", {"found": found, "person_id": person, "text": text})


@needs("referral.create")
def diagnosis(request: HttpRequest, person: UUID) -> HttpResponse:
    """The chosen diagnosis in its field; the destinations are asked anew."""
    entry = queries.catalogue_on(clock.now().date(), request.GET.get("code", ""))
    context = {"code": entry.prefix if entry else "", "name": entry.name if entry else "", "person_id": person}
    answer = render(request, "referral/parts/diagnosis.html", context)
    answer.headers["HX-Trigger-After-Settle"] = "diagnosis-chosen"
    return answer


@needs("referral.create")
def destinations(request: HttpRequest, person: UUID) -> HttpResponse:
    """Three destinations with their reasons, or what a search finds; the one chosen before stays chosen."""
    actor = actor_of(request)
    given = request.GET
    whose = person_of(actor, person)
    found = _found(request, actor, whose, direction=given.get("direction", ""), text=given.get("search", "").strip())
    return render(request, "referral/parts/destinations.html", {**found, **_catalogue(request), "person_id": person})


@needs("referral.receive")
def other_destinations(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Where this referral could go instead, seen from its sender."""
    actor = actor_of(request)
    referral = queries.by_public_id(actor, public_id)
    sender = replace(actor, facility_id=referral.from_facility_id)
    found = _found(
        request,
        sender,
        referral.person,
        text=request.GET.get("search", "").strip(),
        diagnosis_code=referral.diagnosis_code,
        not_service=referral.to_service_id,
    )
    return render(request, "referral/parts/destinations.html", {**found, "elsewhere": True})


@needs("referral.create")
def slots(request: HttpRequest, person: UUID) -> HttpResponse:
    """The free times of one service, to choose from."""
    actor = actor_of(request)
    number = request.GET.get("service", "")
    service = int(number) if number.isdecimal() else 0
    found = queries.slots_for(service, person_of(actor, person).pk, clock.now())
    context = {"service": service, "slots": [(slot.pk, slot_words(slot.starts_at)) for slot in found]}
    return render(request, "referral/parts/slots.html", context)


@needs("referral.create")
def record_parts(request: HttpRequest, person: UUID) -> HttpResponse:
    """The person's record, part by part, to be ticked."""
    actor = actor_of(request)
    actor.require("record.read")
    known = record.parts_for_referral(person_of(actor, person).pk, clock.now())
    chosen = request.GET.getlist("parts") if "given" in request.GET else list(TICKED)
    context = {
        "parts": [(part, lines, part in chosen) for part, lines in known.items() if part != "documents"],
        "documents": known["documents"],
        "documents_ticked": "documents" in chosen,
        "chosen": set(request.GET.getlist("document")),
    }
    return render(request, "referral/parts/record.html", context)


@require_POST
@needs("referral.create")
def attach(request: HttpRequest, person: UUID) -> HttpResponse:
    """Keep the chosen files and add them to the form, each ticked, or say what is wrong with it."""
    actor = actor_of(request)
    whose, now = person_of(actor, person), clock.now()
    kept: list[dict[str, Any]] = []
    for sent in request.FILES.getlist("file"):
        name = sent.name or ""
        try:
            content = sent.read(LARGEST_DOCUMENT + 1)
            row = actions.attach_file(actor=actor, now=now, person_id=whose.pk, name=name, content=content)
            kept.append({"document": row})
        except Invalid as refusal:
            kept.append({"name": name, "problem": str(refusal)})
    return render(request, "referral/parts/files.html", {"kept": kept})


def _found(
    request: HttpRequest,
    actor: Actor,
    person: Person,
    *,
    text: str = "",
    direction: str = "",
    diagnosis_code: str = "",
    not_service: int | None = None,
) -> dict[str, Any]:
    now, chosen = clock.now(), request.GET.get("to_service", "")
    wants_bed = bool(request.GET.get("wants_bed"))
    proposals = queries.proposals(
        actor,
        person,
        now=now,
        diagnosis_code=diagnosis_code or request.GET.get("diagnosis_code", ""),
        wants_bed=wants_bed,
        text=text,
        direction=direction,
        limit=400,
    )
    able = [one for one in proposals if one.service_id != not_service]
    return {
        "proposals": _shown(able, chosen, FOUND if text else SHOWN),
        "chosen": chosen,
        "wants_bed": wants_bed,
        "shown_above": SHOWN_ABOVE,
    }


def _shown(found: list[Proposal], chosen: str, limit: int) -> list[Proposal]:
    """The best ones, and the chosen one even where it is not among them."""
    return [one for place, one in enumerate(found) if place < limit or str(one.service_id) == chosen]


def _catalogue(request: HttpRequest) -> dict[str, Any]:
    """What the catalogue says when this level should treat the diagnosis itself."""
    actor, day = actor_of(request), clock.now().date()
    entry = queries.catalogue_on(day, request.GET.get("diagnosis_code", ""))
    level = request.GET.get("level", "")
    if entry is None or request.GET.get("direction") == "down" or level not in set(Level):
        return {}
    if Level(entry.level).rank > Level(level).rank:
        return {}
    edition = queries.edition(CATALOGUE, day)
    reason = request.GET.get("catalogue_reason", "")
    return {"against": entry, "edition": edition, "catalogue_reason": reason, "here": actor.facility_name}
