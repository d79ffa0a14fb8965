"""Diseases and habits are as common as the surveys named in `prevalence` report."""

import numpy as np
import polars as pl
import pytest

from catchment.twin.health import assess
from catchment.twin.people import day_number, settle
from catchment.twin.prevalence import DISEASES, POSITION
from catchment.twin.villages import lay_out

PEOPLE = 120_000


@pytest.fixture(scope="module")
def adults(county):
    land = lay_out(PEOPLE, county.seed)
    parts = []
    for number in range(12):
        residents = settle(land.villages, PEOPLE, county.seed, number, county.today)
        health = assess(residents, county.seed, county.today)
        parts.append(pl.DataFrame({
            "age": residents.age_on(day_number(county.today)), "woman": residents.woman, "smoking": health.smoking,
            **{d.key: health.has[:, n] for n, d in enumerate(DISEASES)},
            **{"known_" + d.key: health.known[:, n] for n, d in enumerate(DISEASES)}, **health.level,
        }))  # fmt: skip
    return pl.concat(parts).filter(pl.col("age") >= 18)


@pytest.mark.parametrize(("disease", "from_age", "percent", "tolerance"), [
    ("hypertension", 18, 27.5, 0.6), ("diabetes", 18, 12.4, 0.4), ("dyslipidaemia", 18, 35.6, 0.9),
    ("copd", 40, 13.7, 0.5), ("stroke", 40, 2.6, 0.3), ("ckd", 18, 8.2, 0.4), ("asthma", 20, 4.2, 0.6),
    ("heart_failure", 18, 1.3, 0.3), ("fibrillation", 18, 1.6, 0.35),
])  # fmt: skip
def test_prevalence_is_as_surveyed(adults, disease, from_age, percent, tolerance):
    assert 100 * adults.filter(pl.col("age") >= from_age)[disease].mean() == pytest.approx(percent, abs=tolerance)


def test_smoking_is_a_habit_of_men(adults):
    smokes = adults.with_columns(now=pl.col("smoking") == 2)
    assert 100 * smokes.filter(~pl.col("woman"))["now"].mean() == pytest.approx(50.5, abs=2.5)
    assert 100 * smokes.filter("woman")["now"].mean() == pytest.approx(2.1, abs=0.5)


def test_weight_is_as_surveyed(adults):
    assert 100 * adults["bmi"].is_between(24, 28, closed="left").mean() == pytest.approx(34.3, abs=3)
    assert 100 * (adults["bmi"] >= 28).mean() == pytest.approx(16.4, abs=1)


def test_diseases_travel_together(adults):
    both = (adults["hypertension"] & adults["diabetes"]).mean()
    assert both > 1.5 * adults["hypertension"].mean() * adults["diabetes"].mean()
    smoker = (
        adults.filter((pl.col("age") > 50) & ~pl.col("woman"))
        .group_by(pl.col("smoking") == 2)
        .agg(pl.col("copd").mean())
    )
    shares = dict(smoker.iter_rows())
    assert shares[True] > 1.8 * shares[False]


def test_only_what_is_there_is_known(adults):
    for disease in DISEASES:
        assert not (adults["known_" + disease.key] & ~adults[disease.key]).any()
    ill = adults.filter("hypertension")
    assert ill["known_hypertension"].mean() == pytest.approx(DISEASES[POSITION["hypertension"]].known, abs=0.02)


def test_measurements_agree_with_the_disease(adults):
    well, ill = adults.filter(~pl.col("hypertension")), adults.filter("hypertension")
    assert ((well["systolic"] < 140) & (well["diastolic"] < 90)).all()
    assert (ill.filter(~pl.col("known_hypertension"))["systolic"] >= 140).all()
    assert (adults.filter(~pl.col("diabetes"))["glucose"] < 7.0).all()
    assert (adults.filter("copd")["fev1_fvc"] < 70).all()
    assert (adults["systolic"] - adults["diastolic"] > 15).all()
    assert np.isfinite(adults.select("bmi", "waist_cm", "creatinine", "hba1c", "cholesterol").to_numpy()).all()
