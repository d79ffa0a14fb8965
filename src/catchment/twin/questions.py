"""What is asked and examined at the yearly check beyond the usual measurements: habits, family, self-care, liver.

Asked once, at each adult's latest check. LOINC codes where there are such questions, own codes otherwise. Smoking comes
from the person's health; the other shares are own estimates.
"""

from dataclasses import dataclass

import numpy as np

from catchment.twin.health import Health
from catchment.twin.people import Residents
from catchment.twin.prevalence import POSITION
from catchment.twin.streams import Bools, Floats, Ints, stream
from catchment.twin.visit_types import CHECK, Visits

_ADULT_DAYS, _OLD = 18 * 365, 65.0
YES, NO = "LA33-6", "LA32-8"
SMOKING = ("LA18978-9", "LA15920-4", "LA18976-3")
RELATIVES = ("none", "second-degree", "first-degree")
ANSWERS = {
    "": "", YES: "是", NO: "否", "none": "无", "second-degree": "二级亲属", "first-degree": "一级亲属",
    "LA18978-9": "从不吸烟", "LA15920-4": "曾经吸烟", "LA18976-3": "每天吸烟",
}  # fmt: skip
"""Every coded answer in words."""


@dataclass(frozen=True, slots=True)
class Question:
    """One item; `category` as FHIR's observation-category. Coded answers have no unit."""

    code: str
    name: str
    unit: str
    category: str


def _row(code: str, name: str, unit: str = "", category: str = "social-history") -> Question:
    return Question(code, name, unit, category)


QUESTIONS = (
    _row("8302-2", "身高", "cm", "vital-signs"),
    _row("1742-6", "丙氨酸转氨酶", "U/L", "laboratory"),
    _row("1920-8", "天冬氨酸转氨酶", "U/L", "laboratory"),
    _row("14631-6", "总胆红素", "umol/L", "laboratory"),
    _row("1751-7", "白蛋白", "g/L", "laboratory"),
    _row("777-3", "血小板", "10*9/L", "laboratory"),
    _row("72166-2", "吸烟状况"),
    _row("8664-5", "吸烟包年", "{PackYears}"),
    _row("quit-years", "戒烟年数", "a"),
    _row("passive-smoking-years", "与吸烟者同室生活或工作年数", "a"),
    _row("occupational-exposure-years", "职业暴露年数", "a"),
    _row("89555-7", "每周运动天数", "d/wk"),
    _row("68516-4", "每次运动分钟数", "min/d"),
    _row("daily-fruit-vegetables", "每日吃蔬菜水果"),
    _row("family-diabetes", "糖尿病家族史"),
    _row("family-cardiovascular", "心肌梗死或脑卒中家族史"),
    _row("family-stroke", "脑卒中家族史"),
    _row("family-lung-cancer", "一级亲属肺癌"),
    _row("family-colorectal-cancer", "一级亲属结直肠癌"),
    _row("self-care-eating", "自理：进餐", "{score}", "survey"),
    _row("self-care-washing", "自理：梳洗", "{score}", "survey"),
    _row("self-care-dressing", "自理：穿衣", "{score}", "survey"),
    _row("self-care-toilet", "自理：如厕", "{score}", "survey"),
    _row("self-care-moving", "自理：活动", "{score}", "survey"),
)
CODES = tuple(one.code for one in QUESTIONS)
_SELF_CARE = {
    "eating": (0, 3, 5),
    "washing": (0, 1, 3),
    "dressing": (0, 3, 5),
    "toilet": (0, 1, 5),
    "moving": (0, 1, 5),
}


@dataclass(frozen=True, slots=True)
class Asked:
    """Answers in any order: the positions of visit and question, a number (NaN for none), a code ("" for none)."""

    at: Ints
    item: Ints
    value: Floats
    answer: np.ndarray


def asked(residents: Residents, health: Health, visits: Visits, seed: int) -> Asked:
    """What each adult of the block said and had examined at their latest check."""
    at = _latest_checks(residents, visits)
    person = visits.person[at]
    age = (visits.start[at] // 1440 - residents.birth[person]) / 365.25
    generator = stream(seed, "questions", residents.number)
    columns = _answers(generator, person, age, health)
    parts = [_part(CODES.index(code), at, said) for code, said in columns.items()]
    return Asked(*(np.concatenate([getattr(part, name) for part in parts]) for name in Asked.__slots__))


def _latest_checks(residents: Residents, visits: Visits) -> Ints:
    checks = np.flatnonzero(visits.kind == CHECK)
    grown = visits.start[checks] // 1440 - residents.birth[visits.person[checks]] >= _ADULT_DAYS
    checks = checks[grown]
    order = np.lexsort((visits.start[checks], visits.person[checks]))
    people = visits.person[checks][order]
    last = np.r_[people[1:] != people[:-1], True] if len(people) else np.zeros(0, dtype=np.bool_)
    return np.asarray(checks[order][last], dtype=np.int64)


def _part(item: int, at: Ints, said: Floats | np.ndarray) -> Asked:
    """Those who gave an answer: a number that is one, a code that is not empty."""
    coded = said.dtype.kind == "U"
    given = said != "" if coded else ~np.isnan(said)
    size = int(given.sum())
    value = np.full(size, np.nan) if coded else said[given]
    answer = said[given] if coded else np.full(size, "")
    return Asked(at[given], np.full(size, item), value, answer)


def _answers(generator: np.random.Generator, person: Ints, age: Floats, health: Health) -> dict[str, np.ndarray]:
    size, smoking = len(person), health.smoking[person]
    draw = generator.random((8, size))
    return {
        **_liver(generator, person, health),
        **_smoking(generator, smoking, age),
        "89555-7": np.floor(draw[0] * 8).clip(0, 7),
        "68516-4": np.round(generator.gamma(2.0, 16, size) / 5) * 5,
        "daily-fruit-vegetables": _yes(draw[1] < 0.62),
        "family-diabetes": np.array(RELATIVES)[np.searchsorted([0.82, 0.87], draw[2])],
        "family-cardiovascular": _yes(draw[3] < 0.17),
        "family-stroke": _yes(draw[4] < 0.11),
        "family-lung-cancer": _yes(draw[5] < 0.03),
        "family-colorectal-cancer": _yes(draw[6] < 0.02),
        "8302-2": np.round(health.level["height_cm"][person], 0),
        **_self_care(generator, person, age, health),
    }


def _liver(generator: np.random.Generator, person: Ints, health: Health) -> dict[str, Floats]:
    size = len(person)
    ill = health.has[person, POSITION["hepatitis_b"]]
    z = generator.standard_normal((5, size))
    return {
        "1742-6": np.round(np.exp(2.95 + 0.35 * z[0] + 0.5 * ill)),
        "1920-8": np.round(np.exp(3.02 + 0.25 * z[1] + 0.45 * ill)),
        "14631-6": np.round(np.exp(2.4 + 0.32 * z[2] + 0.2 * ill), 1),
        "1751-7": np.round(43 + 2.6 * z[3] - 2.0 * ill, 1),
        "777-3": np.round(np.clip(222 + 48 * z[4] - 45 * ill, 30, 600)),
    }


def _smoking(generator: np.random.Generator, smoking: Ints, age: Floats) -> dict[str, np.ndarray]:
    size = len(smoking)
    years = np.maximum(age - 20, 1)
    quit_years = np.round(np.minimum(generator.exponential(7, size), years * 0.7))
    packs = np.round(generator.gamma(3.0, 0.26, size) * np.where(smoking == 1, years - quit_years, years), 1)
    exposed = np.where(generator.random(size) < 0.3, np.round(generator.uniform(1, 30, size)), 0.0)
    worked = np.where(generator.random(size) < 0.03, np.round(generator.uniform(1, 20, size)), 0.0)
    return {
        "72166-2": np.array(SMOKING)[smoking],
        "8664-5": np.where(smoking > 0, packs, np.nan),
        "quit-years": np.where(smoking == 1, quit_years, np.nan),
        "passive-smoking-years": exposed,
        "occupational-exposure-years": worked,
    }


def _self_care(generator: np.random.Generator, person: Ints, age: Floats, health: Health) -> dict[str, Floats]:
    """Only of the old; a stroke and every year add to what cannot be done alone."""
    frail = 0.012 * np.exp(0.09 * np.maximum(age - 65, 0)) + 0.25 * health.known[person, POSITION["stroke"]]
    need = np.digitize(generator.random(len(person)) / np.maximum(frail, 1e-9), [0.35, 1.0])
    found = {}
    for name, scores in _SELF_CARE.items():
        own = np.where(generator.random(len(person)) < 0.75, 2 - need, 0)
        found[f"self-care-{name}"] = np.where(age >= _OLD, np.array(scores, dtype=np.float64)[own], np.nan)
    return found


def _yes(condition: Bools) -> np.ndarray:
    return np.where(condition, YES, NO)
