"""Three years of care: in their lifetimes, in season, in plausible numbers, with money that adds up."""

import csv
import gzip
from datetime import timedelta
from pathlib import Path

import polars as pl
import pytest

from catchment.twin.deaths import CAUSE, CAUSES
from catchment.twin.diagnoses import CODES, NAMES, STAYS
from catchment.twin.facilities import FIRST_CENTRE, LEAD
from catchment.twin.prevalence import POSITION
from catchment.twin.treatment import THERAPY_FOR

CATALOGUE = Path(__file__).resolve().parents[2].parent / "shared/data/codes"
CHINA = "Asia/Shanghai"


@pytest.fixture(scope="module")
def encounters(tables):
    local = pl.col("started_at").dt.convert_time_zone(CHINA)
    return tables["encounters"].with_columns(local=local, day=local.dt.date()).join(
        tables["people"].select("birth_date", "deceased_on", "sex", "insurance_kind", person_id="id"), on="person_id"
    )  # fmt: skip


def test_about_eleven_encounters_a_person(encounters, county):
    assert 10 < encounters.height / county.people < 13


def test_no_encounter_before_birth_or_after_death(encounters):
    assert (encounters["day"] >= encounters["birth_date"]).all()
    dead = encounters.filter(pl.col("deceased_on").is_not_null())
    ended = dead["ended_at"].dt.convert_time_zone(CHINA).dt.date()
    assert (dead["day"] <= dead["deceased_on"]).all()
    assert (ended.fill_null(dead["deceased_on"]) <= dead["deceased_on"]).all()


def test_history_lasts_three_years_and_ends_before_today(encounters, county):
    assert encounters["day"].max() == county.today - timedelta(days=1)
    assert encounters["day"].min() >= county.today - timedelta(days=1097)


def test_only_patients_still_in_hospital_have_no_end(encounters, county):
    still = encounters.filter(pl.col("ended_at").is_null())
    assert set(still["kind"]) == {"inpatient"}
    assert still["day"].min() > county.today - timedelta(days=90)
    assert (
        encounters["ended_at"].drop_nulls() > encounters.filter(pl.col("ended_at").is_not_null())["started_at"]
    ).all()


def test_nobody_is_seen_elsewhere_while_in_hospital(encounters):
    ordered = encounters.sort("person_id", "started_at").with_columns(
        before=pl.col("ended_at").shift(1).over("person_id"), kind_before=pl.col("kind").shift(1).over("person_id"))  # fmt: skip
    after_stay = ordered.filter(kind_before="inpatient").drop_nulls("before")
    assert (after_stay["started_at"] >= after_stay["before"]).all()


def test_the_dying_die_once(encounters):
    died = encounters.filter(outcome="died")
    assert died.height > 20
    assert died["person_id"].is_unique().all()
    assert died["deceased_on"].is_not_null().all()


def test_respiratory_infection_is_a_winter_disease(encounters):
    months = encounters.filter(diagnosis="J06.900")["local"].dt.month()
    assert months.is_in([12, 1, 2]).sum() > 1.5 * months.is_in([6, 7, 8]).sum()


def test_conditions_of_one_sex_stay_with_it(encounters):
    assert set(encounters.filter(pl.col("diagnosis").is_in(["N76.000", "O80.900", "O82.900"]))["sex"]) == {"female"}
    assert set(encounters.filter(diagnosis="N40.x00")["sex"]) == {"male"}


def test_every_birth_to_a_known_mother_has_its_admission(encounters, tables, county):
    first = county.today - timedelta(days=700)
    born = tables["people"].filter((pl.col("birth_date") > first) & pl.col("mother_id").is_not_null())
    stays = encounters.filter(pl.col("diagnosis").is_in(["O80.900", "O82.900"])).select("person_id", "day")
    found = born.join(stays, left_on=["mother_id", "birth_date"], right_on=["person_id", "day"], how="inner")
    assert found.height > 0.95 * born.height


def test_most_visits_are_made_near_home(encounters, tables):
    kinds = encounters.filter(kind="ambulatory").join(
        tables["facilities"].select("kind", facility_id="id"), on="facility_id", suffix="_of"
    )
    near = kinds["kind_of"].is_in(["village_clinic", "township_centre", "community_centre"]).mean()
    assert 0.65 < near < 0.9


def test_the_attending_doctor_works_in_the_department(encounters, tables):
    posts = tables["posts"].select("practitioner_id", "facility_id", "department_id").unique()
    joined = encounters.join(
        posts, on=["practitioner_id", "facility_id", "department_id"], how="anti", nulls_equal=True
    )
    assert joined.is_empty()


def test_stays_are_about_a_week_and_one_in_six_persons_a_year(encounters, county):
    stays = encounters.filter(kind="inpatient")
    assert 0.13 < stays.height / county.people / 3 < 0.22
    days = (stays["ended_at"] - stays["started_at"]).drop_nulls().dt.total_hours() / 24
    assert 5.5 < days.mean() < 9.5


def test_costs_add_up_and_the_fund_pays_no_more(encounters):
    parts = ["cost_drug", "cost_consumable", "cost_exam", "cost_lab", "cost_service"]
    assert (encounters.select(pl.sum_horizontal(parts)).to_series() == encounters["cost_total"]).all()
    assert (encounters.select(pl.min_horizontal(parts)).to_series() >= 0).all()
    assert (encounters["fund_paid"] <= encounters["cost_total"]).all()
    assert (encounters.filter(insurance_kind="none")["fund_paid"] == 0).all()
    assert encounters.filter(insurance_kind="resident", kind="inpatient")["fund_paid"].median() > 0


def test_observations_belong_to_their_encounter(tables, encounters):
    joined = tables["observations"].join(
        encounters.select("person_id", "started_at", encounter_id="id"), on="encounter_id"
    )
    assert (joined["person_id"] == joined["person_id_right"]).all()
    assert (joined["taken_at"] - joined["started_at"]).dt.total_minutes().is_between(0, 60).all()


def test_blood_pressure_is_a_pair_and_nothing_else_is(tables):
    pressure = tables["observations"].filter(code="85354-9")
    others = tables["observations"].filter(pl.col("code") != "85354-9")
    assert (pressure["value"] - pressure["value_2"] >= 10).all()
    assert others["value_2"].null_count() == others.height
    assert (pressure.filter(flag="N")["value"] < 140).all()


def test_the_treated_had_higher_pressure_when_diagnosed(tables, county):
    known = tables["health"].filter((pl.col("known") // 2 ** POSITION["hypertension"]) % 2 == 1)["person_id"]
    onset = (
        tables["conditions"]
        .filter(code="I10.x00x002", category="problem")
        .filter(pl.col("person_id").is_in(known.implode()))
    )
    taken = tables["observations"].filter(code="85354-9").join(onset.select("person_id", "onset"), on="person_id")
    days = taken.with_columns(days=(pl.col("taken_at").dt.date() - pl.col("onset")).dt.total_days())
    assert (
        days.filter(pl.col("days").is_between(0, 60))["value"].mean()
        > days.filter(pl.col("days") > 800)["value"].mean() + 4
    )


def test_conditions_start_in_the_lifetime(tables):
    joined = tables["conditions"].join(
        tables["people"].select("birth_date", "deceased_on", person_id="id"), on="person_id"
    )
    assert (joined["onset"] >= joined["birth_date"]).all()
    assert (joined["onset"] <= joined["deceased_on"]).drop_nulls().all()


def test_operations_lie_inside_their_stay(tables, encounters):
    joined = tables["procedures"].join(
        encounters.select("started_at", "ended_at", encounter_id="id"), on="encounter_id"
    )
    assert (joined["performed_at"] >= joined["started_at"]).all()
    assert (joined["performed_at"] <= joined["ended_at"]).drop_nulls().all()


def test_every_death_has_a_cause_on_its_day(tables):
    causes = tables["observations"].filter(code=CAUSE)
    dead = tables["people"].filter(pl.col("deceased_on").is_not_null())
    joined = causes.join(dead.select("deceased_on", person_id="id"), on="person_id", how="inner")
    assert (causes.height, joined.height) == (dead.height, dead.height)
    assert (joined["taken_at"].dt.convert_time_zone("Asia/Shanghai").dt.date() == joined["deceased_on"]).all()
    assert causes["answer"].is_in(list(CAUSES)).all()


def test_the_lead_hospital_reads_for_centres_only(tables, encounters):
    places = encounters.select("facility_id", encounter_id="id")
    reports = tables["reports"].join(places, on="encounter_id")
    remote = reports.filter(pl.col("reader_id") != pl.col("facility_id"))
    assert set(remote["reader_id"]) == {LEAD}
    assert set(remote["kind"]) <= {"ecg", "chest_film"}
    assert (remote["facility_id"] >= FIRST_CENTRE).all()


def test_chinese_therapies_are_given_in_primary_care(tables, encounters):
    therapies = tables["procedures"].filter(pl.col("code").str.starts_with("17.9"))
    joined = therapies.join(encounters.select("kind", "diagnosis", encounter_id="id"), on="encounter_id")
    assert joined.height == therapies.height > 0
    assert set(joined["kind"]) == {"ambulatory"}
    assert joined["diagnosis"].is_in(list(THERAPY_FOR)).all()


def test_patients_stay_on_their_medicine(tables, encounters):
    orders = tables["medications"].join(
        encounters.filter(kind="follow_up", diagnosis="I10.x00x002").select(encounter_id="id"),
        on="encounter_id",
    )
    kinds = orders.group_by("person_id").agg(pl.col("medicine").n_unique())
    assert (kinds["medicine"] <= 2).all()


@pytest.mark.shared
def test_every_code_stands_in_the_national_catalogue_under_its_name():
    if not CATALOGUE.exists():
        pytest.skip(f"{CATALOGUE} is absent")
    diagnoses = _catalogue("icd10_nhsa_2.0_zh.csv.gz")
    assert {code: diagnoses.get(code) for code in CODES} == NAMES
    operations = _catalogue("icd9cm3_nhsa_2.0_zh.csv.gz")
    assert {stay.procedure for stay in STAYS if stay.procedure} <= set(operations)


def _catalogue(name):
    with gzip.open(CATALOGUE / name, "rt", encoding="utf-8") as file:
        return {row[0]: row[1] for row in csv.reader(file)}
