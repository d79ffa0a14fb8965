"""The county as a whole: the same from the same seed, complete, and without a dangling number."""

from datetime import date

import polars as pl
import pytest

from catchment.twin import cast
from catchment.twin.county import County, found_county
from catchment.twin.tables import BY_BLOCK, FRAME, TABLES

REFERENCES = [
    ("places", "parent_id", "places"),
    ("facilities", "place_id", "places"),
    ("facilities", "parent_id", "facilities"),
    ("departments", "facility_id", "facilities"),
    ("catchments", "facility_id", "facilities"),
    ("catchments", "place_id", "places"),
    ("networks", "lead_id", "facilities"),
    ("network_members", "network_id", "networks"),
    ("network_members", "facility_id", "facilities"),
    ("posts", "practitioner_id", "practitioners"),
    ("posts", "facility_id", "facilities"),
    ("posts", "department_id", "departments"),
    ("people", "place_id", "places"),
    ("people", "household_id", "households"),
    ("people", "mother_id", "people"),
    ("people", "facility_id", "facilities"),
    ("people", "contract_doctor_id", "practitioners"),
    ("households", "head_id", "people"),
    ("health", "person_id", "people"),
    ("encounters", "person_id", "people"),
    ("encounters", "facility_id", "facilities"),
    ("encounters", "department_id", "departments"),
    ("encounters", "practitioner_id", "practitioners"),
    *[(name, "person_id", "people") for name in ("conditions", "observations", "medications", "reports", "allergies")],
    *[
        (name, "encounter_id", "encounters")
        for name in ("conditions", "observations", "medications", "procedures", "reports")
    ],
]


def test_equal_arguments_make_an_equal_county(county, tables):
    again = found_county(people=county.people, seed=county.seed, today=county.today)
    assert all(again.frame_tables()[table.name].equals(tables[table.name]) for table in FRAME)
    block = again.block(1)
    first = county.block(0)
    for table in BY_BLOCK:
        assert pl.concat([first[table.name], block[table.name]]).equals(tables[table.name]), table.name


def test_another_seed_makes_another_county(county):
    other = found_county(people=county.people, seed=county.seed + 1, today=county.today)
    assert not other.land.places["geometry"].equals(county.land.places["geometry"])
    assert not other.block(0)["people"]["name"].equals(county.block(0)["people"]["name"])


def test_every_table_has_the_declared_columns(tables):
    assert set(tables) == set(TABLES)
    for name, table in TABLES.items():
        assert tables[name].schema == table.schema, name
        assert tables[name].height > 0, name


@pytest.mark.parametrize(("table", "column", "target"), REFERENCES)
def test_every_reference_finds_its_row(tables, table, column, target):
    values = tables[table][column].drop_nulls()
    assert len(values)
    assert values.is_in(tables[target]["id"].implode()).all()


def test_numbers_are_unique(tables):
    for name, table in tables.items():
        if "id" in table.columns:
            assert table["id"].is_unique().all(), name


def test_residents_sum_to_the_number_asked_for(tables, county):
    assert tables["people"].height == county.people
    assert tables["places"].filter(kind="village")["population"].sum() == county.people


def test_village_populations_match_within_a_household(tables):
    lived = tables["people"].group_by("place_id").len()
    both = tables["places"].filter(kind="village").join(lived, left_on="id", right_on="place_id", how="left")
    largest = tables["households"]["members"].max()
    assert (both["population"] - both["len"].fill_null(0)).abs().max() <= largest


@pytest.mark.parametrize(("people", "seed", "named"), [(10, 1, "people"), (10**8, 1, "people"), (5000, -1, "seed")])
def test_impossible_counties_are_refused_by_name(people, seed, named):
    with pytest.raises(ValueError, match=f"^{named}: "):
        found_county(people=people, seed=seed, today=date(2026, 3, 1))


def test_the_smallest_county_has_a_history():
    small: County = found_county(people=2_000, seed=3, today=date(2026, 3, 1))
    assert small.block(0)["encounters"].height > 1_000


def test_the_cast_is_in_every_county(county, tables):
    people, staff = tables["people"], tables["practitioners"]
    place = tables["places"].filter(name="楚溪村")["id"][0]
    wang = people.filter(name="王秀英", birth_date=date(1959, 3, 12))
    assert wang["place_id"].to_list() == [place]
    assert staff.filter(pl.col("login") != "")["login"].n_unique() == len(cast.STAFF)
    last = tables["encounters"].filter(person_id=wang["id"][0]).sort("started_at")[-1]
    assert last["diagnosis"][0] == "R07.400"
    pressure = tables["observations"].filter(encounter_id=last["id"][0], code="85354-9")
    assert pressure["value"][0] > 140
    zhou = staff.filter(login="zhou.cunyi")["id"][0]
    post = tables["posts"].filter(practitioner_id=zhou)["facility_id"][0]
    assert post == wang["facility_id"][0]


@pytest.mark.parametrize(("people", "seed"), [(2_000, 1), (2_000, 5), (15_001, 3)])
def test_all_told_people_live_in_counties_of_any_size(people, seed):
    town = found_county(people=people, seed=seed, today=date(2026, 3, 1))
    lived = pl.concat([block["people"] for block in town.all_blocks()])
    told = pl.DataFrame({"name": [p.name for p in cast.PEOPLE], "birth_date": [p.birth_date for p in cast.PEOPLE]})
    assert told.join(lived, on=["name", "birth_date"]).height == len(cast.PEOPLE)
