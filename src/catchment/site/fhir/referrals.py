"""The referral's two resource types, and orders of the record; drafts of referrals are their author's alone."""

from collections.abc import Mapping, Sequence

from django.db.models import QuerySet

from catchment.kernel.actor import Actor
from catchment.kernel.models import FlowEvent
from catchment.rooms.record.models import ServiceRequest
from catchment.rooms.referral import queries
from catchment.rooms.referral.models import Referral, ReturnLetter
from catchment.rooms.referral.rules import REFERRAL
from catchment.site.fhir.mapping import facts, referral
from catchment.site.fhir.params import PATIENT, Date, Meant, Param, Reference, Token, by_code, constant
from catchment.site.fhir.registry import Kind

_JOINED = ("person", "from_post__practitioner", "to_facility", "holder_facility", "booking__slot", "answers")
_ITSELF = Reference({"ServiceRequest": "public_id"}, by_uuid=True)


def referral_kinds() -> list[Kind]:
    """ServiceRequest and Task."""
    return [
        Kind(
            type="ServiceRequest",
            rows=sent_referrals,
            write=referral.service_request,
            key="public_id",
            person="person_id",
            at="sent_at",
            changed="state_since",
            capability="referral.read",
            params={
                **_SHARED,
                "status": Meant("state", by_code(referral.REQUEST_STATUS)),
                "authored": Date("sent_at"),
                "occurrence": Date("booking__slot__starts_at"),
                "performer": Reference({"Organization": "to_facility__organization_id"}),
                "code": Token("direction"),
                "based-on": Reference({"ServiceRequest": "answers__public_id"}, by_uuid=True),
            },
            also=_orders(),
        ),
        Kind(
            type="Task",
            rows=sent_referrals,
            complete=_with_reason_and_letter,
            write=referral.task,
            key="public_id",
            person="person_id",
            at="sent_at",
            changed="state_since",
            capability="referral.read",
            params={
                **_SHARED,
                "status": Meant("state", by_code(referral.TASK_STATUS)),
                "business-status": Meant("state", {str(state): (str(state),) for state in referral.TASK_STATUS}),
                "code": constant(referral.FULFILL["code"]),
                "authored-on": Date("sent_at"),
                "modified": Date("state_since"),
                "owner": Reference({"Organization": "holder_facility__organization_id"}),
                "focus": _ITSELF,
                "based-on": _ITSELF,
            },
        ),
    ]


def _orders() -> Kind:
    """What other systems ordered, as the record holds it."""
    return Kind(
        type="ServiceRequest",
        rows=lambda _actor: ServiceRequest.objects.select_related("person", "facility", "practitioner"),
        write=facts.service_request,
        person="person_id",
        at="at",
        changed="recorded_at",
        params={
            "patient": PATIENT,
            "subject": PATIENT,
            "status": Token("status"),
            "intent": Token("intent"),
            "priority": Token("priority"),
            "authored": Date("at"),
            "code": Token("code", "code_system"),
            "requester": Reference({"Practitioner": "practitioner_id"}),
            "encounter": Reference({"Encounter": "encounter_id"}),
        },
    )


def sent_referrals(actor: Actor) -> QuerySet[Referral]:
    """The referrals that this actor may see and that have been sent at some time."""
    return queries.referrals(actor).filter(sent_at__isnull=False).select_related(*_JOINED)


_SHARED: Mapping[str, Param] = {
    "patient": PATIENT,
    "subject": PATIENT,
    "identifier": Token("number"),
    "intent": constant("order"),
    "priority": Meant("urgency", by_code(referral.PRIORITIES)),
    "requester": Reference(
        {
            "PractitionerRole": "from_post_id",
            "Practitioner": "from_post__practitioner_id",
            "Organization": "from_facility__organization_id",
        }
    ),
}


def _with_reason_and_letter(rows: Sequence[Referral]) -> None:
    keys = [row.pk for row in rows]
    events = FlowEvent.objects.filter(subject_kind=REFERRAL.kind, subject_id__in=keys).order_by("pk")
    last = {event.subject_id: event for event in events.exclude(from_state="") if event.to_state}
    letters = {letter.referral_id: letter for letter in ReturnLetter.objects.filter(referral__in=rows)}
    for row in rows:
        event = last.get(row.pk)
        row.reason = (event.reason_code, event.reason_text) if event else ("", "")  # type: ignore[attr-defined]
        row.letter = letters.get(row.pk)  # type: ignore[attr-defined]
