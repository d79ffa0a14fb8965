"""The words of the record: FHIR R4's kinds of resource, classes and status words."""

from enum import StrEnum


class EncounterClass(StrEnum):
    """FHIR v3-ActCode, in words."""

    AMBULATORY = "AMB"
    EMERGENCY = "EMER"
    INPATIENT = "IMP"
    HOME = "HH"
    VIRTUAL = "VR"


class EncounterStatus(StrEnum):
    PLANNED = "planned"
    ARRIVED = "arrived"
    TRIAGED = "triaged"
    IN_PROGRESS = "in-progress"
    ON_LEAVE = "onleave"
    FINISHED = "finished"
    CANCELLED = "cancelled"
    ENTERED_IN_ERROR = "entered-in-error"
    UNKNOWN = "unknown"


class FactKind(StrEnum):
    """What a line of the timeline is."""

    ENCOUNTER = "encounter"
    CONDITION = "condition"
    OBSERVATION = "observation"
    PROCEDURE = "procedure"
    MEDICATION = "medication"
    ALLERGY = "allergy"
    IMMUNIZATION = "immunization"
    REPORT = "report"
    DOCUMENT = "document"
    REQUEST = "request"


class SourceKind(StrEnum):
    NATIVE = "native"
    FHIR = "fhir"
    HL7V2 = "hl7v2"
    SHEET = "sheet"
    TWIN = "twin"


class Fate(StrEnum):
    """What became of one incoming resource."""

    TAKEN = "taken"
    KNOWN = "known"
    UNSUPPORTED = "unsupported"
    REJECTED = "rejected"
