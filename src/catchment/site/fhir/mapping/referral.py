"""The referral as a ServiceRequest (what is asked) and a Task (where it stands and who holds it)."""

from collections.abc import Mapping
from typing import Any

from catchment.rooms.referral.models import Referral
from catchment.rooms.referral.queries import reason_words
from catchment.rooms.referral.rules.words import DIRECTIONS, STATES
from catchment.rooms.referral.types import State, Urgency
from catchment.site.fhir.mapping.shapes import coding, concept, instant, meta, pruned, reference

DIRECTION, STATE, REASON = (f"urn:catchment:referral:{name}" for name in ("direction", "state", "reason"))
REFERRED = {"system": "http://snomed.info/sct", "code": "3457005", "display": "Patient referral"}
FULFILL = {"system": "http://hl7.org/fhir/CodeSystem/task-code", "code": "fulfill"}
PRIORITIES: Mapping[str, str] = {Urgency.EMERGENCY: "stat", Urgency.URGENT: "urgent", Urgency.ORDINARY: "routine"}
REQUEST_STATUS: Mapping[str, str] = {
    State.SENT: "active",
    State.INFORMATION_REQUESTED: "active",
    State.ACCEPTED: "active",
    State.ARRIVED: "active",
    State.ANSWERED: "active",
    State.TAKEN_OVER: "active",
    State.DECLINED: "on-hold",
    State.EXPIRED: "on-hold",
    State.MISSED: "on-hold",
    State.CLOSED: "completed",
    State.WITHDRAWN: "revoked",
}
"""R4 `request-status`. On hold: the sender has to send it elsewhere or give it up."""
TASK_STATUS: Mapping[str, str] = {
    State.SENT: "requested",
    State.INFORMATION_REQUESTED: "received",
    State.ACCEPTED: "accepted",
    State.ARRIVED: "in-progress",
    State.ANSWERED: "in-progress",
    State.TAKEN_OVER: "in-progress",
    State.DECLINED: "rejected",
    State.EXPIRED: "failed",
    State.MISSED: "failed",
    State.CLOSED: "completed",
    State.WITHDRAWN: "cancelled",
}
"""R4 `task-status`. The task is the whole loop, so it is completed when the first follow-up is done."""


def service_request(row: Referral) -> dict[str, Any]:
    """ServiceRequest: why, to whom, how urgently, with the question as its note."""
    to = row.to_facility
    slot = row.booking.slot if row.booking else None
    return pruned(
        {
            **_base("ServiceRequest", row),
            "status": REQUEST_STATUS[State(row.state)],
            "category": [{"coding": [REFERRED], "text": "转诊"}],
            "code": concept(DIRECTION, row.direction, str(DIRECTIONS[row.direction])),
            "subject": _person(row),
            "occurrenceDateTime": instant(slot.starts_at) if slot else None,
            "authoredOn": instant(row.sent_at),
            "requester": _requester(row),
            "performerType": {"text": row.to_service.name} if row.to_service else None,
            "performer": [reference("Organization", to.organization_id, to.name)] if to else [],
            "locationReference": [reference("Location", to.pk, to.name)] if to else [],
            "reasonCode": _reasons(row),
            "basedOn": [reference("ServiceRequest", row.answers.public_id)] if row.answers else [],
            "note": [{"text": text} for text in (row.question, row.treatment) if text.strip()],
        }
    )


def task(row: Referral) -> dict[str, Any]:
    """Task: `reason` (the last step's coded reason) and `letter` (what came back) come with the row."""
    to, holder, state = row.to_facility, row.holder_facility, State(row.state)
    request = reference("ServiceRequest", row.public_id)
    ended = row.state_since if state in {State.CLOSED, State.WITHDRAWN} else None
    return pruned(
        {
            **_base("Task", row),
            "basedOn": [request],
            "focus": request,
            "status": TASK_STATUS[state],
            "statusReason": _status_reason(row),
            "businessStatus": concept(STATE, row.state, str(STATES[state])),
            "code": {"coding": [FULFILL]},
            "for": _person(row),
            "executionPeriod": pruned({"start": instant(row.accepted_at), "end": instant(ended)})
            if row.accepted_at
            else None,
            "authoredOn": instant(row.sent_at),
            "lastModified": instant(row.state_since),
            "requester": _requester(row),
            "performerType": [{"text": row.to_service.name}] if row.to_service else [],
            "owner": reference("Organization", holder.organization_id, holder.name),
            "location": reference("Location", to.pk, to.name) if to else None,
            "restriction": {"period": {"end": instant(row.due_at)}} if row.due_at else None,
            "output": _outputs(row),
        }
    )


def _base(kind: str, row: Referral) -> dict[str, Any]:
    return {
        "resourceType": kind,
        "id": str(row.public_id),
        "meta": meta(row.state_since),
        "identifier": [{"value": row.number}],
        "intent": "order",
        "priority": PRIORITIES[Urgency(row.urgency)],
    }


def _person(row: Referral) -> dict[str, Any] | None:
    return reference("Patient", row.person.public_id, row.person.name)


def _requester(row: Referral) -> dict[str, Any] | None:
    post, place = row.from_post, row.from_facility
    if post is None:
        return reference("Organization", place.organization_id, place.name)
    return reference("PractitionerRole", post.pk, f"{post.practitioner.name} · {place.name}")


def _reasons(row: Referral) -> list[dict[str, Any]]:
    day = (row.sent_at or row.created_at).date()
    why = concept(REASON, row.reason_code, reason_words("reason", row.reason_code, day)) if row.reason_code else None
    return [one for one in (concept("icd-10", row.diagnosis_code, row.diagnosis), why) if one]


def _status_reason(row: Referral) -> dict[str, Any] | None:
    code, text = row.reason  # type: ignore[attr-defined]
    return concept(REASON, code, text or code) or None


def _outputs(row: Referral) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    if row.arrival_encounter_id:
        visit = reference("Encounter", row.arrival_encounter_id)
        found.append({"type": _output_type("arrival", "到诊"), "valueReference": visit})
    letter = row.letter  # type: ignore[attr-defined]
    if letter is not None:
        diagnoses = "；".join(one.get("display") or one.get("code") or "" for one in letter.diagnoses)
        text = "\n".join(part for part in (diagnoses, letter.course, letter.results, letter.advice) if part.strip())
        found.append({"type": _output_type("letter", "回信"), "valueString": text or "-"})
    return found


def _output_type(code: str, text: str) -> dict[str, Any]:
    return {"coding": [coding("urn:catchment:referral:output", code)], "text": text}
