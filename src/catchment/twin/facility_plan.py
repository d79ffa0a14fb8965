"""What kinds of facility the county has: departments, beds and capabilities. Own invention in usual
proportions.
"""

from collections.abc import Mapping
from dataclasses import dataclass

SPECIALTIES: Mapping[str, str] = {
    "general": "全科医疗科", "cardiology": "心血管内科", "respiratory": "呼吸与危重症医学科",
        "neurology": "神经内科",
    "endocrinology": "内分泌科", "gastroenterology": "消化内科", "nephrology": "肾内科", "oncology": "肿瘤科",
    "surgery": "普通外科", "orthopaedics": "骨科", "neurosurgery": "神经外科", "urology": "泌尿外科",
    "obstetrics": "妇产科", "paediatrics": "儿科", "emergency": "急诊科", "icu": "重症医学科",
    "ophthalmology": "眼科", "otolaryngology": "耳鼻咽喉科", "dermatology": "皮肤科",
        "psychiatry": "精神卫生科",
    "infection": "感染性疾病科", "rehabilitation": "康复医学科", "tcm": "中医科", "stomatology": "口腔科",
    "child_health": "儿童保健科", "women_health": "妇女保健科", "public_health": "公共卫生科",
    "radiology": "医学影像科", "laboratory": "检验科", "ecg": "心电诊断中心",
}  # fmt: skip
CAPABILITIES: Mapping[str, str] = {
    "ct": "CT", "mri": "磁共振", "pci": "急诊冠脉介入", "thrombolysis": "静脉溶栓",
        "thrombectomy": "机械取栓",
    "dialysis": "血液透析", "delivery": "分娩", "neonatal_icu": "新生儿重症监护", "icu": "重症监护",
        "dr": "数字化X线摄影",
    "ultrasound": "超声", "ecg": "心电图", "endoscopy": "消化内镜", "radiotherapy": "放射治疗",
        "cataract": "白内障手术",
    "biochemistry": "生化检验", "blood_count": "血常规", "glucose": "快速血糖", "spirometry": "肺功能",
    "vaccination": "预防接种", "rehabilitation": "康复治疗", "chest_pain_centre": "胸痛中心",
        "stroke_centre": "卒中中心",
    "home_bed": "家庭病床", "ambulance": "救护车",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Plan:
    """A kind of facility: hospital level, beds for each department (0: outpatients only), capabilities."""

    kind: str
    level: str
    beds: Mapping[str, int]
    capabilities: tuple[str, ...]


_CENTRE_CAN = ("dr", "ultrasound", "ecg", "biochemistry", "blood_count", "glucose", "vaccination", "home_bed")
_HOSPITAL_CAN = (
    "ct",
    "dr",
    "ultrasound",
    "ecg",
    "endoscopy",
    "biochemistry",
    "blood_count",
    "glucose",
    "spirometry",
)

PLANS: Mapping[str, Plan] = {
    plan.kind: plan
    for plan in (
        Plan("county_hospital", "3", {
            "cardiology": 62, "respiratory": 58, "neurology": 60, "endocrinology": 36, "gastroenterology": 44,
            "nephrology": 34, "oncology": 46, "surgery": 66, "orthopaedics": 64, "neurosurgery": 38,
                "urology": 36,
            "obstetrics": 52, "paediatrics": 46, "emergency": 12, "icu": 20, "ophthalmology": 22,
            "otolaryngology": 20, "dermatology": 0, "psychiatry": 0, "infection": 30,
                "rehabilitation": 34, "tcm": 0,
            "stomatology": 0, "radiology": 0, "laboratory": 0, "ecg": 0,
        }, (*_HOSPITAL_CAN, "mri", "pci", "thrombolysis", "dialysis", "delivery", "neonatal_icu", "icu",
            "cataract",
            "rehabilitation", "chest_pain_centre", "stroke_centre", "ambulance")),
        Plan("tcm_hospital", "2", {
            "tcm": 60, "cardiology": 30, "neurology": 36, "gastroenterology": 30, "orthopaedics": 44,
                "surgery": 30,
            "rehabilitation": 60, "emergency": 6, "dermatology": 0, "radiology": 0, "laboratory": 0,
        }, (*_HOSPITAL_CAN, "rehabilitation", "thrombolysis", "ambulance")),
        Plan("mch_centre", "2", {"obstetrics": 40, "paediatrics": 26, "child_health": 0, "women_health": 0},
             ("ultrasound", "ecg", "biochemistry", "blood_count", "delivery", "vaccination")),
        Plan("township_centre", "1", {"general": 28, "tcm": 8, "public_health": 0, "obstetrics": 0},
             (*_CENTRE_CAN, "ambulance")),
        Plan("community_centre", "1", {"general": 16, "tcm": 0, "rehabilitation": 10, "public_health": 0},
             (*_CENTRE_CAN, "rehabilitation", "spirometry")),
        Plan("village_clinic", "", {"general": 0}, ("glucose",)),
        Plan("city_hospital", "3", {
            "cardiology": 180, "respiratory": 120, "neurology": 160, "oncology": 200, "surgery": 180,
            "orthopaedics": 160, "neurosurgery": 110, "nephrology": 80, "endocrinology": 70,
                "obstetrics": 130,
            "paediatrics": 110, "gastroenterology": 100, "ophthalmology": 60, "emergency": 30, "icu": 50,
        }, (*_HOSPITAL_CAN, "mri", "pci", "thrombolysis", "thrombectomy", "dialysis", "delivery",
            "neonatal_icu", "icu",
            "radiotherapy", "cataract", "chest_pain_centre", "stroke_centre")),
        Plan("provincial_hospital", "3", {
            "cardiology": 320, "neurology": 300, "oncology": 420, "surgery": 360, "neurosurgery": 240,
            "orthopaedics": 300, "paediatrics": 200, "icu": 90,
        }, (*_HOSPITAL_CAN, "mri", "pci", "thrombectomy", "dialysis", "icu", "radiotherapy", "neonatal_icu")),
        Plan("private_hospital", "2", {"surgery": 40, "orthopaedics": 40, "rehabilitation": 60,
            "obstetrics": 30},
             ("ct", "dr", "ultrasound", "ecg", "biochemistry")),
        Plan("insurance_office", "", {}, ()),
        Plan("cdc", "", {}, ()),
        Plan("health_bureau", "", {}, ()),
    )
}  # fmt: skip
NO_REFERRALS = frozenset({"radiology", "laboratory", "ecg", "public_health", "emergency", "icu"})
"""Departments that read or receive, but take no booked referral."""
