"""The addresses of cases in the native API."""

from datetime import date, datetime
from typing import Any

from django.http import HttpRequest
from ninja import Router, Schema

from catchment.kernel import clock
from catchment.kernel.access import actor_of
from catchment.rooms.board import actions, queries
from catchment.rooms.board.types import Case, Identity

router = Router(tags=["cases"])


class CaseOut(Schema):
    kind: str
    ref: str
    title: str
    headline: str
    since: datetime
    due_at: datetime | None


class CasePersonOut(Schema):
    pseudonym: str
    open_until: datetime | None


class CaseDetailOut(CaseOut):
    people: list[CasePersonOut]


class OpeningIn(Schema):
    who: str
    purpose: str
    note: str = ""


class NumberOut(Schema):
    label: str
    value: str


class IdentityOut(Schema):
    pseudonym: str
    name: str
    sex: str
    birth_date: date | None
    numbers: list[NumberOut]
    phones: list[str]
    address: str
    purpose: str
    until: datetime


@router.get("/cases", response=list[CaseOut], summary="Cases that this post's office holds, the most pressing first")
def held(request: HttpRequest) -> list[Case]:
    """Open work in which the identity of a person may be opened."""
    return queries.held_cases(actor_of(request), clock.now())


@router.get("/cases/{kind}/{ref}", response=CaseDetailOut, summary="One case with its people, by pseudonym")
def held_one(request: HttpRequest, kind: str, ref: str) -> Case:
    """404 when it is concluded or with another office."""
    return queries.held_case(actor_of(request), kind, ref, clock.now())


@router.post("/cases/{kind}/{ref}/identity", response={201: IdentityOut}, summary="Open who a person of a case is")
def open_identity(request: HttpRequest, kind: str, ref: str, told: OpeningIn) -> tuple[int, dict[str, Any]]:
    """For a purpose of the edition's list, to this post, for a limited time; the person sees who, when and why."""
    actor, now = actor_of(request), clock.now()
    asked: dict[str, Any] = {"actor": actor, "now": now, "kind": kind, "ref": ref, "who": told.who}
    actions.open_identity(**asked, purpose=told.purpose, note=told.note)
    return 201, _told(actions.read_identity(**asked))


@router.get("/cases/{kind}/{ref}/identity/{who}", response=IdentityOut, summary="Who a person of a case is, while open")
def read_identity(request: HttpRequest, kind: str, ref: str, who: str) -> dict[str, Any]:
    """403 before it is opened, after its time, and once the case is concluded or elsewhere."""
    return _told(actions.read_identity(actor=actor_of(request), now=clock.now(), kind=kind, ref=ref, who=who))


def _told(found: Identity) -> dict[str, Any]:
    told = {name: getattr(found, name) for name in found.__dataclass_fields__}
    return told | {"numbers": [{"label": label, "value": value} for label, value in found.numbers]}
