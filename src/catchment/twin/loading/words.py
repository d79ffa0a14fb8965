"""The rooms' words for what the generator calls otherwise."""

from catchment.rooms.places.types import FacilityKind, Level
from catchment.rooms.staff.types import Role

FACILITY_KINDS = {
    "county_hospital": FacilityKind.HOSPITAL, "tcm_hospital": FacilityKind.TCM_HOSPITAL,
    "mch_centre": FacilityKind.MATERNAL_CHILD, "township_centre": FacilityKind.TOWNSHIP_CENTRE,
    "community_centre": FacilityKind.COMMUNITY_CENTRE, "village_clinic": FacilityKind.VILLAGE_CLINIC,
    "city_hospital": FacilityKind.HOSPITAL, "provincial_hospital": FacilityKind.HOSPITAL,
    "private_hospital": FacilityKind.HOSPITAL, "insurance_office": FacilityKind.INSURANCE_OFFICE,
    "cdc": FacilityKind.DISEASE_CONTROL, "health_bureau": FacilityKind.HEALTH_BUREAU,
}  # fmt: skip
FACILITY_LEVELS = {
    "township_centre": Level.TOWNSHIP, "community_centre": Level.TOWNSHIP, "village_clinic": Level.VILLAGE,
    "city_hospital": Level.CITY, "provincial_hospital": Level.PROVINCE,
}  # fmt: skip
"""Every other kind is of the county."""
OUTSIDE_NETWORK = ("provincial_hospital", "private_hospital")
"""Kinds of facility whose staff do not work with Catchment; referrals to them are followed by the sender."""
ROLES = {
    "village_doctor": Role.VILLAGE_DOCTOR, "township_gp": Role.TOWNSHIP_DOCTOR, "township_nurse": Role.TOWNSHIP_NURSE,
    "health_manager": Role.HEALTH_MANAGER, "township_referral_desk": Role.REFERRAL_DESK,
    "county_referral_desk": Role.REFERRAL_DESK, "county_specialist": Role.SPECIALIST,
    "county_manager": Role.COUNTY_MANAGER, "bureau_officer": Role.BUREAU_OFFICER,
    "insurance_officer": Role.INSURANCE_OFFICER, "system_administrator": Role.ADMINISTRATOR,
    "privacy_officer": Role.PRIVACY_OFFICER, "case_mix_officer": Role.CASE_MIX_OFFICER,
    "finance_officer": Role.FINANCE_OFFICER,
}  # fmt: skip
SPECIALTIES = {"urology": "surgery", "child_health": "child-health", "women_health": "obstetrics",
               "public_health": "public-health"}  # fmt: skip
"""Specialties that the referral catalogue knows under another name; the others are the same."""
FOR_WOMEN, FOR_CHILDREN = ("obstetrics", "women_health"), {"paediatrics": 14, "child_health": 6}
WAIT_DAYS = {Level.TOWNSHIP: 1, Level.COUNTY: 3, Level.CITY: 8, Level.PROVINCE: 14}
"""The usual wait that a level publishes, in days; own estimates."""
ENCOUNTER_CLASSES = {"ambulatory": "AMB", "follow_up": "AMB", "health_check": "AMB", "inpatient": "IMP"}
COST_PARTS = ("drug", "consumable", "exam", "lab", "service")
DIAGNOSES, MEDICINES, OPERATIONS, LABORATORY = "icd-10", "atc", "icd-9-cm", "loinc"
QUESTIONS = "catchment-check"
"""The yearly check's own questions, for which there is no LOINC code."""
OPERATION_NAMES = {
    "36.0700": "药物洗脱冠状动脉支架置入", "47.0100": "腹腔镜下阑尾切除术", "51.2300": "腹腔镜下胆囊切除术",
    "53.0001": "单侧腹股沟疝修补术", "39.9500": "血液透析", "81.5201": "人工股骨头置换术",
    "79.1200x010": "桡骨骨折闭合复位内固定术", "13.4100x001": "白内障超声乳化抽吸术",
    "73.6x01": "会阴侧切缝合术", "74.1x01": "剖宫产术，子宫下段横切口",
    "17.9200": "针刺治疗", "17.9300": "灸法治疗", "17.9400": "推拿治疗",
}  # fmt: skip
STUDY_NAMES = {
    "ecg": ("十二导联心电图", "EC"), "chest_film": ("胸部X线检查", "RAD"), "ultrasound": ("腹部超声检查", "RUS"),
    "ct": ("CT检查", "CT"),
}  # fmt: skip
"""A study's name and its section (HL7 table 0074, as FHIR's DiagnosticReport.category)."""
VITAL_SIGNS = ("85354-9", "8867-4", "8310-5", "29463-7", "8280-0", "2708-6")
CRITICALITY = {"mild": "low", "moderate": "low", "severe": "high"}
