"""Clinical resources of FHIR R4 in the record's columns. Each reader takes a resource that `validity` found valid."""

import base64
import binascii
from collections.abc import Callable
from typing import Any

from catchment.standards.fhir.reading import (
    Reading,
    Resource,
    Scope,
    clipped,
    code_in,
    code_of,
    coded,
    coded_columns,
    earliest,
    ending,
    first_of,
    link_to,
    quantity_text,
    unit_of,
)
from catchment.standards.fhir.systems import (
    ACT_CODE,
    ALLERGY_STATUS,
    ALLERGY_VERIFICATION,
    CONDITION_STATUS,
    CONDITION_VERIFICATION,
    INTERPRETATION,
)
from catchment.standards.fhir.times import moment

ENCOUNTER_CLASSES = {
    "AMB": "AMB", "EMER": "EMER", "IMP": "IMP", "HH": "HH", "VR": "VR",
    "ACUTE": "IMP", "NONAC": "IMP", "OBSENC": "IMP", "SS": "IMP", "PRENC": "AMB",
}  # fmt: skip
"""v3-ActCode of an Encounter to the record's class; every other class is OTH."""


def encounter(resource: Resource, scope: Scope) -> Reading:
    """Encounter: its first participant and its provider (else its first location) are who and where."""
    to, period = link_to(scope), resource.get("period") or {}
    stay = resource.get("hospitalization") or {}
    klass = resource.get("class") or {}
    known = ENCOUNTER_CLASSES.get(klass.get("code") or "", "OTH") if klass.get("system") in (ACT_CODE, None) else "OTH"
    reason = first_of(resource.get("reasonCode")) or first_of(resource.get("type"))
    identifier = first_of(resource.get("identifier"))
    place = to(first_of(resource.get("location")).get("location"))
    return Reading(
        {
            "status": code_of(resource, "status"),
            "at": moment(period["start"]) if period.get("start") else ending(resource, "period"),
            "ended_at": ending(resource, "period"),
            "klass": known,
            "reason_code": coded(reason).code[:160],
            "reason": clipped(coded(reason).display, 200),
            "department": clipped(coded(resource.get("serviceType")).display, 60),
            "number": clipped(identifier.get("value") or "", 40),
            "disposition": clipped(coded(stay.get("dischargeDisposition")).display, 40),
        },
        {
            "person": to(resource.get("subject")),
            "facility": to(resource.get("serviceProvider")) or place,
            "practitioner": to(first_of(resource.get("participant")).get("individual")),
        },
    )


def condition(resource: Resource, scope: Scope) -> Reading:
    """Condition: a clinical status left out is active, as the verification may be left out (R4 constraint con-3)."""
    status = code_in(resource.get("clinicalStatus"), CONDITION_STATUS)
    verification = code_in(resource.get("verificationStatus"), CONDITION_VERIFICATION)
    void = verification == "entered-in-error"
    fields = {
        "status": verification if void else status or ("resolved" if _abated(resource) else "active"),
        "verification": verification or "confirmed",
        "category": clipped(coded(first_of(resource.get("category"))).code or "encounter-diagnosis", 24),
        "abated_at": earliest(resource, "abatementDateTime", "abatementPeriod"),
        "note": "\n".join(note["text"] for note in resource.get("note") or [] if note.get("text")),
        "at": earliest(resource, "onsetDateTime", "onsetPeriod", "recordedDate"),
        **coded_columns(resource.get("code")),
    }
    return Reading(fields, _links(resource, scope, "subject", "asserter", "recorder"))


def _abated(resource: Resource) -> bool:
    return any(name.startswith("abatement") for name in resource)


def observation(resource: Resource, scope: Scope) -> Reading:
    """Observation: one value in its own kind, or the parts of a panel; the first reference range."""
    limits = first_of(resource.get("referenceRange"))
    marks = (code_in(concept, INTERPRETATION) for concept in resource.get("interpretation") or [])
    parts = [_component(part) for part in resource.get("component") or []]
    fields = {
        "status": code_of(resource, "status"),
        "category": clipped(coded(first_of(resource.get("category"))).code or "laboratory", 24),
        "components": parts or None,
        "low": (limits.get("low") or {}).get("value"),
        "high": (limits.get("high") or {}).get("value"),
        "interpretation": next((mark for mark in marks if mark), "")[:8],
        "at": earliest(resource, "effectiveDateTime", "effectivePeriod", "effectiveInstant", "issued"),
        **_value(resource),
        **coded_columns(resource.get("code")),
    }
    return Reading(fields, _links(resource, scope, "subject", "performer"))


def _component(part: Resource) -> dict[str, Any]:
    found, limits = coded(part.get("code")), first_of(part.get("referenceRange"))
    held = {
        "code": found.code,
        "system": found.system,
        "display": found.display,
        **_value(part),
        "low": (limits.get("low") or {}).get("value"),
        "high": (limits.get("high") or {}).get("value"),
    }
    return {name: value for name, value in held.items() if value not in (None, "")}


def _value(holder: Resource) -> dict[str, Any]:
    quantity = holder.get("valueQuantity") or {}
    exact = quantity.get("value") is not None and not quantity.get("comparator")
    if exact:
        return {"value": float(quantity["value"]), "unit": unit_of(quantity), "value_text": "", "value_code": ""}
    if holder.get("valueInteger") is not None:
        return {"value": float(holder["valueInteger"]), "unit": "", "value_text": "", "value_code": ""}
    concept = coded(holder.get("valueCodeableConcept"))
    return {"value": None, "unit": unit_of(quantity), "value_text": _value_text(holder), "value_code": concept.code}


def _value_text(holder: Resource) -> str:
    found = next((_TEXTS[name](holder[name]) for name in _TEXTS if name in holder), None)
    return coded(holder.get("dataAbsentReason")).display if found is None else found


def _range_text(limits: Resource) -> str:
    return f"{quantity_text(limits.get('low'))}–{quantity_text(limits.get('high'))}"


def _ratio_text(ratio: Resource) -> str:
    return f"{quantity_text(ratio.get('numerator'))}:{quantity_text(ratio.get('denominator'))}"


def _period_text(period: Resource) -> str:
    return "–".join(period.get(side) or "" for side in ("start", "end"))


_TEXTS: dict[str, Callable[[Any], str]] = {
    "valueQuantity": quantity_text,
    "valueRange": _range_text,
    "valueRatio": _ratio_text,
    "valuePeriod": _period_text,
    "valueSampledData": lambda sampled: str(sampled.get("data") or ""),
    "valueString": str,
    "valueBoolean": lambda value: str(value).lower(),
    "valueTime": str,
    "valueDateTime": str,
    "valueCodeableConcept": lambda concept: coded(concept).display,
}


def procedure(resource: Resource, scope: Scope) -> Reading:
    """Procedure: when it was performed, from and to."""
    fields = {
        "status": code_of(resource, "status"),
        "at": earliest(resource, "performedDateTime", "performedPeriod"),
        "ended_at": ending(resource, "performedPeriod"),
        **coded_columns(resource.get("code")),
    }
    links = _links(resource, scope, "subject")
    actor = first_of(resource.get("performer")).get("actor")
    return Reading(fields, {**links, "practitioner": link_to(scope)(actor)})


def medication_request(resource: Resource, scope: Scope) -> Reading:
    """MedicationRequest: a medicine told by reference is named by that Medication, linked as `medication`."""
    dosage = first_of(resource.get("dosageInstruction"))
    supply = resource.get("dispenseRequest") or {}
    fields = {
        "status": code_of(resource, "status"),
        "dose": _dose(dosage),
        "days": _days(supply.get("expectedSupplyDuration")),
        "ended_at": ending(supply, "validityPeriod"),
        "at": earliest(resource, "authoredOn"),
        **coded_columns(resource.get("medicationCodeableConcept")),
    }
    reference = resource.get("medicationReference")
    if reference and not fields["display"]:
        fields["display"] = clipped(reference.get("display") or "", 255)
    links = _links(resource, scope, "subject", "requester", "performer")
    return Reading(fields, {**links, "medication": link_to(scope)(reference)})


def _dose(dosage: Resource) -> str:
    if dosage.get("text"):
        return str(dosage["text"])
    amount = first_of(dosage.get("doseAndRate"))
    need = "as needed" if dosage.get("asNeededBoolean") else ""
    parts = (quantity_text(amount.get("doseQuantity")), coded(dosage.get("route")).display, _rate(dosage), need)
    return " ".join(part for part in parts if part)


def _rate(dosage: Resource) -> str:
    repeat = (dosage.get("timing") or {}).get("repeat") or {}
    unit = repeat.get("periodUnit")
    return f"{repeat.get('frequency', 1)}×/{repeat.get('period', 1):g}{unit}" if unit else ""


def _days(duration: Resource | None) -> int | None:
    per = {"d": 1, "wk": 7, "mo": 30, "a": 365}.get((duration or {}).get("code") or "d")
    value = (duration or {}).get("value")
    days = round(value * per) if value is not None and per else None
    return days if days is not None and 0 <= days <= 32767 else None


def allergy(resource: Resource, scope: Scope) -> Reading:
    """AllergyIntolerance: reactions by their manifestations."""
    verification = code_in(resource.get("verificationStatus"), ALLERGY_VERIFICATION)
    status = code_in(resource.get("clinicalStatus"), ALLERGY_STATUS)
    reactions = resource.get("reaction") or []
    shown = [coded(concept).display for reaction in reactions for concept in reaction.get("manifestation") or []]
    fields = {
        "status": verification if verification in {"entered-in-error", "refuted"} else status or "active",
        "criticality": code_of(resource, "criticality", ""),
        "reaction": "；".join(text for text in shown if text),
        "at": earliest(resource, "onsetDateTime", "onsetPeriod", "recordedDate", "lastOccurrence"),
        **coded_columns(resource.get("code")),
    }
    if not fields["display"]:
        fields |= coded_columns(first_of(reactions).get("substance"))
    return Reading(fields, _links(resource, scope, "patient", "asserter", "recorder"))


def immunization(resource: Resource, scope: Scope) -> Reading:
    """Immunization: a time told in words only counts from when it was recorded."""
    fields = {
        "status": code_of(resource, "status"),
        "lot": clipped(resource.get("lotNumber") or "", 60),
        "at": earliest(resource, "occurrenceDateTime", "recorded"),
        **coded_columns(resource.get("vaccineCode")),
    }
    links = _links(resource, scope, "patient")
    actor = first_of(resource.get("performer")).get("actor")
    return Reading(fields, {**links, "practitioner": link_to(scope)(actor)})


def report(resource: Resource, scope: Scope) -> Reading:
    """DiagnosticReport: its results are `many`; without a conclusion, the text it presents stands for it."""
    conclusions = [coded(concept).display for concept in resource.get("conclusionCode") or []]
    presented = [_text_of(attachment) for attachment in resource.get("presentedForm") or []]
    said = resource.get("conclusion") or "；".join(filter(None, conclusions)) or "\n".join(filter(None, presented))
    fields: dict[str, Any] = {
        "status": code_of(resource, "status"),
        "category": clipped(coded(first_of(resource.get("category"))).code, 24),
        "conclusion": said,
        "observation_ids": [],
        "at": earliest(resource, "effectiveDateTime", "effectivePeriod", "issued"),
        **coded_columns(resource.get("code")),
    }
    results = (link_to(scope)(reference) for reference in resource.get("result") or [])
    links = _links(resource, scope, "subject", "resultsInterpreter", "performer")
    return Reading(fields, links, tuple(key for key in results if key))


def document(resource: Resource, scope: Scope) -> Reading:
    """DocumentReference: text attachments as text; another attachment as `data`, its bytes, or as its address."""
    attachments = [content["attachment"] for content in resource.get("content") or []]
    main = first_of(attachments)
    content_type = clipped(main.get("contentType") or "", 80)
    data = None if content_type.startswith("text/") else _bytes_of(main)
    fields = {
        "status": code_of(resource, "status"),
        "text": _text_of(main) or main.get("url") or "",
        "content_type": content_type,
        "size": len(data) if data else main.get("size"),
        "data": data,
        "at": earliest(resource, "date") or earliest(resource.get("context") or {}, "period"),
        **coded_columns(resource.get("type") or first_of(resource.get("category"))),
    }
    if not fields["display"]:
        fields["display"] = clipped(main.get("title") or resource.get("description") or content_type, 255)
    links = _links(resource, scope, "subject", "author")
    to, context = link_to(scope), resource.get("context") or {}
    where = {"encounter": to(first_of(context.get("encounter"))), "facility": to(resource.get("custodian"))}
    return Reading(fields, {**links, **where})


def service_request(resource: Resource, scope: Scope) -> Reading:
    """ServiceRequest: why it was asked, in codes' words."""
    reasons = [coded(concept).display for concept in resource.get("reasonCode") or []]
    fields = {
        "status": code_of(resource, "status"),
        "intent": code_of(resource, "intent", "order"),
        "priority": code_of(resource, "priority", "routine"),
        "reason": "；".join(filter(None, reasons)),
        "at": earliest(resource, "authoredOn", "occurrenceDateTime", "occurrencePeriod"),
        **coded_columns(resource.get("code")),
    }
    return Reading(fields, _links(resource, scope, "subject", "requester"))


def _links(resource: Resource, scope: Scope, person: str, *who: str) -> dict[str, Any]:
    """The usual links; of the elements that say who, the first that is given counts."""
    to = link_to(scope)
    given = (resource.get(element) for element in who if resource.get(element))
    first = next(given, None)
    return {
        "person": to(resource.get(person)),
        "encounter": to(resource.get("encounter")),
        "practitioner": to(first_of(first) if isinstance(first, list) else first),
    }


def _bytes_of(attachment: Resource) -> bytes | None:
    try:
        return base64.b64decode(attachment["data"], validate=False) if attachment.get("data") else None
    except (binascii.Error, ValueError):
        return None


def _text_of(attachment: Resource) -> str:
    if not str(attachment.get("contentType") or "").startswith("text/"):
        return ""
    return (_bytes_of(attachment) or b"").decode("utf-8", "replace").replace("\x00", "")
