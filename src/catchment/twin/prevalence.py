"""How common diseases and habits are by age and sex.

Totals aimed at, each from a national survey; the split over ages is an approximation that meets the total
under the 2020 census structure (the twin's tests compare): hypertension 27.5 % and overweight 34.3 %,
obesity 16.4 % of adults, smoking 50.5 % of men and 2.1 % of women from 15 (China chronic disease and risk
factor surveillance 2018; adult tobacco survey 2018); diabetes 12.4 % of adults and dyslipidaemia 35.6 %
(the same surveillance); COPD 13.7 % from 40 (China Pulmonary Health study, 2018); stroke 2.6 % from 40
(2020 survey); CKD 8.2 % of adults (2018-19); coronary disease, heart failure 1.3 % and atrial fibrillation
1.6 % of adults (China Hypertension Survey), asthma 4.2 % from 20 (2019). The rest are orders of magnitude.
"""

from dataclasses import dataclass

import numpy as np

from catchment.twin.streams import Bools, Floats, Ints

AGE_BANDS = np.array([18, 30, 40, 50, 60, 70, 80])
"""Lower bounds of the second band onward; the first band is 0-17."""
Shares = tuple[float, float, float, float, float, float, float, float]


@dataclass(frozen=True, slots=True)
class Disease:
    """A chronic disease: code, name, percent of men and women by age band, awareness, pull of the two
    shared factors.
    """

    key: str
    code: str
    name: str
    specialty: str
    men: Shares
    women: Shares
    known: float
    metabolic: float
    smoke: float


DISEASES = (
    Disease("hypertension", "I10.x00x002", "高血压", "cardiology",
            (0.3, 8.5, 17, 27, 39, 49, 55, 57), (0.1, 2.2, 5.5, 16.5, 35, 50, 59, 62), 0.52, 0.62, 0.05),
    Disease("diabetes", "E11.900", "2型糖尿病", "endocrinology",
            (0.05, 3.1, 7.2, 13, 19, 23, 24, 22), (0.05, 1.7, 3.8, 8, 15.2, 23, 25, 23), 0.48, 0.6, 0.05),
    Disease("dyslipidaemia", "E78.500", "高脂血症", "endocrinology",
            (2, 30, 43, 46, 42, 38, 35, 30), (2, 16, 20, 28, 44, 48, 46, 42), 0.2, 0.5, 0.1),
    Disease("copd", "J44.900", "慢性阻塞性肺病", "respiratory",
            (0, 1.0, 2.4, 7.1, 16, 24.7, 34, 38), (0, 0.5, 1.1, 3.0, 7.5, 12, 17, 19), 0.3, 0.0, 0.55),
    Disease("coronary", "I25.103", "冠状动脉粥样硬化性心脏病", "cardiology",
            (0, 0.05, 0.3, 1.4, 4.2, 8.5, 13, 15), (0, 0.03, 0.15, 0.9, 3.6, 8.6, 13, 14), 0.75, 0.5, 0.25),
    Disease("stroke", "I63.900", "脑梗死", "neurology",
            (0, 0.03, 0.15, 0.8, 2.4, 4.6, 6.6, 7), (0, 0.02, 0.1, 0.5, 1.7, 3.6, 5.4, 6), 0.93, 0.5, 0.2),
    Disease("heart_failure", "I50.900", "心力衰竭", "cardiology",
            (0.01, 0.1, 0.4, 0.8, 1.4, 2.8, 5, 7), (0.01, 0.1, 0.3, 0.7, 1.3, 2.7, 4.8, 7), 0.7, 0.45, 0.15),
    Disease("fibrillation", "I48.900x004", "心房颤动[心房纤颤]", "cardiology",
            (0, 0.1, 0.3, 0.8, 1.9, 4.0, 6.0, 8), (0, 0.1, 0.25, 0.6, 1.6, 3.6, 5.8, 8), 0.6, 0.35, 0.05),
    Disease("ckd", "N18.900", "慢性肾脏病，未特指", "nephrology",
            (0.2, 3.0, 3.9, 5.6, 8.7, 13, 18, 24), (0.2, 3.0, 4.2, 6.5, 9.5, 14, 20, 26), 0.15, 0.5, 0.05),
    Disease("asthma", "J45.900", "哮喘", "respiratory",
            (2.5, 2.4, 3.0, 4.0, 6.0, 8.0, 9.0, 8), (2, 2.0, 2.6, 3.4, 5.0, 6.5, 7.0, 7), 0.35, 0.0, 0.2),
    Disease("gastritis", "K29.500", "慢性胃炎", "gastroenterology",
            (0.3, 5, 8, 11, 13, 14, 13, 12), (0.3, 5, 9, 12, 14, 15, 14, 12), 0.7, 0.0, 0.15),
    Disease("arthrosis", "M17.900", "膝关节病", "orthopaedics",
            (0, 0.3, 1, 3.5, 8, 12, 15, 16), (0, 0.3, 1.5, 6, 15, 22, 25, 26), 0.6, 0.25, 0.0),
    Disease("hepatitis_b", "B18.100", "慢性乙型病毒性肝炎，不伴有δ因子", "infection",
            (0.3, 4, 6, 7, 6.5, 6, 5, 4), (0.2, 3, 4.5, 5, 5, 4.5, 4, 3), 0.5, 0.0, 0.0),
    Disease("cancer", "C34.900", "支气管或肺恶性肿瘤", "oncology",
            (0.02, 0.06, 0.2, 0.5, 1.3, 2.4, 3.2, 3), (0.02, 0.1, 0.4, 1.0, 1.5, 1.8, 2.0, 2), 1.0, 0.0,
                0.25),
    Disease("depression", "F32.900", "抑郁发作", "psychiatry",
            (0.8, 2, 2, 2, 2.4, 2.6, 2.6, 2.4), (1.2, 3, 3, 3.4, 4, 4.2, 4, 3.6), 0.15, 0.0, 0.0),
)  # fmt: skip
POSITION = {disease.key: number for number, disease in enumerate(DISEASES)}
SMOKING_MEN = np.array([3, 44, 57, 62, 59, 47.5, 37, 26.0])
SMOKING_WOMEN = np.array([0.1, 1.2, 1.5, 1.9, 2.5, 3.5, 4.0, 4.0])


def band_of(age: Floats) -> Ints:
    """Age band, 0 to 7."""
    return np.searchsorted(AGE_BANDS, age, side="right").astype(np.int64)


def share_with(disease: Disease, band: Ints, woman: Bools) -> Floats:
    """Share (0 to 1) of people of that band and sex who have the disease."""
    return np.where(woman, np.array(disease.women)[band], np.array(disease.men)[band]) / 100


def smoking_share(band: Ints, woman: Bools) -> Floats:
    """Share (0 to 1) who smoke now."""
    return np.where(woman, SMOKING_WOMEN[band], SMOKING_MEN[band]) / 100
