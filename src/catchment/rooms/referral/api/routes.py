"""The addresses of referral in the native API."""

from datetime import date
from typing import Any
from uuid import UUID

from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import Router
from ninja.params.functions import Query

from catchment.kernel import clock, wall
from catchment.kernel.access import actor_of
from catchment.kernel.api import actions_out
from catchment.kernel.errors import Invalid, NotFound, Problem
from catchment.rooms.booking import queries as booking
from catchment.rooms.booking.rules import quotas_open_to
from catchment.rooms.consent import queries as consent
from catchment.rooms.people import queries as people
from catchment.rooms.people.models import Person
from catchment.rooms.places.models import Service
from catchment.rooms.referral import actions, queries
from catchment.rooms.referral.api import steps
from catchment.rooms.referral.api.schemas import (
    ProposalOut,
    ReferralDetailOut,
    ReferralIn,
    ReferralPage,
    SlotOut,
    StatisticsOut,
    StepIn,
)
from catchment.rooms.referral.models import Referral
from catchment.rooms.referral.types import ReferralForm

router = Router(tags=["referral"])
PAGE = 100
FIRST_YEAR, LAST_YEAR = 1900, 2200


@router.get("/referrals", response=ReferralPage, summary="Referrals of this facility, newest first")
def list_referrals(
    request: HttpRequest,
    side: str = "",
    state: str = "",
    direction: str = "",
    limit: int = Query(20, ge=1, le=PAGE),
    offset: int = Query(0, ge=0, le=100_000),
) -> dict[str, Any]:
    """Referrals that this post may see. `side`: `sent` or `received`."""
    rows = queries.referrals(actor_of(request), side=side, state=state, direction=direction)
    shown = rows.select_related("booking__slot")[offset : offset + limit]
    return {"total": rows.count(), "items": [_out(row) for row in shown]}


@router.post("/referrals", response={201: ReferralDetailOut}, summary="Draft a referral, or send it at once")
def create_referral(request: HttpRequest, body: ReferralIn) -> tuple[int, dict[str, Any]]:
    """Draft, and send where `send` is given; both or neither are written."""
    actor, now = actor_of(request), clock.now()
    with transaction.atomic():
        key = people.key_of(body.person)
        referral = actions.draft_referral(actor=actor, now=now, person_id=key, form=_form(body))
        if body.send is not None:
            how = steps.sending(body.send)
            referral = actions.send_referral(
                actor=actor, now=now, referral_id=referral.pk, sending=how, drafted=referral
            )
    return 201, _detail(request, referral)


@router.get("/referrals/statistics", response=StatisticsOut, summary="Figures of referral, small counts withheld")
def get_statistics(request: HttpRequest, first: date, last: date) -> dict[str, Any]:
    """Counted over the whole months from `first` to `last`, whoever asks."""
    actor, smallest = actor_of(request), consent.smallest_cell(timezone.localdate(clock.now()))
    if last < first or first.year < FIRST_YEAR or last.year > LAST_YEAR:
        raise Invalid(
            Problem(
                "last", _("截止日期应不早于开始日期，两者在 %(a)s 至 %(b)s 年之间") % {"a": FIRST_YEAR, "b": LAST_YEAR}
            )
        )
    first, last = queries.whole_months(first, last)
    with wall.acting("referral-statistics"):
        report = queries.to_tell(queries.report(queries.sent_between(actor, first, last)), smallest)
    told = {"totals": report.totals, "months": list(report.months), "places": list(report.places)}
    return {"first": first, "last": last, "smallest": smallest, **told}


@router.get("/referrals/{public_id}", response=ReferralDetailOut, summary="One referral, with what may be done now")
def get_referral(request: HttpRequest, public_id: UUID) -> dict[str, Any]:
    return _detail(request, queries.by_public_id(actor_of(request), public_id))


@router.post("/referrals/{public_id}/{verb}", response=ReferralDetailOut, summary="Take a step")
def take_step(request: HttpRequest, public_id: UUID, verb: str, body: StepIn) -> dict[str, Any]:
    """Take one of the steps that `actions` offers, with the same rules as on the page."""
    actor = actor_of(request)
    key = queries.key_of(actor, public_id)
    moved = steps.take(actor=actor, now=clock.now(), referral_id=key, verb=verb, body=body)
    return _detail(request, moved)


@router.get("/referrals/{public_id}/slots", response=list[SlotOut], summary="Free slots of the receiving service")
def list_slots(request: HttpRequest, public_id: UUID) -> list[Any]:
    referral = queries.by_public_id(actor_of(request), public_id)
    if referral.to_service_id is None:
        return []
    quotas = quotas_open_to(by_referral=True, contracted=True)
    return list(booking.free_slots(referral.to_service_id, quotas=quotas, now=clock.now())[:PAGE])


@router.get("/people/{person}/destinations", response=list[ProposalOut], summary="Where this person could go, and why")
def list_destinations(
    request: HttpRequest, person: UUID, diagnosis: str = "", specialty: str = "", wants_bed: bool = False
) -> list[dict[str, Any]]:
    actor = actor_of(request)
    actor.require("referral.create")
    found = queries.proposals(
        actor,
        _person(person),
        now=clock.now(),
        diagnosis_code=diagnosis,
        specialty=specialty,
        wants_bed=wants_bed,
        limit=10,
    )
    codes = _codes([one.service_id for one in found])
    return [_proposal(one, *codes[one.service_id]) for one in found]


def _person(public_id: UUID) -> Person:
    found = Person.objects.select_related("area", "merged_into").filter(public_id=public_id).first()
    if found is None:
        raise NotFound("not-found", _("没有找到这位居民"))
    return found.merged_into or found


def _form(body: ReferralIn) -> ReferralForm:
    copied = body.model_dump(exclude={"person", "to", "send", "letter", "parts"})
    return ReferralForm(
        **copied,
        to_service_id=steps.service_id(body.to),
        parts=tuple(body.parts),
        letter=body.letter.as_form() if body.letter else None,
    )


def _detail(request: HttpRequest, referral: Referral) -> dict[str, Any]:
    return {
        **_out(referral),
        "summary": referral.summary,
        "history": queries.history_of(referral),
        "actions": actions_out(queries.actions_for(referral, actor_of(request))),
    }


def _out(referral: Referral) -> dict[str, Any]:
    slot = referral.booking.slot if referral.booking else None
    copied = (
        "number", "direction", "urgency", "state", "state_since", "due_at", "reason_code", "indication_code",
        "diagnosis_code", "diagnosis", "question", "against_catalogue", "redirects", "sent_at", "accepted_at",
        "arrived_at", "answered_at", "taken_over_at",
    )  # fmt: skip
    return {
        **{name: getattr(referral, name) for name in copied},
        "id": referral.public_id,
        "person": referral.person.public_id,
        "from_facility": referral.from_facility.name,
        "to_facility": referral.to_facility.name if referral.to_facility else None,
        "to_service": referral.to_service.name if referral.to_service else None,
        "slot_at": slot.starts_at if slot else None,
    }


def _codes(service_ids: list[int]) -> dict[int, tuple[str, str]]:
    rows = Service.objects.filter(pk__in=service_ids).values_list("pk", "facility__code", "code")
    return {pk: (facility, code) for pk, facility, code in rows}


def _proposal(one: Any, facility: str, service: str) -> dict[str, Any]:
    copied = (
        "facility_name", "service_name", "direction", "kilometres", "next_slot", "free_slots", "free_beds", "score",
    )  # fmt: skip
    return {
        **{name: getattr(one, name) for name in copied},
        "facility": facility,
        "service": service,
        "reasons": [reason.text for reason in one.reasons],
        "warnings": [reason.text for reason in one.warnings],
    }
