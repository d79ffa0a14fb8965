"""Code systems by the short words of the record, and the codes that FHIR R4 requires in the elements read here."""

from collections.abc import Mapping
from typing import Final

URIS: Final[Mapping[str, str]] = {
    "loinc": "http://loinc.org",
    "snomed": "http://snomed.info/sct",
    "rxnorm": "http://www.nlm.nih.gov/research/umls/rxnorm",
    "cvx": "http://hl7.org/fhir/sid/cvx",
    "icd-10": "http://hl7.org/fhir/sid/icd-10",
    "icd-10-cm": "http://hl7.org/fhir/sid/icd-10-cm",
    "icd-9-cm": "http://hl7.org/fhir/sid/icd-9-cm",
    "atc": "http://www.whocc.no/atc",
    "ndc": "http://hl7.org/fhir/sid/ndc",
    "ucum": "http://unitsofmeasure.org",
}
_WORDS: Final = {uri: word for word, uri in URIS.items()}
ACT_CODE: Final = "http://terminology.hl7.org/CodeSystem/v3-ActCode"
INTERPRETATION: Final = "http://terminology.hl7.org/CodeSystem/v3-ObservationInterpretation"
CONDITION_STATUS: Final = "http://terminology.hl7.org/CodeSystem/condition-clinical"
CONDITION_VERIFICATION: Final = "http://terminology.hl7.org/CodeSystem/condition-ver-status"
ALLERGY_STATUS: Final = "http://terminology.hl7.org/CodeSystem/allergyintolerance-clinical"
ALLERGY_VERIFICATION: Final = "http://terminology.hl7.org/CodeSystem/allergyintolerance-verification"

_EVENT = "preparation in-progress not-done on-hold stopped completed entered-in-error unknown"
_REQUEST_INTENT = "proposal plan order original-order reflex-order filler-order instance-order option"
_PRIORITY = "routine urgent asap stat"
_CODES = {
    "Patient.gender": "male female other unknown",
    "Practitioner.gender": "male female other unknown",
    "Location.status": "active suspended inactive",
    "Location.mode": "instance kind",
    "Encounter.status": "planned arrived triaged in-progress onleave finished cancelled entered-in-error unknown",
    "Observation.status": "registered preliminary final amended corrected cancelled entered-in-error unknown",
    "Procedure.status": _EVENT,
    "Immunization.status": "completed entered-in-error not-done",
    "MedicationRequest.status": "active on-hold cancelled completed entered-in-error stopped draft unknown",
    "MedicationRequest.intent": _REQUEST_INTENT,
    "MedicationRequest.priority": _PRIORITY,
    "Medication.status": "active inactive entered-in-error",
    "AllergyIntolerance.type": "allergy intolerance",
    "AllergyIntolerance.criticality": "low high unable-to-assess",
    "DiagnosticReport.status": "registered partial preliminary final amended corrected appended cancelled"
    " entered-in-error unknown",
    "DocumentReference.status": "current superseded entered-in-error",
    "DocumentReference.docStatus": "preliminary final amended entered-in-error",
    "ServiceRequest.status": "draft active on-hold revoked completed entered-in-error unknown",
    "ServiceRequest.intent": "directive " + _REQUEST_INTENT,
    "ServiceRequest.priority": _PRIORITY,
    "Task.status": "draft requested received accepted rejected ready cancelled in-progress on-hold failed completed"
    " entered-in-error",
    "Task.intent": "unknown proposal plan order original-order reflex-order filler-order instance-order option",
    "Task.priority": _PRIORITY,
}
REQUIRED_CODES: Final[Mapping[str, frozenset[str]]] = {path: frozenset(codes.split()) for path, codes in _CODES.items()}
"""Element path to the codes of its required binding (R4, each resource's own page)."""
REQUIRED_CONCEPTS: Final[Mapping[str, tuple[str, frozenset[str]]]] = {
    "Condition.clinicalStatus": (
        CONDITION_STATUS,
        frozenset(["active", "recurrence", "relapse", "inactive", "remission", "resolved"]),
    ),
    "Condition.verificationStatus": (
        CONDITION_VERIFICATION,
        frozenset(["unconfirmed", "provisional", "differential", "confirmed", "refuted", "entered-in-error"]),
    ),
    "AllergyIntolerance.clinicalStatus": (ALLERGY_STATUS, frozenset(["active", "inactive", "resolved"])),
    "AllergyIntolerance.verificationStatus": (
        ALLERGY_VERIFICATION,
        frozenset(["unconfirmed", "confirmed", "refuted", "entered-in-error", "presumed"]),
    ),
}
"""The same for elements that are a CodeableConcept: the one system and its codes."""


def word_of(uri: str) -> str:
    """The short word of a code system; its URI itself when it has none here."""
    return _WORDS.get(uri, uri)


def uri_of(word: str) -> str:
    """The URI of a short word; the word itself when it is none of ours."""
    return URIS.get(word, word)
