"""Layers of settlement: to the fen, by the edition of the day."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

import county as small
from catchment.kernel.errors import Invalid, NotFound
from catchment.rooms.claims import queries, rules
from catchment.rooms.claims.types import Stay, Way, Year
from catchment.rooms.rulebook import actions as rulebook
from catchment.rooms.rulebook.actions import read_yaml
from catchment.rooms.rulebook.queries import forget
from catchment.standards.reasons import Reason

STAY = Stay(
    id="1", person="p", day=date(2026, 3, 5), level="2", category="resident", total=8_000_000, excluded=600_000,
    first_pay=400_000,
)  # fmt: skip
SHANGLUO = rules.LayersRule.model_validate(
    read_yaml((rulebook.publishing.ROOMS / "claims/editions/shangluo.yaml").read_text(encoding="utf-8")).content
)


@pytest.fixture
def editions(db):
    forget()
    rulebook.publish_defaults(actor=small.PUBLISHER, now=small.NOW)
    yield
    forget()


def settled(stay=STAY, year=None):
    return rules.settle(stay, year or Year(), SHANGLUO, edition="x", verified=False)


def paid(settlement):
    return [step.paid for step in settlement.steps]


def test_an_ordinary_resident_of_the_worked_example(editions):
    (done,) = queries.reckon([STAY], "shangluo")
    assert (done.in_scope, paid(done), done.patient) == (7_000_000, [5_220_000, 468_000, 0], 2_312_000)
    assert not done.verified


def test_a_person_on_subsistence_allowance_of_the_worked_example(editions):
    (done,) = queries.reckon([replace(STAY, category="subsistence")], "shangluo")
    assert (paid(done), done.patient) == ([5_220_000, 832_000, 663_600], 1_284_400)


def test_a_second_stay_has_a_lower_deductible_and_the_years_own_part_behind_it(editions):
    later = replace(STAY, id="2", day=date(2026, 5, 1), total=1_000_000, excluded=0, first_pay=0)
    first, second = queries.reckon([later, STAY], "shangluo")
    assert (first.stay.id, second.steps[0].deductible) == ("1", 32_000)
    assert paid(second)[0] == 726_000
    assert paid(second)[1] == 164_400
    assert second.year.own == 1_780_000 + 274_000


def test_a_new_year_begins_anew(editions):
    _first, second = queries.reckon([STAY, replace(STAY, id="2", day=date(2027, 1, 1))], "shangluo")
    assert second.year.admissions == 1


@pytest.mark.parametrize(("n", "deductible"), [(0, 40_000), (1, 32_000), (2, 24_000), (5, 24_000)])
def test_the_deductible_falls_with_each_stay_to_a_floor(n, deductible):
    assert settled(year=Year(admissions=n)).steps[0].deductible == deductible


@pytest.mark.parametrize(("way", "share"), [(Way.TRANSFERRED, 4_524_000), (Way.UNFILED, 4_176_000)])
def test_who_goes_elsewhere_is_paid_less_and_told_so(way, share):
    step = settled(replace(STAY, way=way)).steps[0]
    assert step.paid == share
    assert len(step.why) == 2


def test_basic_insurance_stops_at_the_years_cap_and_says_so():
    step = settled(year=Year(basic=12_900_000)).steps[0]
    assert step.paid == 100_000
    assert step.why[-1] == Reason("cap", {"cap": 13_000_000})


def test_another_city_has_its_own_numbers(editions):
    (done,) = queries.reckon([STAY], "ankang")
    assert paid(done)[0] == 4_858_000


def test_a_day_before_every_edition_has_no_answer(editions):
    with pytest.raises(NotFound, match="ankang"):
        queries.reckon([replace(STAY, day=date(2010, 1, 1))], "ankang")


@pytest.mark.parametrize(
    ("change", "field"),
    [({"level": "9"}, "level"), ({"category": "x"}, "category"), ({"total": 1}, "excluded"), ({"total": -1}, "total")],
)
def test_what_cannot_be_settled_names_its_field(change, field):
    with pytest.raises(Invalid) as refused:
        settled(replace(STAY, **change))
    assert field in [problem.field for problem in refused.value.problems]


money = st.integers(0, 10**10)
years = st.builds(Year, st.integers(0, 20), money, money, money, money, money)


@given(money, money, money, st.sampled_from([one.category for one in SHANGLUO.categories]), st.sampled_from(Way), years)
def test_nobody_pays_twice_and_nothing_is_lost(scope, excluded, first, category, way, year):
    stay = replace(STAY, total=scope + excluded + first, excluded=excluded, first_pay=first, category=category, way=way)
    done = settled(stay, year)
    assert sum(paid(done)) + done.patient == stay.total
    assert min(paid(done)) >= 0
    assert done.patient >= excluded + first
