"""The receiver's steps: accept, ask, redirect, decline, register the arrival."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from catchment.kernel.actor import Actor, system
from catchment.kernel.errors import Invalid, Problem, Refusal
from catchment.kernel.flow import Outcome, Step
from catchment.rooms.booking import actions as booking
from catchment.rooms.booking.rules import quotas_open_to
from catchment.rooms.record.models import Encounter
from catchment.rooms.record.types import EncounterStatus
from catchment.rooms.referral import queries
from catchment.rooms.referral.actions.sending import point_at, say
from catchment.rooms.referral.actions.stepping import (
    Given,
    due_in,
    is_back,
    receiving_role,
    release_booking,
    take_step,
)
from catchment.rooms.referral.models import Referral
from catchment.rooms.referral.types import MessageKind, State

_NOT_COME = frozenset({EncounterStatus.PLANNED, EncounterStatus.CANCELLED, EncounterStatus.ENTERED_IN_ERROR})


def accept_referral(
    *, actor: Actor, now: datetime, referral_id: int, slot_id: int | None = None, note: str = ""
) -> Referral:
    """Accept. Without `slot_id` the held slot or bed is confirmed; with it, another time is given instead."""

    def effects(referral: Referral, _step: Step) -> Outcome:
        if slot_id is not None:
            _rebook(actor, now, referral, slot_id)
        if referral.booking is not None:
            booking.confirm(actor=actor, now=now, booking=referral.booking)
        if note.strip():
            say(actor=actor, now=now, referral=referral, kind=MessageKind.NOTE, text=note)
        referral.accepted_at = now
        return Outcome(due_at=_arrival_due(referral, now), detail={"booking": referral.booking_id})

    verb = "accept" if slot_id is None else "accept-other-time"
    return take_step(actor=actor, now=now, referral_id=referral_id, verb=verb, effects=effects)


def change_time(*, actor: Actor, now: datetime, referral_id: int, slot_id: int) -> Referral:
    """Move an accepted referral to another slot; the old one is free at once."""

    def effects(referral: Referral, _step: Step) -> Outcome:
        _rebook(actor, now, referral, slot_id)
        if referral.booking is not None:
            booking.confirm(actor=actor, now=now, booking=referral.booking)
        return Outcome(due_at=_arrival_due(referral, now), detail={"booking": referral.booking_id})

    return take_step(actor=actor, now=now, referral_id=referral_id, verb="change-time", effects=effects)


def request_information(*, actor: Actor, now: datetime, referral_id: int, text: str) -> Referral:
    """Ask the sender for something before deciding."""
    if not text.strip():
        raise Invalid(Problem("text", _("请写明需要补充什么")))

    def effects(referral: Referral, _step: Step) -> Outcome:
        say(actor=actor, now=now, referral=referral, kind=MessageKind.QUESTION, text=text)
        return Outcome(due_at=due_in(now, minutes=queries.times_on(now.date()).information_minutes))

    return take_step(actor=actor, now=now, referral_id=referral_id, verb="request-information", effects=effects)


def redirect_referral(
    *, actor: Actor, now: datetime, referral_id: int, to_service_id: int, code: str, text: str = ""
) -> Referral:
    """Pass it on to another service. The history stays, the clock starts anew, the held slot is given back."""

    def effects(referral: Referral, _step: Step) -> Outcome:
        before = referral.to_service_id
        release_booking(actor=actor, now=now, referral=referral)
        point_at(referral, to_service_id)
        referral.redirects += 1
        rule = queries.urgency_on(now.date(), referral.urgency)
        detail = {"from_service": before, "to_service": to_service_id}
        due_at = due_in(now, minutes=rule.accept_minutes)
        return Outcome(due_at=due_at, holder_role=receiving_role(referral), detail=detail)

    given = Given(code, text)
    return take_step(actor=actor, now=now, referral_id=referral_id, verb="redirect", effects=effects, given=given)


def decline_referral(*, actor: Actor, now: datetime, referral_id: int, code: str, text: str = "") -> Referral:
    """Decline with a coded reason; the slot or bed is free at once and the sender decides what next."""

    def effects(referral: Referral, _step: Step) -> Outcome:
        release_booking(actor=actor, now=now, referral=referral)
        return Outcome(due_at=due_in(now, hours=queries.times_on(now.date()).reroute_hours))

    given = Given(code, text)
    return take_step(actor=actor, now=now, referral_id=referral_id, verb="decline", effects=effects, given=given)


def arrive_referral(*, actor: Actor, now: datetime, referral_id: int, encounter_id: int | None = None) -> Referral:
    """Register that the person has come, with the encounter at the destination where there is one."""

    def effects(referral: Referral, _step: Step) -> Outcome:
        if encounter_id is not None:
            referral.arrival_encounter = _own_encounter(referral, encounter_id)
        if referral.booking is not None:
            booking.attend(actor=actor, now=now, booking=referral.booking)
        referral.arrived_at = now
        times = queries.times_on(now.date())
        hours = times.take_over_hours if is_back(referral) else times.answer_hours
        return Outcome(due_at=due_in(now, hours=hours), detail={"encounter": encounter_id})

    return take_step(actor=actor, now=now, referral_id=referral_id, verb="arrive", effects=effects)


def match_arrivals(*, encounters: Sequence[Encounter], now: datetime, **_facts: Any) -> None:
    """When encounters are recorded, register the arrival of each referral that waits there for that person.

    A referral whose step is refused is left to its desk: what was recorded stands.
    """
    waiting = set(
        Referral.objects.filter(
            person_id__in={row.person_id for row in encounters}, state=State.ACCEPTED.value
        ).values_list("person_id", "to_facility_id")
    )
    for encounter in encounters:
        if (encounter.person_id, encounter.facility_id) in waiting:
            with suppress(Refusal), transaction.atomic():
                match_arrival(encounter=encounter, now=now)


def match_arrival(*, encounter: Encounter, now: datetime) -> None:
    """Register the arrival of the one referral that this encounter can mean.

    With two or more waiting, a person decides; an encounter that is only planned, was cancelled or entered in error
    is no arrival.
    """
    if encounter.facility_id is None or encounter.status in _NOT_COME:
        return
    waiting = Referral.objects.filter(
        person_id=encounter.person_id, to_facility_id=encounter.facility_id, state=State.ACCEPTED.value
    )
    fitting = [row for row in waiting[:2] if row.accepted_at and encounter.at >= row.accepted_at - timedelta(hours=1)]
    if len(fitting) == 1:
        matcher = _matcher(encounter.facility_id)
        arrive_referral(actor=matcher, now=now, referral_id=fitting[0].pk, encounter_id=encounter.pk)


def _matcher(facility_id: int | None) -> Actor:
    return replace(system("arrival-matching", "referral.receive"), facility_id=facility_id)


def _rebook(actor: Actor, now: datetime, referral: Referral, slot_id: int) -> None:
    service = referral.to_service
    if service is None:
        raise Refusal("no-service", _("这张转诊单没有接收科室"))
    release_booking(actor=actor, now=now, referral=referral)
    referral.booking = booking.hold_slot(
        actor=actor,
        now=now,
        person_id=referral.person_id,
        subject=("referral", referral.pk),
        service_id=service.pk,
        quotas=quotas_open_to(by_referral=True, contracted=True),
        expires_at=None,
        slot_id=slot_id,
    )


def _arrival_due(referral: Referral, now: datetime) -> datetime:
    times, rule = queries.times_on(now.date()), queries.urgency_on(now.date(), referral.urgency)
    slot = referral.booking.slot if referral.booking else None
    if slot is not None:
        return max(slot.ends_at, now) + timedelta(hours=times.no_show_hours)
    return due_in(now, days=rule.arrive_days)


def _own_encounter(referral: Referral, encounter_id: int) -> Encounter:
    rows = Encounter.objects.filter(pk=encounter_id, person_id=referral.person_id)
    found = rows.first()
    if found is None or found.facility_id != referral.to_facility_id:
        raise Invalid(Problem("encounter", _("这次就诊不属于这位居民，或不在接收机构")))
    return found
