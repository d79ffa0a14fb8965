"""The words of places."""

from collections import Counter
from dataclasses import dataclass, field
from enum import StrEnum


class Level(StrEnum):
    """Administrative levels, highest first."""

    PROVINCE = "province"
    CITY = "city"
    COUNTY = "county"
    TOWNSHIP = "township"
    VILLAGE = "village"

    @property
    def rank(self) -> int:
        """0 for a village to 4 for a province."""
        return 4 - list(Level).index(self)


class FacilityKind(StrEnum):
    HOSPITAL = "hospital"
    TCM_HOSPITAL = "tcm-hospital"
    MATERNAL_CHILD = "maternal-child"
    TOWNSHIP_CENTRE = "township-centre"
    COMMUNITY_CENTRE = "community-centre"
    VILLAGE_CLINIC = "village-clinic"
    INSURANCE_OFFICE = "insurance-office"
    DISEASE_CONTROL = "disease-control"
    HEALTH_BUREAU = "health-bureau"
    OTHER = "other"


PRIMARY_KINDS = frozenset({FacilityKind.TOWNSHIP_CENTRE, FacilityKind.COMMUNITY_CENTRE, FacilityKind.VILLAGE_CLINIC})


class NetworkKind(StrEnum):
    COUNTY_COMMUNITY = "county-community"
    CITY_GROUP = "city-group"
    SPECIALTY_ALLIANCE = "specialty-alliance"
    REMOTE_COLLABORATION = "remote-collaboration"


class MemberRole(StrEnum):
    LEAD = "lead"
    MEMBER = "member"


@dataclass(frozen=True, slots=True, kw_only=True)
class FacilityTold:
    """What is told of a facility. The organisation is made under `organization_code` when it is not there yet."""

    code: str
    name: str
    kind: FacilityKind
    level: Level
    area_code: str
    organization_code: str = ""
    organization_name: str = ""
    parent_code: str = ""
    short_name: str = ""
    longitude: float | None = None
    latitude: float | None = None
    address: str = ""
    phone: str = ""
    in_network: bool = True
    active: bool = True
    capabilities: frozenset[str] = frozenset()
    catchment: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceTold:
    """What is told of a service; ages in whole years, the wait in days."""

    code: str
    name: str
    specialty: str
    accepts_referrals: bool = True
    inpatient: bool = False
    sex: str = ""
    min_age: int = 0
    max_age: int = 150
    wait_days: int = 0
    phone: str = ""
    active: bool = True


class PlaceFate(StrEnum):
    """What became of a row of facilities or services; `changed`: a known one was brought up to what the row says."""

    TAKEN = "taken"
    CHANGED = "changed"
    KNOWN = "known"
    REJECTED = "rejected"


@dataclass(frozen=True, slots=True)
class AreaNote:
    """What became of one row of an import, where that needs saying."""

    place: str
    label: str
    fate: str
    reason: str


@dataclass(slots=True)
class AreaAccount:
    """The account of an import of areas: `read` is the sum of the other four.

    `outside` rows belong to counties that were not asked for. `completed` known areas gained a boundary, a point or
    a population. `parents` counts how the area above was found: by code, by name, or none because it is the topmost.
    `rows` tells every row's fate where that was asked for; `notes` those that need a word, in any case.
    """

    read: int = 0
    taken: int = 0
    known: int = 0
    rejected: int = 0
    outside: int = 0
    completed: int = 0
    mended: int = 0
    known_by_name: int = 0
    levels: Counter[str] = field(default_factory=Counter)
    parents: Counter[str] = field(default_factory=Counter)
    notes: list[AreaNote] = field(default_factory=list)
    rows: list[AreaNote] | None = None
