"""The words of people."""

from enum import StrEnum


class Sex(StrEnum):
    """FHIR AdministrativeGender."""

    MALE = "male"
    FEMALE = "female"
    OTHER = "other"
    UNKNOWN = "unknown"


class IdentifierSystem(StrEnum):
    """Which register a number comes from; `local` numbers are unique within their assigner only."""

    RESIDENT_ID = "resident-id"
    INSURANCE = "insurance"
    HEALTH_CARD = "health-card"
    LOCAL = "local"
    EXTERNAL = "external"


class MatchState(StrEnum):
    SUSPECTED = "suspected"
    MERGED = "merged"
    DISTINCT = "distinct"
