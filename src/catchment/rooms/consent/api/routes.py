"""The addresses of access in the native API."""

from datetime import datetime
from uuid import UUID

from django.http import HttpRequest
from ninja import Router, Schema

from catchment.kernel import clock
from catchment.kernel.access import actor_of
from catchment.rooms.consent import actions, queries
from catchment.rooms.consent.models import Relation
from catchment.rooms.people import queries as people

router = Router(tags=["access"])


class PresenceIn(Schema):
    number: str


class GlassIn(Schema):
    reason: str


class RelationOut(Schema):
    kind: str
    since: datetime
    until: datetime


class ReasonsOut(Schema):
    relations: list[str]


@router.get("/people/{public_id}/relations", response=ReasonsOut, summary="By which relations this post sees a person")
def relations(request: HttpRequest, public_id: UUID) -> dict[str, list[str]]:
    """Codes of relations; empty where there is none, although the person can be found."""
    actor_of(request).require("consent.attend")
    return {"relations": queries.reasons_to_see(_key(public_id))}


@router.post("/people/{public_id}/presence", response={201: RelationOut}, summary="The person stands here")
def presence(request: HttpRequest, public_id: UUID, told: PresenceIn) -> tuple[int, Relation]:
    """A whole number of theirs opens the record to the facility for the day."""
    key = _key(public_id)
    return 201, actions.attend_person(actor=actor_of(request), now=clock.now(), person_id=key, number=told.number)


@router.post("/people/{public_id}/break-glass", response={201: RelationOut}, summary="An emergency")
def break_glass(request: HttpRequest, public_id: UUID, told: GlassIn) -> tuple[int, Relation]:
    """Opens the record to this post at once, for a short time; told to the person and judged."""
    key = _key(public_id)
    return 201, actions.break_glass(actor=actor_of(request), now=clock.now(), person_id=key, reason=told.reason)


def _key(public_id: UUID) -> int:
    found = people.found_line(public_id)
    if found is None:
        raise people.refusal_for(public_id)
    return found[0]
