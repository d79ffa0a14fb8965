"""The words of people."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import TypedDict
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


class Insurance(StrEnum):
    """The two kinds of basic medical insurance."""

    RESIDENT = "resident"
    EMPLOYEE = "employee"


class MatchState(StrEnum):
    SUSPECTED = "suspected"
    MERGED = "merged"
    DISTINCT = "distinct"


NATIONAL = frozenset({IdentifierSystem.RESIDENT_ID, IdentifierSystem.INSURANCE, IdentifierSystem.HEALTH_CARD})
"""Registers in which a person has one number, and a number one person."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Identifier:
    """A number of one register; `assigner` names the register's owner where the system alone does not."""

    system: IdentifierSystem
    value: str
    assigner: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Registration:
    """What is told when a person is registered. A birth date or sex left open is read from the resident ID.

    `lives_with_id` is the person whose household is joined; a head without a household founds one.
    """

    name: str
    sex: Sex = Sex.UNKNOWN
    birth_date: date | None = None
    identifiers: tuple[Identifier, ...] = ()
    phone: str = ""
    area_id: int | None = None
    address: str = ""
    household_id: int | None = None
    lives_with_id: int | None = None
    is_head: bool = False
    primary_facility_id: int | None = None
    other_names: tuple[str, ...] = ()


class Changes(TypedDict, total=False):
    """What may be changed of a person; what is left out stays. An identifier replaces the one of its register.

    `moved_on` is the first day in another area: today where it is left out, and `None` where the register was wrong
    and nobody moved.
    """

    name: str
    sex: Sex
    birth_date: date | None
    identifiers: tuple[Identifier, ...]
    phone: str
    area_id: int | None
    moved_on: date | None
    address: str
    household_id: int | None
    is_head: bool
    other_names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Moved:
    """One change of where a person lives (`of_home`) or of the facility that answers for them; places by name."""

    of_home: bool
    on: date
    origin_name: str | None
    destination_name: str | None
    why: str
    by: str


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Housemate:
    """One of those who live together, as far as the acting post sees them."""

    public_id: UUID
    name: str
    sex: str
    birth_date: date | None
    is_head: bool


@dataclass(frozen=True, slots=True)
class KeyPair:
    """Two people, the lower row number first, and the keys they share."""

    left: int
    right: int
    keys: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ComparedField:
    """What two records say of one thing, in the reader's words; empty where a record says nothing."""

    label: str
    left: str
    right: str

    @property
    def differs(self) -> bool:
        return self.left != self.right

    @property
    def contradicts(self) -> bool:
        """Both say something, and not the same."""
        return bool(self.left and self.right) and self.differs
