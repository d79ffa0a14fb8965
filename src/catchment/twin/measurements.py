"""What is measured: LOINC codes, units, reference ranges, and how often at which kind of encounter."""

from dataclasses import dataclass

Chances = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class Measurement:
    """One item.

    `level` names the column of the health table that it varies around; `chances` are shares of ambulatory
    visits, follow-ups, checks and stays at which an adult has it taken; `disease` raises the follow-up
    share to 0.9 for those who have it. `noise` is one standard deviation, `digits` the places reported.
    """

    code: str
    name: str
    level: str
    unit: str
    low: float
    high: float
    noise: float
    digits: int
    chances: Chances
    disease: str
    needs_centre: bool


PRESSURE = "85354-9"
_ROWS = (
    (PRESSURE, "血压", "systolic", "mm[Hg]", 90, 139.5, 7.0, 0, (0.2, 0.62, 0.97, 0.95), "hypertension",
        False),
    ("8867-4", "心率", "pulse", "/min", 60, 100, 7.0, 0, (0.05, 0.1, 0.5, 0.95), "", False),
    ("8310-5", "体温", "temperature", "Cel", 36.0, 37.3, 0.2, 1, (0.06, 0.0, 0.1, 0.9), "", False),
    ("29463-7", "体重", "weight", "kg", 0, 500, 1.1, 1, (0.02, 0.3, 0.97, 0.3), "", False),
    ("8280-0", "腰围", "waist_cm", "cm", 0, 300, 1.6, 1, (0.0, 0.12, 0.9, 0.0), "", False),
    ("14771-0", "空腹血糖", "glucose", "mmol/L", 3.9, 6.1, 0.45, 1, (0.04, 0.1, 0.9, 0.6), "diabetes", False),
    ("4548-4", "糖化血红蛋白", "hba1c", "%", 4.0, 6.0, 0.15, 1, (0.012, 0.03, 0.05, 0.15), "", True),
    ("14647-2", "总胆固醇", "cholesterol", "mmol/L", 0, 5.2, 0.25, 2, (0.02, 0.03, 0.85, 0.35), "", True),
    ("14646-4", "高密度脂蛋白胆固醇", "hdl", "mmol/L", 1.0, 9, 0.07, 2, (0.01, 0.01, 0.8, 0.3), "", True),
    ("22748-8", "低密度脂蛋白胆固醇", "ldl", "mmol/L", 0, 3.4, 0.2, 2, (0.02, 0.03, 0.85, 0.35), "", True),
    ("14927-8", "甘油三酯", "triglyceride", "mmol/L", 0, 1.7, 0.2, 2, (0.01, 0.02, 0.85, 0.35), "", True),
    ("14682-9", "肌酐", "creatinine", "umol/L", 41, 111, 3.5, 0, (0.02, 0.03, 0.85, 0.7), "", True),
    ("19926-5", "第一秒率", "fev1_fvc", "%", 70, 100, 1.4, 1, (0.004, 0.02, 0.02, 0.04), "", True),
    ("2708-6", "血氧饱和度", "oxygen", "%", 94, 100.5, 0.9, 0, (0.02, 0.05, 0.1, 0.8), "copd", False),
    ("718-7", "血红蛋白", "haemoglobin", "g/L", 115, 175, 4.0, 0, (0.03, 0.01, 0.85, 0.8), "", True),
)  # fmt: skip
MEASUREMENTS = tuple(Measurement(*row) for row in _ROWS)
