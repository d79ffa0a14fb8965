"""The words of people."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from uuid import UUID


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


class Evidence(StrEnum):
    """What about a person answered a search."""

    NAME = "name"
    SOUND = "sound"
    PHONE = "phone"
    IDENTIFIER = "identifier"


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonLine:
    """One person as a list shows them. `phone_masked` is fit for a screen that others can see."""

    public_id: UUID
    name: str
    sex: str
    birth_date: date | None
    village: str
    phone_masked: str
    primary_facility_name: str
    matched: Evidence


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonBanner:
    """What a page about a person keeps in sight; the responsible doctor is the staff room's to add."""

    public_id: UUID
    name: str
    sex: str
    birth_date: date | None
    deceased_on: date | None
    village: str
    phone_masked: str
    primary_facility_name: str
