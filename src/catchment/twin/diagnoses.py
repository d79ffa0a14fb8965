"""Why people see a doctor: the acute complaints, the reasons for admission and what is given for each.

Codes and names are the national (NHSA 2.0) edition of ICD-10. Weights by age (0-5, 6-17, 18-59, 60 and
over) are relative and, like the shares by level of care, rounded own estimates of the usual mix in a
county.
"""

from dataclasses import dataclass

import numpy as np

from catchment.twin.prevalence import DISEASES
from catchment.twin.streams import Floats

WINTER, EVEN, SUMMER = 0, 1, 2
AGE_GROUPS = np.array([6, 18, 60])


@dataclass(frozen=True, slots=True)
class Complaint:
    """An acute reason for an outpatient visit; `levels` are the shares seen at clinic, centre and county."""

    code: str
    name: str
    specialty: str
    by_age: tuple[float, float, float, float]
    sex: str
    season: int
    levels: tuple[float, float, float]
    medicines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Admission:
    """A reason for a hospital stay.

    `yearly` gives admissions in 10,000 people a year at ages 0-5, 6-17, 18-59, 60+; `disease` multiplies
    the rate for those who have it. `levels` are shares at centre, county and city; `stay` is the median in
    days and `cost` the median cost at the county in yuan.
    """

    code: str
    name: str
    specialty: str
    yearly: tuple[float, float, float, float]
    sex: str
    season: int
    levels: tuple[float, float, float]
    stay: float
    cost: float
    lethality: float
    disease: str
    procedure: str
    medicines: tuple[str, ...]


_CHEST, _GUT, _BONE = ("respiratory", "gastroenterology", "orthopaedics")
_NEAR, _MIXED, _FAR = (0.62, 0.3, 0.08), (0.36, 0.42, 0.22), (0.08, 0.32, 0.6)
COMPLAINTS = (
    Complaint("J06.900", "急性上呼吸道感染", _CHEST, (30, 22, 13, 11), "b", WINTER, _NEAR,
        ("paracetamol", "ambroxol")),
    Complaint("J20.900", "急性支气管炎", _CHEST, (10, 6, 5, 7), "b", WINTER, _MIXED, ("ambroxol",
        "cefuroxime")),
    Complaint("J03.900", "急性扁桃体炎", "otolaryngology", (6, 7, 2, 0.6), "b", WINTER, _NEAR,
        ("amoxicillin",)),
    Complaint("J02.900", "急性咽炎", "otolaryngology", (4, 6, 5, 3), "b", WINTER, _NEAR, ("amoxicillin",)),
    Complaint("K52.900", "非感染性胃肠炎和结肠炎", _GUT, (8, 5, 4.5, 4), "b", SUMMER, _NEAR,
        ("montmorillonite",)),
    Complaint("K30.x00", "功能性消化不良", _GUT, (1, 1.5, 4, 4), "b", EVEN, _MIXED, ("mosapride",
        "omeprazole")),
    Complaint("K21.900", "胃-食管反流性疾病不伴有食管炎", _GUT, (0, 0.2, 3, 3), "b", EVEN, _MIXED,
        ("rabeprazole",)),
    Complaint("K59.000", "便秘", _GUT, (1, 0.6, 1, 2.2), "b", EVEN, _NEAR, ("lactulose",)),
    Complaint("M54.500", "下背痛", _BONE, (0, 0.3, 6, 8), "b", EVEN, _NEAR, ("ibuprofen",)),
    Complaint("M47.800", "脊椎关节强硬，其他的", _BONE, (0, 0.1, 4, 5), "b", EVEN, _MIXED, ("celecoxib",)),
    Complaint("M51.202", "腰椎间盘突出", _BONE, (0, 0, 2.6, 3), "b", EVEN, _FAR, ("celecoxib",)),
    Complaint("M75.001", "肩周炎", _BONE, (0, 0, 1.6, 2.6), "b", EVEN, _NEAR, ("ibuprofen",)),
    Complaint("M10.900", "痛风", "endocrinology", (0, 0, 1.5, 1.2), "b", SUMMER, _MIXED, ("febuxostat",
        "ibuprofen")),
    Complaint("M81.900", "骨质疏松", _BONE, (0, 0, 0.2, 2.6), "b", EVEN, _MIXED, ("calcium_d3",)),
    Complaint("T14.000", "浅表损伤", "surgery", (4, 6, 4, 3), "b", EVEN, _NEAR, ()),
    Complaint("S52.500x001", "桡骨远端骨折", _BONE, (0.3, 0.7, 0.4, 0.9), "b", EVEN, _FAR, ("celecoxib",)),
    Complaint("L30.900", "皮炎", "dermatology", (6, 4, 3.6, 3.4), "b", SUMMER, _NEAR, ("hydrocortisone",
        "loratadine")),
    Complaint("L50.900", "荨麻疹", "dermatology", (2.4, 2.4, 2.2, 1.4), "b", EVEN, _MIXED, ("cetirizine",)),
    Complaint("B35.300", "脚癣", "dermatology", (0.1, 0.8, 1.4, 1.2), "b", SUMMER, _NEAR, ()),
    Complaint("B02.900x001", "带状疱疹", "dermatology", (0, 0.1, 0.5, 1.6), "b", EVEN, _MIXED,
        ("acyclovir",)),
    Complaint("B08.401", "手足口病", "paediatrics", (5, 0.6, 0, 0), "b", SUMMER, _MIXED, ()),
    Complaint("H10.900", "结膜炎", "ophthalmology", (2, 2, 1.6, 1.8), "b", EVEN, _MIXED, ("eye_drops",)),
    Complaint("H25.900", "老年性白内障", "ophthalmology", (0, 0, 0.1, 2.8), "b", EVEN, _FAR, ()),
    Complaint("H66.900", "中耳炎", "otolaryngology", (2.2, 1.4, 0.6, 0.5), "b", WINTER, _MIXED,
        ("amoxicillin",)),
    Complaint("J30.400", "变应性鼻炎", "otolaryngology", (2, 4, 2.6, 1), "b", EVEN, _MIXED, ("loratadine",)),
    Complaint("K05.300", "慢性牙周炎", "stomatology", (0, 0.6, 3, 3.2), "b", EVEN, _MIXED,
        ("metronidazole",)),
    Complaint("K02.900", "龋（牙）", "stomatology", (3, 4, 2.4, 1.6), "b", EVEN, _FAR, ()),
    Complaint("N39.000", "泌尿道感染", "urology", (0.5, 0.4, 2.4, 3), "b", SUMMER, _MIXED, ("levofloxacin",)),
    Complaint("N20.100", "输尿管结石", "urology", (0, 0, 1.1, 0.6), "b", SUMMER, _FAR, ("ibuprofen",)),
    Complaint("N40.x00", "前列腺增生", "urology", (0, 0, 0.7, 5), "m", EVEN, _MIXED, ("tamsulosin",)),
    Complaint("N76.000", "急性阴道炎", "obstetrics", (0, 0.2, 4, 1), "f", EVEN, _MIXED, ("metronidazole",)),
    Complaint("N92.600", "月经不规则", "obstetrics", (0, 0.8, 2.4, 0), "f", EVEN, _FAR, ()),
    Complaint("R42.x00", "头晕和眩晕", "neurology", (0, 0.3, 3, 6), "b", EVEN, _MIXED, ("betahistine",)),
    Complaint("R51.x00", "头痛", "neurology", (0.2, 1, 3, 3), "b", EVEN, _NEAR, ("ibuprofen",)),
    Complaint("G47.000", "初发性或维持性睡眠障碍［失眠症］", "neurology", (0, 0.2, 2.4, 4), "b", EVEN,
        _MIXED, ("zopiclone",)),
    Complaint("F41.900", "焦虑障碍", "psychiatry", (0, 0.4, 1.2, 1), "b", EVEN, _FAR, ("sertraline",)),
    Complaint("R07.400", "胸痛", "cardiology", (0, 0.2, 1.2, 2.4), "b", WINTER, _MIXED, ()),
    Complaint("R10.400", "腹痛，其他和未特指的", _GUT, (2, 2.4, 2, 2), "b", EVEN, _MIXED, ("omeprazole",)),
    Complaint("D50.900", "缺铁性贫血", "general", (0.8, 0.6, 1, 0.8), "b", EVEN, _MIXED, ("iron",)),
    Complaint("E04.100", "非毒性单个甲状腺结节", "endocrinology", (0, 0.1, 1.5, 1.6), "b", EVEN, _FAR, ()),
    Complaint("E03.900", "甲状腺功能减退症", "endocrinology", (0, 0.1, 0.8, 0.8), "b", EVEN, _FAR,
        ("levothyroxine",)),
)  # fmt: skip
_LOW, _MID, _HIGH = (0.34, 0.62, 0.04), (0.08, 0.82, 0.1), (0.0, 0.72, 0.28)
ADMISSIONS = (
    Admission("J18.900", "肺炎", _CHEST, (260, 40, 18, 120), "b", WINTER, _LOW, 7, 5200, 0.006, "copd",
        "", ("cefuroxime",)),
    Admission("J44.100", "慢性阻塞性肺病伴有急性加重", _CHEST, (0, 0, 2, 35), "b", WINTER, _LOW, 8, 6400,
        0.01, "copd", "",
              ("budesonide_formoterol", "tiotropium")),
    Admission("I63.900", "脑梗死", "neurology", (0, 0, 9, 75), "b", WINTER, _MID, 10, 9300, 0.02,
        "stroke", "",
              ("clopidogrel", "atorvastatin")),
    Admission("I61.900", "脑内出血", "neurosurgery", (0, 0, 0.4, 1.9), "b", WINTER, _HIGH, 15, 32000,
        0.12, "hypertension", "", ()),
    Admission("I20.000", "不稳定型心绞痛", "cardiology", (0, 0, 6, 42), "b", WINTER, _MID, 7, 8600,
        0.003, "coronary", "",
              ("aspirin", "rosuvastatin")),
    Admission("I21.900", "急性心肌梗死", "cardiology", (0, 0, 0.9, 6), "b", WINTER, _HIGH, 9, 42000,
        0.05, "coronary",
              "36.0700", ("aspirin", "clopidogrel")),
    Admission("I50.900", "心力衰竭", "cardiology", (0, 0, 1.5, 26), "b", WINTER, _MID, 9, 8200, 0.025,
        "heart_failure", "",
              ("furosemide", "spironolactone")),
    Admission("I10.x00x002", "高血压", "cardiology", (0, 0, 6, 36), "b", WINTER, _LOW, 7, 4300, 0.0,
        "hypertension", "",
              ("amlodipine",)),
    Admission("E11.900", "2型糖尿病", "endocrinology", (0, 0.3, 12, 52), "b", EVEN, _LOW, 8, 5600, 0.001,
        "diabetes", "",
              ("metformin", "glargine")),
    Admission("K29.500", "慢性胃炎", _GUT, (1, 3, 12, 30), "b", EVEN, _LOW, 6, 4200, 0.0, "gastritis",
        "", ("omeprazole",)),
    Admission("K35.800x001", "急性阑尾炎", "surgery", (0.6, 7, 4.5, 3), "b", EVEN, _MID, 6, 9200, 0.0005,
        "", "47.0100",
              ("cefuroxime",)),
    Admission("K80.000", "胆囊结石伴有急性胆囊炎", "surgery", (0, 0.5, 14, 30), "b", EVEN, _MID, 7,
        12500, 0.001, "", "51.2300",
              ("levofloxacin",)),
    Admission("K40.900", "单侧或未特指的腹股沟疝，不伴有梗阻或坏疽", "surgery", (16, 5, 4, 22), "b",
        EVEN, _MID, 5, 8300, 0.0, "",
              "53.0001", ()),
    Admission("N20.100", "输尿管结石", "urology", (0, 0.3, 12, 12), "b", SUMMER, _MID, 5, 9800, 0.0, "",
        "", ("ibuprofen",)),
    Admission("N18.900", "慢性肾脏病，未特指", "nephrology", (0, 0.5, 6, 20), "b", EVEN, _MID, 9, 8800,
        0.01, "ckd", "39.9500", ()),
    Admission("S72.000", "股骨颈骨折", _BONE, (0, 0.3, 1, 24), "b", WINTER, _HIGH, 13, 38000, 0.012, "",
        "81.5201", ("celecoxib",)),
    Admission("S52.500x001", "桡骨远端骨折", _BONE, (2, 12, 6, 14), "b", EVEN, _MID, 7, 13500, 0.0, "",
        "79.1200x010",
              ("celecoxib",)),
    Admission("M51.202", "腰椎间盘突出", _BONE, (0, 0, 26, 42), "b", EVEN, _LOW, 9, 5400, 0.0, "", "",
        ("celecoxib",)),
    Admission("H25.900", "老年性白内障", "ophthalmology", (0, 0, 2, 64), "b", EVEN, _MID, 3, 6500, 0.0,
        "", "13.4100x001",
              ("eye_drops",)),
    Admission("C34.900", "支气管或肺恶性肿瘤", "oncology", (0, 0, 4, 26), "b", EVEN, _HIGH, 9, 16500,
        0.03, "cancer", "", ()),
    Admission("G45.900", "短暂性大脑缺血性发作", "neurology", (0, 0, 3, 18), "b", WINTER, _MID, 7, 6100,
        0.0, "stroke", "",
              ("aspirin", "atorvastatin")),
    Admission("K52.900", "非感染性胃肠炎和结肠炎", _GUT, (120, 22, 10, 18), "b", SUMMER, _LOW, 5, 3300,
        0.0, "", "",
              ("montmorillonite",)),
    Admission("R42.x00", "头晕和眩晕", "neurology", (0, 2, 16, 48), "b", EVEN, _LOW, 6, 4400, 0.0, "",
        "", ("betahistine",)),
    Admission("T14.000", "浅表损伤", "surgery", (8, 12, 16, 18), "b", EVEN, _LOW, 7, 5200, 0.0, "", "",
        ("ibuprofen",)),
)  # fmt: skip
BIRTH = Admission(
    "O80.900",
    "单胎顺产",
    "obstetrics",
    (0, 0, 0, 0),
    "f",
    EVEN,
    (0, 0.9, 0.1),
    3,
    4600,
    0.0,
    "",
    "73.6x01",
    (),
)
CAESAREAN = Admission("O82.900", "经剖宫产术分娩", "obstetrics", (0, 0, 0, 0), "f", EVEN, (0, 0.88,
    0.12), 5, 9200, 0.0, "",
                      "74.1x01", ())  # fmt: skip
CHECK_UP = ("Z00.000", "一般性医学检查", "public_health")
STAYS = (*ADMISSIONS, BIRTH, CAESAREAN)
FIRST_COMPLAINT = len(DISEASES)
FIRST_STAY = FIRST_COMPLAINT + len(COMPLAINTS)
CHECK_UP_POSITION = FIRST_STAY + len(STAYS)
CODES = (*(d.code for d in DISEASES), *(c.code for c in COMPLAINTS), *(a.code for a in STAYS), CHECK_UP[0])
"""Every diagnosis an encounter can carry; positions are used in place of codes until a table is written."""
SPECIALTY = (
    *(d.specialty for d in DISEASES),
    *(c.specialty for c in COMPLAINTS),
    *(a.specialty for a in STAYS),
    CHECK_UP[2],
)
NAMES = {**{d.code: d.name for d in DISEASES}, **{c.code: c.name for c in COMPLAINTS},
    **{a.code: a.name for a in STAYS},
         CHECK_UP[0]: CHECK_UP[1]}  # fmt: skip


def complaint_weights() -> Floats:
    """Weights of the complaints: row 2 × age group + (1 for a woman), one column a complaint."""
    by_age = np.array([complaint.by_age for complaint in COMPLAINTS]).T
    fits = np.array([[c.sex in {"b", sex} for c in COMPLAINTS] for sex in ("m", "f")])
    return np.asarray((by_age[:, None, :] * fits[None]).reshape(-1, len(COMPLAINTS)))
