"""Observations: what was measured at each encounter, around the person's usual level."""

import math

import numpy as np
import polars as pl

from catchment.twin.health import Health
from catchment.twin.measurements import MEASUREMENTS, PRESSURE, Measurement
from catchment.twin.numbering import minutes, numbers
from catchment.twin.people import Residents
from catchment.twin.prevalence import POSITION
from catchment.twin.questions import QUESTIONS, asked
from catchment.twin.streams import Floats, Ints, stream
from catchment.twin.tables import OBSERVATIONS
from catchment.twin.visit_types import FOLLOW_UP, PRIMARY, Visits

_ADULT_DAYS = 18 * 365
_CHILD_TAKES = {"8310-5": 3.0, "29463-7": 1.0}
"""Children have weight, and temperature three times as often as adults; nothing else."""
_TREATMENT_DAYS, _BEFORE_TREATMENT = 200.0, {"systolic": 12.0, "glucose": 1.1}


def observations_table(residents: Residents, health: Health, visits: Visits, ids: Ints, seed: int) -> pl.DataFrame:
    """The block's observations in order of encounter; `ids` are the encounters' numbers."""
    generator = stream(seed, "observations", residents.number)
    levels = _all_levels(generator, residents, health)
    taken = [_taken(generator, item, residents, health, visits) for item in MEASUREMENTS]
    values = [
        _values(generator, item, levels, residents, health, visits, at)
        for item, at in zip(MEASUREMENTS, taken, strict=True)
    ]
    said = asked(residents, health, visits, seed)
    counts, more = [len(rows) for rows in taken], len(said.at)
    at = np.concatenate([*taken, said.at])
    item = np.r_[np.repeat(np.arange(len(taken)), counts), said.item + len(taken)]
    value = np.concatenate([*(v for v, _ in values), said.value])
    second = np.concatenate([*(s for _, s in values), np.full(more, np.nan)])
    answer = np.r_[np.full(len(at) - more, "", dtype=said.answer.dtype), said.answer]
    order = np.lexsort((item, at))
    at, item, value, second, answer = at[order], item[order], value[order], second[order], answer[order]
    return OBSERVATIONS.frame({
        "id": numbers(residents.number, len(at)),
        "person_id": residents.id[visits.person[at]],
        "encounter_id": ids[at],
        "code": pl.Series([*(m.code for m in MEASUREMENTS), *(q.code for q in QUESTIONS)]).gather(item),
        "taken_at": minutes(visits.start[at] + 8),
        "value": pl.Series(value).fill_nan(None),
        "answer": pl.Series(answer.astype(str)),
        "value_2": pl.Series(second).fill_nan(None),
        "unit": pl.Series([*(m.unit for m in MEASUREMENTS), *(q.unit for q in QUESTIONS)]).gather(item),
        "flag": _flags(item, value, second),
    })  # fmt: skip


def _all_levels(generator: np.random.Generator, residents: Residents, health: Health) -> dict[str, Floats]:
    size = residents.size
    z = generator.standard_normal((3, size))
    copd, weak = health.has[:, POSITION["copd"]], health.has[:, POSITION["ckd"]]
    return {
        **health.level,
        "weight": health.level["bmi"] * (health.level["height_cm"] / 100) ** 2,
        "pulse": 74 + 7 * z[0], "temperature": np.full(size, 36.6), "oxygen": 97.6 - 2.6 * copd,
        "haemoglobin": np.where(residents.woman, 128, 147) - 14 * weak + 9 * z[1],
    }  # fmt: skip


def _taken(
    generator: np.random.Generator, item: Measurement, residents: Residents, health: Health, visits: Visits
) -> Ints:
    chance = np.array(item.chances)[visits.kind]
    if item.disease:
        ill = health.known[visits.person, POSITION[item.disease]]
        chance = np.where(ill & (visits.kind == FOLLOW_UP), 0.9, chance)
    if item.needs_centre:
        chance = np.where(visits.level == PRIMARY, 0.0, chance)
    adult = visits.start // 1440 - residents.birth[visits.person] >= _ADULT_DAYS
    chance = np.where(adult, chance, np.minimum(chance * _CHILD_TAKES.get(item.code, 0.0), 0.97))
    if item.code == PRESSURE:
        chance = np.where(np.isin(visits.person, list(residents.story)), 1.0, chance)
    return np.flatnonzero(generator.random(len(chance)) < chance)


def _values(
    generator: np.random.Generator, item: Measurement, levels: dict[str, Floats], residents: Residents,
        health: Health,
    visits: Visits, at: Ints,
) -> tuple[Floats, Floats]:  # fmt: skip
    """Values and second values (NaN but for blood pressure)."""
    person = visits.person[at]
    usual = levels[item.level][person] + _before_treatment(item, health, visits, at)
    value = usual + item.noise * generator.standard_normal(len(at))
    if item.code == "8310-5":
        value += np.where(generator.random(len(at)) < 0.4, generator.gamma(2.0, 0.55, len(at)), 0.0)
    if item.code == "2708-6":
        value = np.minimum(value, 100.0)
    if item.code == "29463-7":
        value = _growing(value, residents, visits, at)
    value = np.asarray(np.round(np.maximum(value, 0.3), item.digits), dtype=np.float64)
    if item.code != PRESSURE:
        return value, np.full(len(at), np.nan)
    season = 3.0 * np.cos(2 * np.pi * ((visits.start[at] / 1440 % 365.25) - 15) / 365.25)
    diastolic = levels["diastolic"][person] + 0.35 * (value - levels["systolic"][person])
    value = np.round(value + season)
    diastolic = diastolic + 3.5 * generator.standard_normal(len(at))
    return value, np.asarray(np.round(np.clip(diastolic, 38, value - 15)), dtype=np.float64)


def _before_treatment(item: Measurement, health: Health, visits: Visits, at: Ints) -> Floats:
    """What treatment has since taken off: the sooner after the diagnosis, the higher the value still was."""
    rise = _BEFORE_TREATMENT.get(item.level, 0.0)
    if not rise:
        return np.zeros(len(at))
    disease = POSITION[item.disease]
    person = visits.person[at]
    days = np.maximum(visits.start[at] // 1440 - health.since[person, disease], 0)
    return np.where(health.known[person, disease], rise * np.exp(-days / _TREATMENT_DAYS), 0.0)


def _growing(value: Floats, residents: Residents, visits: Visits, at: Ints) -> Floats:
    """A child weighed less at the visit than today: weight follows age linearly from 3.3 kg at birth."""
    last = int(visits.start.max(initial=0)) // 1440
    age = visits.start[at] // 1440 - residents.birth[visits.person[at]]
    today = last - residents.birth[visits.person[at]]
    share = np.clip(age / np.maximum(today, 1), 0, 1)
    return np.where(today < _ADULT_DAYS, 3.3 + np.maximum(value - 3.3, 0) * share, value)


def _flags(item: Ints, value: Floats, second: Floats) -> pl.Series:
    """What is asked has no range: no flag."""
    without = [math.inf] * len(QUESTIONS)
    low = np.array([m.low for m in MEASUREMENTS] + [-one for one in without])[item]
    high = np.array([m.high for m in MEASUREMENTS] + without)[item]
    above = (value > high) | (np.nan_to_num(second) > 89.5)
    return pl.Series(["N", "L", "H"]).gather(np.where(above, 2, np.where(value < low, 1, 0)))
