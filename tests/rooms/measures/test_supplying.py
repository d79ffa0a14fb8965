"""Sources that are lacking, and the figures that somebody supplies in their place."""

from datetime import date

import pytest

import county as small
from catchment.rooms.measures import actions
from catchment.rooms.places.models import Area

from .conftest import CODE, OPERATOR, value_of


def test_a_source_that_is_lacking_is_named_and_nothing_is_guessed(year, compute):
    patient = year.person()
    year.visit(patient, year.county.hospital)
    run = compute(only=["2.1", "3.2"])
    posted, spent = value_of(run, "2.1"), value_of(run, "3.2")
    assert (posted.status, posted.value, posted.missing_sources) == ("missing-source", None, ("卫生人力与下派台账",))
    assert (spent.status, spent.missing_sources) == ("missing-source", ("医保部门县外就医与基金支出",))


def test_a_source_that_feeds_the_record_is_counted(year, compute):
    patient = year.person()
    year.visit(patient, year.county.hospital, fund=3_000)
    elsewhere = small._facility("X2", "省立医院", "hospital", "province", other_county(), 1, 1, in_network=False)
    year.visit(patient, elsewhere, fund=1_000)
    assert value_of(compute(only=["3.2"]), "3.2").value == 75


def other_county():
    return Area.objects.create(code="880100", name="别县", level="county")


def supply(text):
    return actions.supply_figures(
        actor=OPERATOR, now=small.NOW, name="f.csv", content=("figure,place,period,value,note\n" + text).encode()
    )


def test_a_supplied_figure_takes_the_place_of_a_missing_source(year, compute):
    for _ in range(5):
        year.person()
    supply(f"hr.posted-physicians,{CODE},2025,3,人事台账\nfund.in-county,{CODE},2025,60,\nfund.all,{CODE},2025,80,\n")
    run = compute(only=["2.1", "3.2"])
    assert value_of(run, "2.1").value == pytest.approx(3 / 6 * 10_000)
    assert value_of(run, "3.2").value == 75


def test_months_make_the_year_when_none_is_lacking(year, compute):
    months = "".join(f"remote.diagnoses,{CODE},2025-{month:02},{month},\n" for month in range(1, 12))
    supply(months)
    assert value_of(compute(only=["2.2a"]), "2.2a").status == "missing-source"
    supply(f"remote.diagnoses,{CODE},2025-12,12,\n")
    assert value_of(compute(only=["2.2a"]), "2.2a").numerator == 78


def test_the_life_table_gives_the_chance_of_dying_between_thirty_and_seventy(year, compute):
    for born in range(1955, 1996, 5):
        for _ in range(10):
            year.person(born=date(born, 12, 31))
    bands = range(30, 70, 5)
    supply("".join(f"deaths.ncd.{band},{CODE},2025,{int(band >= 60)},\n" for band in bands))
    dying = [5 * rate / (1 + 2.5 * rate) for rate in (1 / 10, 1 / 11)]
    assert value_of(compute(only=["5.2"]), "5.2").value == pytest.approx(100 * (1 - (1 - dying[0]) * (1 - dying[1])))


def test_an_edition_of_its_day_can_be_computed_again(year, compute):
    year.visit(year.person(), year.county.township)
    first, again = compute(only=["3.1"]), compute(version="2024.1", only=["3.1"])
    assert first.pk != again.pk
    assert value_of(first, "3.1").value == value_of(again, "3.1").value == 100
