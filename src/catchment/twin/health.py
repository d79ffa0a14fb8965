"""What is true of each resident's body, known or not: diseases, habits and the usual level of each
measurement.

Two shared factors, metabolic load and smoke, make diseases travel together; each disease keeps its own
prevalence, because the threshold is set on a standard normal sum. Children get weight and height by age
only.
"""

from dataclasses import dataclass
from datetime import date

import numpy as np
import polars as pl

from catchment.twin.people import Residents, day_number
from catchment.twin.prevalence import DISEASES, POSITION, band_of, share_with, smoking_share
from catchment.twin.streams import Bools, Floats, Ints, normal_share, stream
from catchment.twin.tables import HEALTH

_MEAN_YEARS_KNOWN = 6.5


@dataclass(slots=True)
class Health:
    """One block as arrays: `has` and `known` are persons × diseases; `since` is the day of diagnosis."""

    has: Bools
    known: Bools
    since: Ints
    smoking: Ints
    drinking: Bools
    level: dict[str, Floats]


def assess(residents: Residents, seed: int, today: date) -> Health:
    """Draw the health of a block's residents as it is today."""
    generator = stream(seed, "health", residents.number)
    day = day_number(today)
    age = residents.age_on(day)
    woman, band = residents.woman, band_of(age)
    metabolic, smoke = generator.standard_normal((2, residents.size))
    has = _diseases(generator, metabolic, smoke, band, woman)
    smokes = normal_share(-smoke) < smoking_share(band, woman)
    former = ~smokes & (generator.random(residents.size) < np.where(woman, 0.004, 0.16) * (age > 35))
    known = has & (generator.random(has.shape) < np.array([disease.known for disease in DISEASES]))
    _tell_story(residents, has, known)
    level = _levels(generator, age, woman, metabolic, has, known)
    for position, person in residents.story.items():
        level["systolic"][position], level["diastolic"][position] = person.systolic, person.diastolic
    drinking = generator.random(residents.size) < np.where(woman, 0.03, 0.3) * (age > 20)
    since = _since(generator, age, has.shape, day)
    return Health(has, known, since, np.where(smokes, 2, np.where(former, 1, 0)), drinking, level)


def _diseases(generator: np.random.Generator, metabolic: Floats, smoke: Floats, band: Ints, woman: Bools) -> Bools:
    has = np.empty((len(band), len(DISEASES)), dtype=np.bool_)
    for position, disease in enumerate(DISEASES):
        own = np.sqrt(1 - disease.metabolic**2 - disease.smoke**2)
        pull = disease.metabolic * metabolic + disease.smoke * smoke + own * generator.standard_normal(len(band))
        has[:, position] = normal_share(-pull) < share_with(disease, band, woman)
    return has


def _tell_story(residents: Residents, has: Bools, known: Bools) -> None:
    for position, person in residents.story.items():
        has[position] = known[position] = False
        told = [POSITION[key] for key in person.diseases]
        has[position, told] = known[position, told] = True


def _since(generator: np.random.Generator, age: Floats, shape: tuple[int, ...], day: int) -> Ints:
    years = np.minimum(
        generator.exponential(_MEAN_YEARS_KNOWN, shape), np.maximum(age[:, None] - 16, age[:, None] * 0.5)
    )
    return day - np.floor(years * 365.25).astype(np.int64)


def _levels(
    generator: np.random.Generator, age: Floats, woman: Bools, metabolic: Floats, has: Bools, known: Bools
) -> dict[str, Floats]:
    size = len(age)
    z = generator.standard_normal((10, size))
    adult = age >= 18
    height = np.where(woman, 158.0, 169.5) - 0.11 * np.maximum(age - 40, 0) + 5.6 * z[0]
    growing = np.where(age < 2, 50 + 18 * np.minimum(age, 2), 86 + 6.1 * (age - 2))
    height = np.where(adult, height, np.minimum(growing * (1 + 0.035 * z[0]), height))
    bmi = np.where(
        adult,
        24.45 - 0.3 * woman + 3.75 * (0.65 * metabolic + 0.76 * z[1]),
        16.2 + 0.25 * age / 2 + 1.7 * z[1],
    )
    bmi = np.clip(bmi, 12.5, 46)
    waist = np.where(adult, 2.55 * bmi + np.where(woman, 18.5, 24.0) + 3.5 * z[2], 45 + 1.6 * age + bmi - 16)
    levels = {"height_cm": height, "bmi": bmi, "waist_cm": waist}
    levels |= _pressure(generator, age, woman, bmi, z[3:5], has, known)
    levels |= _metabolism(generator, z[5:9], metabolic, woman, has, known)
    kidney = has[:, POSITION["ckd"]] * generator.gamma(1.6, 38, size)
    levels["creatinine"] = np.where(adult, np.where(woman, 58.0, 74.0), 25 + 2.2 * age) * np.exp(0.13 * z[9]) + kidney
    lung = np.clip(84 - 0.13 * np.maximum(age - 25, 0) + generator.normal(0, 4.5, size), 70.5, 97)
    levels["fev1_fvc"] = np.where(has[:, POSITION["copd"]], generator.uniform(38, 69.5, size), lung)
    return levels


def _pressure(
    generator: np.random.Generator,
    age: Floats,
    woman: Bools,
    bmi: Floats,
    z: Floats,
    has: Bools,
    known: Bools,
) -> dict[str, Floats]:
    """Below 140/90 without hypertension; with it above, unless treatment holds it (a third of the
    diagnosed).
    """
    ill, diagnosed = has[:, POSITION["hypertension"]], known[:, POSITION["hypertension"]]
    base = 108 + 0.27 * np.maximum(age - 20, -12) - 4 * woman * (age < 55) + 0.55 * (bmi - 23) + 7.5 * z[0]
    normal = np.where(base > 132, 132 + 7 * np.tanh((base - 132) / 12), base)
    held = diagnosed & (generator.random(len(age)) < 0.36)
    high = 141 + generator.gamma(1.5, 9.0, len(age)) + 0.1 * np.maximum(age - 50, 0)
    systolic = np.where(ill, np.where(held, 122 + 8 * np.tanh(z[1]), high), normal)
    diastolic = 41 + 0.3 * systolic - 0.16 * np.maximum(age - 50, 0) + 4.5 * z[1]
    diastolic = np.where(ill, diastolic + np.where(held, 0, 6), np.minimum(diastolic, 88.5))
    return {"systolic": systolic, "diastolic": np.minimum(diastolic, systolic - 22)}


def _metabolism(
    generator: np.random.Generator, z: Floats, metabolic: Floats, woman: Bools, has: Bools, known: Bools
) -> dict[str, Floats]:
    size = len(woman)
    ill, diagnosed = has[:, POSITION["diabetes"]], known[:, POSITION["diabetes"]]
    fats = has[:, POSITION["dyslipidaemia"]]
    held = diagnosed & (generator.random(size) < 0.45)
    diabetic = np.where(held, 6.4 + 0.5 * z[0], 7.2 + generator.gamma(1.5, 1.35, size))
    glucose = np.where(ill, np.maximum(diabetic, 4.6), np.clip(5.15 + 0.2 * metabolic + 0.42 * z[0], 3.6, 6.9))
    triglyceride = np.exp(0.22 + 0.18 * metabolic + 0.36 * z[1] + 0.45 * fats)
    hdl = np.clip(1.38 + 0.1 * woman - 0.1 * metabolic - 0.16 * fats + 0.24 * z[2], 0.6, 2.8)
    ldl = np.clip(2.45 + 0.85 * fats + 0.55 * z[3], 0.8, 7.5)
    return {
        "glucose": glucose, "hba1c": 2.6 + 0.59 * glucose + 0.12 * z[3], "hdl": hdl, "ldl": ldl,
        "triglyceride": triglyceride, "cholesterol": hdl + ldl + 0.35 * np.minimum(triglyceride, 4.5) + 0.25,
    }  # fmt: skip


def health_table(residents: Residents, health: Health) -> pl.DataFrame:
    """The health of a block as a table; the sets of diseases are bits in the order of
    `prevalence.DISEASES`.
    """
    bits = 1 << np.arange(len(DISEASES))
    levels = {name: np.round(values, 2) for name, values in health.level.items()}
    return HEALTH.frame({
        "person_id": residents.id,
        "smoking": pl.Series(["never", "former", "current"]).gather(health.smoking),
        "drinking": health.drinking,
        "has": health.has @ bits,
        "known": health.known @ bits,
        **levels,
    })  # fmt: skip
