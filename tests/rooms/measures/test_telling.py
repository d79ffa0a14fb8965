"""What a post that sees figures only is told: no few people, and nothing by which they could be reckoned back."""

from datetime import date

import pytest

from catchment.kernel.actor import system
from catchment.rooms.measures import queries

from .conftest import CODE, OPERATOR, employed

FIGURES_ONLY = system("tests", "measures.read", "measures.read-all")


def told_of(run, code, level="county"):
    return next(one for one in queries.values_of(FIGURES_ONLY, run, level) if one.code == code)


def test_a_few_people_are_not_told_to_who_sees_figures_only(year, compute):
    for at in range(20):
        person = year.person()
        if at < 3:
            year.contract(person)
    run = compute("chronic", only=["con.rate"])
    told = told_of(run, "con.rate")
    assert (told.status, told.value, told.numerator) == ("withheld", None, None)
    assert queries.told_parts(FIGURES_ONLY, run, "con.rate", "county", CODE) == []
    kept = queries.told_parts(OPERATOR, run, "con.rate", "county", CODE)
    assert [part["number"] for part in kept] == [3, 21]


def test_no_small_count_can_be_had_back_from_the_others(year, compute):
    for facility, n in ((year.county.village, 12), (year.county.township, 12), (year.county.hospital, 12)):
        for at in range(n):
            person = year.person(facility=facility)
            if facility != year.county.village or at < 4:
                year.contract(person)
    run = compute("chronic", only=["con.rate"])
    told = {one.place_code: one.status for one in queries.values_of(FIGURES_ONLY, run, "facility")}
    assert told[year.county.village.code] == "withheld"
    assert list(told.values()).count("withheld") >= 2


def test_few_posts_are_no_secret(year, compute):
    for at in range(20):
        year.person(f"x{at}")
    who = employed(year.county.hospital)
    employed(year.county.township, role="township-doctor", who=who, since=date(2025, 1, 1))
    run = compute(only=["2.1"])
    assert told_of(run, "2.1").numerator == 1
    assert queries.told_parts(FIGURES_ONLY, run, "2.1", "county", CODE)[0]["number"] == 1


@pytest.mark.parametrize(("deaths", "status"), [(2, "withheld"), (4, "valued")])
def test_a_composite_is_told_by_its_sums_without_its_small_parts(year, compute, deaths, status):
    for born in range(1955, 1996, 5):
        for at in range(12):
            person = year.person(f"{born}-{at}", born=date(born, 12, 31))
            if born in {1960, 1965, 1970} and at < deaths:
                year.cause_of_death(person, date(2025, 6, 1), "I21.900")
    run = compute(only=["5.2"])
    assert told_of(run, "5.2").status == status
    parts = [part["name"] for part in queries.told_parts(FIGURES_ONLY, run, "5.2", "county", CODE)]
    assert parts == (["numerator", "denominator"] if status == "valued" else [])
    assert len(queries.told_parts(OPERATOR, run, "5.2", "county", CODE)) > 2
