"""Residents: age and sex as in the census, valid and unassigned numbers, sane households."""

import csv
import gzip
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from catchment.twin.census import MEN_FOR_100_WOMEN, MILLIONS
from catchment.twin.identifiers import CHECK_CHARACTERS, WEIGHTS, phones, resident_ids
from catchment.twin.names import SURNAMES
from catchment.twin.staff import ROLES

AREAS = Path(__file__).resolve().parents[2].parent / "shared/data/linkage/id_area_codes_gb2260_history.csv.gz"
YEAR = 365.25


@pytest.fixture(scope="module")
def people(tables, county):
    age = (pl.lit(county.today) - pl.col("birth_date")).dt.total_days() / YEAR
    return tables["people"].with_columns(age=age)


def test_age_groups_follow_the_census(people):
    lived = np.histogram(people["age"], [*range(0, 90, 5), 120])[0] / people.height
    assert np.abs(lived - MILLIONS / MILLIONS.sum()).max() < 0.006


def test_sex_ratio_follows_the_census(people):
    women = (people["sex"] == "female").mean()
    expected = np.average(100 / (100 + MEN_FOR_100_WOMEN), weights=MILLIONS)
    assert women == pytest.approx(expected, abs=0.012)


def test_resident_numbers_are_valid_and_unique(people):
    assert people["resident_id"].is_unique().all()
    for number, born, sex in people.select("resident_id", "birth_date", "sex").sample(800, seed=1).iter_rows():
        total = sum(int(digit) * int(weight) for digit, weight in zip(number[:17], WEIGHTS, strict=True))
        assert number[17] == CHECK_CHARACTERS[total % 11]
        assert number[6:14] == f"{born:%Y%m%d}"
        assert int(number[16]) % 2 == (sex == "male")


def test_the_check_character_of_the_standards_example_is_x():
    """GB 11643-1999, example: 11010519491231002X; only the body's area is ours."""
    digits = np.array([int(digit) for digit in "11010519491231002"])
    assert CHECK_CHARACTERS[int(digits @ WEIGHTS) % 11] == "X"


def test_a_day_with_many_births_still_gives_unique_numbers():
    birth, woman = np.full(1500, 19990101), np.arange(1500) % 2 == 0
    numbers = pl.concat([resident_ids(birth, woman, block) for block in (0, 49, 50, 999)])
    assert numbers.is_unique().all()
    assert set(numbers.str.len_bytes()) == {18}


@pytest.mark.shared
def test_no_area_code_was_ever_assigned(tables):
    if not AREAS.exists():
        pytest.skip(f"{AREAS} is absent")
    with gzip.open(AREAS, "rt", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    codes = {next(iter(row.values())) for row in rows}
    assert len(codes) > 3000
    assert not codes & set(tables["people"]["resident_id"].str.slice(0, 6))
    assert not codes & set(tables["places"]["code"].str.slice(0, 6))
    assert "云溪县" not in {value for row in rows for value in row.values()}


def test_phone_numbers_are_unique_and_in_an_unused_range(people):
    given = people["phone"].drop_nulls()
    assert given.str.contains(r"^100\d{8}$").all()
    assert given.is_unique().all()
    assert phones(np.arange(1, 300_000)).is_unique().all()


def test_households_have_one_adult_head_and_at_most_one_spouse(people, tables):
    counted = people.group_by("household_id").agg(
        heads=(pl.col("relation") == "head").sum(), spouses=(pl.col("relation") == "spouse").sum(),
        places=pl.col("place_id").n_unique(),
    )  # fmt: skip
    assert (counted["heads"] == 1).all()
    assert (counted["spouses"] <= 1).all()
    assert (counted["places"] == 1).all()
    assert people.filter(relation="head")["age"].min() > 16
    assert 2.2 < people.height / tables["households"].height < 3.1


def test_no_minor_lives_without_an_adult(people):
    oldest = people.group_by("household_id").agg(oldest=pl.col("age").max())
    assert people.join(oldest, on="household_id").filter(pl.col("age") < 16)["oldest"].min() > 18


def test_mothers_are_of_an_age_to_be_mothers(people):
    mothers = people.select(mother_id="id", mother_age="age", mother_sex="sex", mother_home="household_id")
    children = people.join(mothers, on="mother_id")
    gap = children["mother_age"] - children["age"]
    assert gap.min() > 16.9
    assert gap.max() < 47.1
    assert (children["mother_sex"] == "female").all()
    assert (children["mother_home"] == children["household_id"]).all()


def test_children_bear_the_name_of_the_head_of_the_household(people):
    heads = people.filter(relation="head").select("household_id", head_name=pl.col("name").str.head(1))
    children = people.filter(relation="child").join(heads, on="household_id")
    assert (children["name"].str.head(1) == children["head_name"]).mean() > 0.995
    assert people["name"].str.head(1).is_in(list(SURNAMES)).all()


def test_deaths_lie_in_the_history_and_after_birth(people, county):
    dead = people.filter(pl.col("deceased_on").is_not_null())
    assert 0.014 < dead.height / people.height < 0.03
    assert (dead["deceased_on"] > dead["birth_date"]).all()
    assert dead["deceased_on"].max() <= county.today
    assert dead["age"].mean() > 60
    assert dead["contract_doctor_id"].is_null().all()


def test_everyone_is_answered_for_by_a_facility_whose_catchment_holds_the_village(people, tables):
    held = tables["catchments"].rename({"facility_id": "facility"}).with_columns(held=True)
    joined = people.join(held, left_on=["facility_id", "place_id"], right_on=["facility", "place_id"], how="left")
    assert joined["held"].all()
    assert joined.height == people.height


def test_contracts_are_more_usual_among_the_old(people):
    signed = people.filter(pl.col("deceased_on").is_null()).group_by(pl.col("age") >= 65).agg(
        pl.col("contract_doctor_id").is_not_null().mean().alias("share"))  # fmt: skip
    shares = dict(signed.iter_rows())
    assert shares[True] > 0.68
    assert shares[False] < 0.45


def test_every_role_has_someone_in_post(tables):
    posts = tables["posts"]
    assert set(posts["role"]) == set(ROLES)
    clinics = tables["facilities"].filter(kind="village_clinic")["id"]
    assert clinics.is_in(posts.filter(role="village_doctor")["facility_id"].implode()).all()
    assert (posts["valid_to"].is_null() | (posts["valid_to"] > posts["valid_from"])).all()
