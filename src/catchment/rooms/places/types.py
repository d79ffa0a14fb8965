"""The words of places."""

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
CARE_KINDS = PRIMARY_KINDS | {FacilityKind.HOSPITAL, FacilityKind.TCM_HOSPITAL, FacilityKind.MATERNAL_CHILD}


class NetworkKind(StrEnum):
    COUNTY_COMMUNITY = "county-community"
    CITY_GROUP = "city-group"
    SPECIALTY_ALLIANCE = "specialty-alliance"
    REMOTE_COLLABORATION = "remote-collaboration"


class MemberRole(StrEnum):
    LEAD = "lead"
    MEMBER = "member"
