"""The words of staff."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from catchment.rooms.people.types import PersonBanner


class Role(StrEnum):
    """What a post is for. Capabilities hang on the role."""

    VILLAGE_DOCTOR = "village-doctor"
    TOWNSHIP_DOCTOR = "township-doctor"
    TOWNSHIP_NURSE = "township-nurse"
    HEALTH_MANAGER = "health-manager"
    REFERRAL_DESK = "referral-desk"
    SPECIALIST = "specialist"
    DUTY_MANAGER = "duty-manager"
    COUNTY_MANAGER = "county-manager"
    CASE_MIX_OFFICER = "case-mix-officer"
    FINANCE_OFFICER = "finance-officer"
    INSURANCE_OFFICER = "insurance-officer"
    DISEASE_CONTROL_OFFICER = "disease-control-officer"
    BUREAU_OFFICER = "bureau-officer"
    PRIVACY_OFFICER = "privacy-officer"
    ADMINISTRATOR = "administrator"
    INTERFACE = "interface"


@dataclass(frozen=True, slots=True)
class IssuedToken:
    """A key as it is told once: `secret` is kept nowhere."""

    id: int
    name: str
    secret: str
    expires_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Banner(PersonBanner):
    """What a page about a person keeps in sight, with the doctor who answers for them; empty where there is none."""

    doctor_name: str
    doctor_facility_name: str
    contracted: bool
