"""The words of staff."""

from enum import StrEnum


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
    INSURANCE_OFFICER = "insurance-officer"
    DISEASE_CONTROL_OFFICER = "disease-control-officer"
    BUREAU_OFFICER = "bureau-officer"
    ADMINISTRATOR = "administrator"
    INTERFACE = "interface"
