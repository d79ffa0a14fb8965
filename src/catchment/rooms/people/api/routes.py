"""The addresses of residents in the native API."""

from collections.abc import Callable
from typing import Any, TypeVar, cast
from uuid import UUID

from django.http import HttpRequest
from ninja import Router

from catchment.kernel import audit, clock
from catchment.kernel.access import actor_of
from catchment.kernel.actor import Actor
from catchment.kernel.errors import Invalid, NotFound, Problem
from catchment.rooms.people import actions, queries
from catchment.rooms.people.api.schemas import (
    ChangesIn,
    DeathIn,
    FacilityIn,
    HouseholdIn,
    MovedOut,
    PersonDetailOut,
    PersonIn,
    PersonOut,
)
from catchment.rooms.people.models import Person
from catchment.rooms.people.types import Changes, Registration
from catchment.rooms.places import queries as places

APART = {"primary_facility", "lives_with", "heads_household", "area", "identifiers", "anyway"}
router = Router(tags=["people"])
Place = TypeVar("Place")


@router.post("/people", response={201: PersonOut}, summary="Register a resident")
def register_person(request: HttpRequest, body: PersonIn) -> tuple[int, dict[str, Any]]:
    """Birth date and sex left out are read from the resident ID; the post may go on with the person for the day."""
    actor = actor_of(request)
    actor.require("people.register")
    primary = _found("primary_facility", places.facility_by_code, body.primary_facility)
    told = Registration(
        **_plain(body.model_dump(exclude=APART)),
        identifiers=tuple(one.told() for one in body.identifiers),
        area_id=_area_id(body.area),
        primary_facility_id=primary.pk if primary else None,
        lives_with_id=_housemate(body.lives_with),
        is_head=body.heads_household,
    )
    person = actions.register_person(actor=actor, now=clock.now(), told=told, anyway=body.anyway)
    return 201, _out(queries.person_by_id(person.pk))


@router.patch("/people/{public_id}", response=PersonOut, summary="Put a resident's data right")
def update_person(request: HttpRequest, public_id: UUID, body: ChangesIn) -> dict[str, Any]:
    """Only what is given changes; the audit says which fields. The responsible facility does not change here."""
    actor = actor_of(request)
    actor.require("people.register")
    person = queries.person_by_public_id(public_id)
    given = _plain(body.model_dump(exclude_unset=True, exclude={"area", "identifiers"}))
    if "area" in body.model_fields_set:
        given["area_id"] = _area_id(body.area)
    if body.identifiers:
        given["identifiers"] = tuple(one.told() for one in body.identifiers)
    actions.update_person(actor=actor, now=clock.now(), person_id=person.pk, **cast("Changes", given))
    return _out(queries.person_by_id(person.pk))


@router.get("/people/{public_id}", response=PersonDetailOut, summary="A resident's data")
def get_person(request: HttpRequest, public_id: UUID) -> dict[str, Any]:
    """Read like the page of the person's data, and written to the audit. A merged record answers as the one kept."""
    actor = actor_of(request)
    actor.require("people.read")
    return _detail(actor, queries.person_by_public_id(public_id))


@router.post("/people/{public_id}/household", response=PersonDetailOut, summary="Move a resident to a household")
def move_household(request: HttpRequest, public_id: UUID, body: HouseholdIn) -> dict[str, Any]:
    """The address is changed by `PATCH`; who lives with whom, here."""
    actor, person = _registrar(request, public_id)
    other = _housemate(body.lives_with)
    if other is None:
        actions.found_household(actor=actor, now=clock.now(), person_id=person.pk)
    else:
        actions.join_household(actor=actor, now=clock.now(), person_id=person.pk, with_person_id=other)
    return _detail(actor, queries.person_by_id(person.pk))


@router.post("/people/{public_id}/facility", response=MovedOut, summary="Change who answers for a resident")
def move_facility(request: HttpRequest, public_id: UUID, body: FacilityIn) -> dict[str, Any]:
    """By the facility that gives the person up, or the primary facility that takes them over."""
    actor, person = _registrar(request, public_id)
    facility = cast("Any", _found("facility", places.facility_by_code, body.facility or "-"))
    actions.move_primary_facility(
        actor=actor, now=clock.now(), person_id=person.pk, facility_id=facility.pk, reason=body.reason
    )
    return {"id": person.public_id, "primary_facility": facility.code}


@router.post("/people/{public_id}/death", response=PersonDetailOut, summary="Record a death, or take it back")
def record_death(request: HttpRequest, public_id: UUID, body: DeathIn) -> dict[str, Any]:
    actor, person = _registrar(request, public_id)
    actions.record_death(actor=actor, now=clock.now(), person_id=person.pk, on=body.deceased_on)
    return _detail(actor, queries.person_by_id(person.pk))


def _registrar(request: HttpRequest, public_id: UUID) -> tuple[Actor, Person]:
    actor = actor_of(request)
    actor.require("people.register")
    return actor, queries.person_by_public_id(public_id)


def _plain(given: dict[str, Any]) -> dict[str, Any]:
    return {**given, "other_names": tuple(given["other_names"])} if "other_names" in given else given


def _found(field: str, ask: Callable[[str], Place], code: str | None) -> Place | None:
    """What stands under a code; `Invalid` at its field where nothing does."""
    try:
        return ask(code) if code else None
    except NotFound as refusal:
        raise Invalid(Problem(field, str(refusal))) from None


def _area_id(code: str | None) -> int | None:
    area = _found("area", places.area_by_code, code)
    return area.pk if area else None


def _housemate(public_id: UUID | None) -> int | None:
    if public_id is None:
        return None
    found = queries.found_line(public_id)
    if found is None:
        raise queries.refusal_for(public_id)
    return found[0]


def _out(person: Person) -> dict[str, Any]:
    return {
        "id": person.public_id,
        "name": person.name,
        "sex": person.sex,
        "birth_date": person.birth_date,
        "area": person.area.code if person.area else None,
        "address": person.address,
        "primary_facility": person.primary_facility.code if person.primary_facility else None,
        "suspected": len(queries.suspected_with(person.pk)),
    }


def _detail(actor: Actor, person: Person) -> dict[str, Any]:
    audit.record(actor=actor, event="person.read", at=clock.now(), person_id=person.pk, detail={"part": "details"})
    mates = [one for one in queries.housemates(person) if one.public_id != person.public_id]
    return {
        **_out(person),
        "phone": person.phone,
        "deceased_on": person.deceased_on,
        "heads_household": person.is_head,
        "household": [{"id": one.public_id, "name": one.name, "heads_household": one.is_head} for one in mates],
        "identifiers": queries.masked_numbers(person.pk),
    }
