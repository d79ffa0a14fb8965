"""The record's entries as FHIR R4 resources."""

from base64 import b64encode
from typing import Any

from catchment.rooms.record.models import (
    Allergy,
    CodedFact,
    Condition,
    Document,
    Encounter,
    Fact,
    Immunization,
    Medication,
    Observation,
    Procedure,
    Report,
    ServiceRequest,
)
from catchment.rooms.record.types import EncounterClass
from catchment.site.fhir.mapping.shapes import coding, concept, instant, meta, pruned, reference
from catchment.standards.fhir import systems

_TERMS = "http://terminology.hl7.org/CodeSystem"
OBSERVATION_CATEGORIES = frozenset(
    ["social-history", "vital-signs", "imaging", "laboratory", "procedure", "survey", "exam", "therapy", "activity"]
)
CONDITION_CATEGORIES = frozenset({"problem-list-item", "encounter-diagnosis"})
_NO_CODE = "-"


def encounter(row: Encounter) -> dict[str, Any]:
    """Encounter with where, who and why."""
    facility = row.facility
    reason = concept("", row.reason_code, row.reason)
    return pruned(
        {
            **_base("Encounter", row),
            "identifier": [{"value": row.number}] if row.number else [],
            "class": _class(row.klass),
            "serviceType": {"text": row.department} if row.department else None,
            "subject": _person(row),
            "participant": [{"individual": _practitioner(row)}] if row.practitioner_id else [],
            "period": pruned({"start": instant(row.at), "end": instant(row.ended_at)}),
            "reasonCode": [reason] if reason else [],
            "hospitalization": {"dischargeDisposition": {"text": row.disposition}} if row.disposition else None,
            "location": [{"location": reference("Location", facility.pk, facility.name)}] if facility else [],
            "serviceProvider": reference("Organization", facility.organization_id, facility.name) if facility else None,
        }
    )


def _class(klass: str) -> dict[str, Any]:
    if klass == EncounterClass.OTHER:
        return {"display": "other"}
    return coding(systems.ACT_CODE, klass)


def condition(row: Condition) -> dict[str, Any]:
    """Condition; one entered in error has no clinical status (R4 constraint con-5)."""
    void = row.status == "entered-in-error" or row.verification == "entered-in-error"
    known = row.category in CONDITION_CATEGORIES
    verified = "entered-in-error" if void else row.verification
    clinical = None if void else {"coding": [coding(systems.CONDITION_STATUS, row.status)]}
    return pruned(
        {
            **_base("Condition", row, status=False),
            "clinicalStatus": clinical,
            "verificationStatus": {"coding": [coding(systems.CONDITION_VERIFICATION, verified)]},
            "category": [concept(f"{_TERMS}/condition-category" if known else "", row.category, "")],
            **_coded(row),
            "subject": _person(row),
            "onsetDateTime": instant(row.at),
            "abatementDateTime": instant(row.abated_at)
            if row.status in {"inactive", "resolved", "remission"}
            else None,
            "recordedDate": instant(row.recorded_at),
            "recorder": _practitioner(row),
            "note": [{"text": row.note}] if row.note else [],
        }
    )


def observation(row: Observation) -> dict[str, Any]:
    """Observation: a number as Quantity, everything else as text or concept, panels by their components."""
    known = row.category in OBSERVATION_CATEGORIES
    return pruned(
        {
            **_base("Observation", row),
            "category": [concept(f"{_TERMS}/observation-category" if known else "", row.category, "")],
            **_coded(row),
            "subject": _person(row),
            "effectiveDateTime": instant(row.at),
            "issued": instant(row.recorded_at),
            "performer": [_practitioner(row)] if row.practitioner_id else [],
            **_value(row.value, row.unit, row.value_text, row.value_code),
            "interpretation": [_mark(row.interpretation)] if row.interpretation else [],
            "referenceRange": [_range(row.low, row.high, row.unit)]
            if row.low is not None or row.high is not None
            else [],
            "component": [_component(part) for part in row.components or []],
        }
    )


def _mark(code: str) -> dict[str, Any]:
    return {"coding": [coding(systems.INTERPRETATION, code)]}


def _value(value: float | None, unit: str, text: str, code: str) -> dict[str, Any]:
    if value is not None:
        return {"valueQuantity": pruned({"unit": unit}) | {"value": value}}
    if code:
        return {"valueCodeableConcept": concept("", code, text)}
    return {"valueString": text} if text.strip() else {}


def _range(low: float | None, high: float | None, unit: str) -> dict[str, Any]:
    ends = {"low": low, "high": high}
    return {name: pruned({"unit": unit}) | {"value": value} for name, value in ends.items() if value is not None}


def _component(part: dict[str, Any]) -> dict[str, Any]:
    unit, low, high = part.get("unit") or "", part.get("low"), part.get("high")
    code = concept(
        part.get("system") or "", part.get("code") or "", part.get("display") or part.get("code") or _NO_CODE
    )
    ranges = [_range(low, high, unit)] if low is not None or high is not None else []
    value = _value(part.get("value"), unit, part.get("value_text") or "", part.get("value_code") or "")
    return pruned({"code": code, **value, "referenceRange": ranges})


def procedure(row: Procedure) -> dict[str, Any]:
    return pruned(
        {
            **_base("Procedure", row),
            **_coded(row),
            "subject": _person(row),
            "performedPeriod": pruned({"start": instant(row.at), "end": instant(row.ended_at)}),
            "performer": [{"actor": _practitioner(row)}] if row.practitioner_id else [],
        }
    )


def medication_request(row: Medication) -> dict[str, Any]:
    """MedicationRequest: `days` of supply and the dose as written."""
    supply = {"value": row.days, "unit": "d", "system": systems.URIS["ucum"], "code": "d"} if row.days else None
    return pruned(
        {
            **_base("MedicationRequest", row),
            "intent": "order",
            "medicationCodeableConcept": _concept(row),
            "subject": _person(row),
            "encounter": reference("Encounter", row.encounter_id),
            "authoredOn": instant(row.at),
            "requester": _practitioner(row),
            "dosageInstruction": [{"text": row.dose}] if row.dose.strip() else [],
            "dispenseRequest": {"expectedSupplyDuration": supply} if supply else None,
        }
    )


def allergy(row: Allergy) -> dict[str, Any]:
    """AllergyIntolerance; refuted and mistaken ones are told by their verification."""
    doubted = row.status in {"entered-in-error", "refuted"}
    verification = row.status if doubted else "confirmed"
    void = row.status == "entered-in-error"
    clinical = None if void else {"coding": [coding(systems.ALLERGY_STATUS, "inactive" if doubted else row.status)]}
    return pruned(
        {
            **_base("AllergyIntolerance", row, status=False),
            "clinicalStatus": clinical,
            "verificationStatus": {"coding": [coding(systems.ALLERGY_VERIFICATION, verification)]},
            "criticality": row.criticality if row.criticality in {"low", "high", "unable-to-assess"} else None,
            **_coded(row),
            "patient": _person(row),
            "recordedDate": instant(row.at),
            "recorder": _practitioner(row),
            "reaction": [{"manifestation": [{"text": row.reaction}]}] if row.reaction.strip() else [],
        }
    )


def service_request(row: ServiceRequest) -> dict[str, Any]:
    """ServiceRequest: an order for an examination, a test or a service."""
    told = {"intent": row.intent, "priority": row.priority}
    allowed = {name: code in systems.REQUIRED_CODES[f"ServiceRequest.{name}"] for name, code in told.items()}
    return pruned(
        {
            **_base("ServiceRequest", row),
            "intent": row.intent if allowed["intent"] else "order",
            "priority": row.priority if allowed["priority"] else None,
            **_coded(row),
            "subject": _person(row),
            "authoredOn": instant(row.at),
            "requester": _practitioner(row),
            "reasonCode": [concept("", "", row.reason)] if row.reason.strip() else [],
        }
    )


def immunization(row: Immunization) -> dict[str, Any]:
    return pruned(
        {
            **_base("Immunization", row),
            "vaccineCode": _concept(row),
            "patient": _person(row),
            "encounter": reference("Encounter", row.encounter_id),
            "occurrenceDateTime": instant(row.at),
            "lotNumber": row.lot,
            "performer": [{"actor": _practitioner(row)}] if row.practitioner_id else [],
        }
    )


def report(row: Report) -> dict[str, Any]:
    """DiagnosticReport with the observations it rests on."""
    return pruned(
        {
            **_base("DiagnosticReport", row),
            "category": [concept("", row.category, "")] if row.category else [],
            **_coded(row),
            "subject": _person(row),
            "effectiveDateTime": instant(row.at),
            "issued": instant(row.recorded_at),
            "performer": [_practitioner(row)] if row.practitioner_id else [],
            "result": [reference("Observation", key) for key in row.observation_ids],
            "conclusion": row.conclusion,
        }
    )


def document(row: Document) -> dict[str, Any]:
    """DocumentReference: text travels inside; a file is told by type, size and name."""
    data = b64encode(row.text.encode()).decode() if row.text else None
    attachment = pruned(
        {
            "contentType": row.content_type or ("text/plain" if row.text else None),
            "data": data,
            "size": None if data else row.size,
            "title": row.display,
        }
    )
    context = pruned({"encounter": [reference("Encounter", row.encounter_id)] if row.encounter_id else []})
    return pruned(
        {
            **_base("DocumentReference", row),
            "type": concept(row.code_system, row.code, row.display),
            "subject": _person(row),
            "date": instant(row.at),
            "author": [_practitioner(row)] if row.practitioner_id else [],
            "content": [{"attachment": attachment}],
            "context": context,
        }
    )


def _base(kind: str, row: Fact, *, status: bool = True) -> dict[str, Any]:
    told = {"resourceType": kind, "id": str(row.pk), "meta": meta(row.recorded_at)}
    return {**told, "status": _status(kind, row.status)} if status else told


def _status(kind: str, status: str) -> str:
    """The status where R4 has it for this type; what another source means by another word is `unknown`."""
    allowed = systems.REQUIRED_CODES[f"{kind}.status"]
    if status in allowed:
        return status
    return "unknown" if "unknown" in allowed else min(allowed & {"completed", "current"})


def _coded(row: CodedFact) -> dict[str, Any]:
    return {"code": _concept(row), "encounter": reference("Encounter", row.encounter_id)}


def _concept(row: CodedFact) -> dict[str, Any]:
    return concept(row.code_system, row.code, row.display or row.code or _NO_CODE)


def _person(row: Fact) -> dict[str, Any] | None:
    return reference("Patient", row.person.public_id, row.person.name)


def _practitioner(row: Fact) -> dict[str, Any] | None:
    return reference("Practitioner", row.practitioner_id, row.practitioner.name if row.practitioner else "")
