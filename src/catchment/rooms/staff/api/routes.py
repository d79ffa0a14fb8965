"""The family doctor of a resident in the native API."""

from datetime import date
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import Field, Router, Schema

from catchment.kernel import audit, clock
from catchment.kernel.access import actor_of
from catchment.kernel.actor import Actor
from catchment.kernel.api import Strict
from catchment.kernel.errors import Invalid, Problem
from catchment.rooms.people import queries as people
from catchment.rooms.people.models import Person
from catchment.rooms.staff import actions, queries
from catchment.rooms.staff.models import CareResponsibility

router = Router(tags=["people"])


class ContractIn(Strict):
    """Which doctor of the acting post's own facility, by staff code. `agreed_until`: the contract's last day."""

    doctor: str = Field(max_length=40)
    since: date
    contracted: bool = True
    agreed_until: date | None = None


class ContractEndIn(Strict):
    """The first day without the doctor, and why."""

    until: date
    reason: str = Field(max_length=200)


class ContractOut(Schema):
    """One doctor's time. `until` is the first day without them: said, or that after the contract's last day."""

    doctor: str
    doctor_name: str
    facility: str
    contracted: bool
    since: date
    agreed_until: date | None
    until: date | None
    end_reason: str


class ContractsOut(Schema):
    """Who answers for the person now, and everybody who does, did or will, the latest first."""

    present: ContractOut | None
    all: list[ContractOut]


@router.get("/people/{public_id}/contract", response=ContractsOut, summary="Who answers for a resident")
def get_contract(request: HttpRequest, public_id: UUID) -> dict[str, Any]:
    actor = actor_of(request)
    actor.require("people.read")
    return _told(actor, people.person_by_public_id(public_id))


@router.post("/people/{public_id}/contract", response={201: ContractsOut}, summary="Sign or renew a contract")
def sign_contract(request: HttpRequest, public_id: UUID, body: ContractIn) -> tuple[int, dict[str, Any]]:
    """The doctor before ends that day; again for the same doctor renews."""
    actor, now = actor_of(request), clock.now()
    actor.require("people.register")
    person = people.person_by_public_id(public_id)
    actions.assign_responsibility(
        actor=actor, now=now, person_id=person.pk, post_id=_post(actor, body.doctor), since=body.since,
        contracted=body.contracted, agreed_until=body.agreed_until,
    )  # fmt: skip
    return 201, _told(actor, person)


@router.post("/people/{public_id}/contract/end", response=ContractsOut, summary="End a contract before its day")
def end_contract(request: HttpRequest, public_id: UUID, body: ContractEndIn) -> dict[str, Any]:
    actor = actor_of(request)
    actor.require("people.register")
    person = people.person_by_public_id(public_id)
    actions.end_responsibility(actor=actor, now=clock.now(), person_id=person.pk, until=body.until, reason=body.reason)
    return _told(actor, person)


def _post(actor: Actor, code: str) -> int:
    posts = queries.family_doctors(actor.facility_id, timezone.localdate(clock.now()))
    for post in posts:
        if post.practitioner.code == code:
            return post.pk
    known = "、".join(post.practitioner.code for post in posts[:20]) or "—"
    raise Invalid(
        Problem("doctor", _("本机构没有可以签约的医生 %(code)s；可选：%(known)s") % {"code": code, "known": known})
    )


def _told(actor: Actor, person: Person) -> dict[str, Any]:
    now = clock.now()
    held, today = queries.responsibilities_of(person.pk), timezone.localdate(now)
    audit.record(actor=actor, event="person.read", at=now, person_id=person.pk, detail={"part": "contract"})
    running = (one for one in held if one.since <= today and (one.ends is None or one.ends > today))
    present = next(running, None)
    return {"present": _line(present) if present else None, "all": [_line(one) for one in held]}


def _line(one: CareResponsibility) -> dict[str, Any]:
    return {
        "doctor": one.post.practitioner.code,
        "doctor_name": one.post.practitioner.name,
        "facility": one.post.facility.code,
        "contracted": one.contracted,
        "since": one.since,
        "agreed_until": one.agreed_until,
        "until": one.ends,
        "end_reason": one.end_reason,
    }
