"""Which action each verb of the API is, and what it takes from the body."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from catchment.kernel import compiled
from catchment.kernel.actor import Actor
from catchment.kernel.errors import Invalid, NotFound, Problem
from catchment.rooms.places.models import Service
from catchment.rooms.referral import actions
from catchment.rooms.referral.api.schemas import SendingIn, ServiceIn, StepIn
from catchment.rooms.referral.models import Referral
from catchment.rooms.referral.types import Sending

Taken = Callable[[StepIn], dict[str, Any]]


def service_id(given: ServiceIn) -> int:
    """The service behind the codes; `Invalid` when there is none."""
    found = compiled.rows(_services, given.facility, given.service)
    if not found:
        raise Invalid(Problem("to", _("没有代码为 %(f)s / %(s)s 的科室") % {"f": given.facility, "s": given.service}))
    return int(found[0][0])


def _services(facility: str, code: str) -> QuerySet[Service, tuple[int]]:
    return Service.objects.filter(facility__code=facility, code=code).values_list("pk")


def sending(given: SendingIn | None) -> Sending:
    if given is None:
        return Sending()
    return Sending(
        reserve=given.reserve, slot_id=given.slot, phone=given.phone, acknowledged_live=given.acknowledged_live
    )


def take(*, actor: Actor, now: datetime, referral_id: int, verb: str, body: StepIn) -> Referral:
    """Take the step; `NotFound` for a verb that is not in the table."""
    if verb not in STEPS:
        raise NotFound("unknown-step", _("没有这个步骤：%s") % verb)
    act, taken = STEPS[verb]
    return act(actor=actor, now=now, referral_id=referral_id, **taken(body))


def _nothing(_body: StepIn) -> dict[str, Any]:
    return {}


def _reason(body: StepIn) -> dict[str, Any]:
    return {"code": body.code, "text": body.text}


def _slot(body: StepIn) -> dict[str, Any]:
    if body.slot is None:
        raise Invalid(Problem("slot", _("请给出号源")))
    return {"slot_id": body.slot}


def _redirect(body: StepIn) -> dict[str, Any]:
    if body.to is None:
        raise Invalid(Problem("to", _("请给出改转的科室")))
    return {"to_service_id": service_id(body.to), **_reason(body)}


def _resend(body: StepIn) -> dict[str, Any]:
    return {"to_service_id": service_id(body.to) if body.to else None, "sending": sending(body.sending)}


def _letter(body: StepIn) -> dict[str, Any]:
    if body.letter is None:
        raise Invalid(Problem("letter", _("请附出院小结和后续计划")))
    return {"letter": body.letter.as_form()}


STEPS: dict[str, tuple[Callable[..., Referral], Taken]] = {
    "send": (actions.send_referral, lambda body: {"sending": sending(body.sending)}),
    "discard": (actions.discard_referral, _nothing),
    "accept": (actions.accept_referral, lambda body: {"note": body.text}),
    "accept-other-time": (actions.accept_referral, lambda body: {**_slot(body), "note": body.text}),
    "request-information": (actions.request_information, lambda body: {"text": body.text}),
    "supply-information": (actions.supply_information, lambda body: {"text": body.text}),
    "redirect": (actions.redirect_referral, _redirect),
    "decline": (actions.decline_referral, _reason),
    "withdraw": (actions.withdraw_referral, _reason),
    "abandon": (actions.abandon_referral, _reason),
    "change-time": (actions.change_time, _slot),
    "arrive": (actions.arrive_referral, lambda body: {"encounter_id": body.encounter}),
    "answer": (actions.answer_referral, _letter),
    "take-over": (actions.take_over_referral, lambda body: {"note": body.text}),
    "follow-up": (actions.follow_up_referral, lambda body: {"note": body.text}),
    "resend": (actions.resend_referral, _resend),
}
