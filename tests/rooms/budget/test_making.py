"""Making a budget: every step as the edition says, every sum exact."""

from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

import catchment
from catchment.kernel.errors import Invalid
from catchment.rooms.budget.rules.editions import SCHEMAS, model_of
from catchment.rooms.budget.rules.making import make, months_of, rated, risk_index, summed, weighted
from catchment.rooms.budget.types import Category, Cell, Heads, YearSpend
from catchment.standards.reasons import Reason

EDITIONS = sorted((Path(catchment.__file__).parent / "rooms" / "budget" / "editions").glob("*.yaml"))
DEFAULT = yaml.safe_load(next(one for one in EDITIONS if one.name == "model.yaml").read_text())["content"]


def rule(**changed):
    return model_of({**DEFAULT, **changed})


def spend(year, amount, months=12):
    return YearSpend(year=year, fund=dict.fromkeys(Category, amount), months=months)


def heads(n=1000, chronic=100, contracted=0, age=40):
    cells = (Cell(age, "resident", False, n - chronic), Cell(age, "resident", True, chronic))
    return Heads(day=date(2025, 1, 1), cells=cells, contracted=contracted)


HISTORY = [spend(2024, 1_000_001), spend(2023, 900_000), spend(2022, 800_000)]


@pytest.mark.parametrize("path", EDITIONS, ids=lambda path: path.stem)
def test_a_default_edition_is_valid_and_unverified(path):
    edition = yaml.safe_load(path.read_text(encoding="utf-8"))
    SCHEMAS[edition["key"]].model_validate(edition["content"])
    assert edition["verified"] is False


def test_a_number_without_a_mark_is_not_taken():
    marks = [mark for mark in DEFAULT["marks"] if mark["field"] != "reserve_percent"]
    with pytest.raises(ValidationError, match="reserve_percent"):
        rule(marks=marks)


def test_the_base_is_the_weighted_mean_of_full_years():
    assert weighted(HISTORY, (5, 3, 2), Category.CHRONIC) == 930_001
    assert weighted(HISTORY[:1], (5, 3, 2), Category.CHRONIC) == 1_000_001


def test_a_year_of_which_months_are_missing_is_no_base():
    part = [spend(2024, 999, months=11), spend(2023, 900_000)]
    made = make(rule(growth_cap_percent=0, reserve_percent=0), part, heads(), heads())
    assert made.total == 4 * 900_000


def test_no_full_year_is_refused_with_the_way_out():
    with pytest.raises(Invalid, match="上传"):
        make(rule(), [spend(2024, 5, months=3)], heads(), heads())


def test_growth_stops_at_the_cap_and_never_falls():
    plain = {"reserve_percent": 0, "weights": [1]}
    risen = [spend(2024, 2000), spend(2023, 1000)]
    fallen = [spend(2024, 1000), spend(2023, 2000)]
    two = {**plain, "weights": [1, 0]}
    assert make(rule(**two), risen, heads(), heads()).total == 4 * 2100
    assert make(rule(**two), fallen, heads(), heads()).total == 4 * 1000


def test_more_older_and_sicker_people_raise_it():
    base = make(rule(), HISTORY, heads(), heads()).total
    assert make(rule(), HISTORY, heads(n=1100, chronic=110), heads()).total > base
    assert make(rule(), HISTORY, heads(age=70), heads(age=40)).total > base
    assert make(rule(), HISTORY, heads(chronic=200), heads()).total > base
    assert risk_index(heads(chronic=0), rule(), ages=False) == 1


def test_what_comes_home_is_paid_at_the_countys_price():
    made = make(
        rule(return_percent=10, return_price_percent=60, reserve_percent=0, growth_cap_percent=0),
        [spend(2024, 1000)],
        heads(),
        heads(),
    )
    assert made.parts["inpatient-out"] == 900
    assert made.parts["inpatient-in"] == 1060


def test_policy_changes_and_exclusions_name_themselves():
    changes = [{"name": "调价", "category": "outpatient", "percent": 2}]
    exclusions = [{"name": "疫情", "year": 2024, "category": "chronic", "yuan": 5}]
    marks = [*DEFAULT["marks"], {"field": "changes", "tag": "local"}, {"field": "exclusions", "tag": "local"}]
    made = make(
        rule(changes=changes, exclusions=exclusions, marks=marks, reserve_percent=0, growth_cap_percent=0),
        [spend(2024, 1000)],
        heads(),
        heads(),
    )
    assert (made.parts["outpatient"], made.parts["chronic"]) == (1020, 500)
    assert (Reason("change", {"name": "调价"}),) in [line.why for line in made.lines]


def test_capitation_counts_each_head_at_the_first_rate_that_fits():
    rates = [
        {"category": "outpatient", "chronic": True, "yuan": 300},
        {"category": "outpatient", "below_age": 60, "yuan": "100.01"},
    ]
    marks = [*DEFAULT["marks"], {"field": "rates", "tag": "local"}]
    per_head = rule(method={**DEFAULT["method"], "outpatient": "per-head"}, rates=rates, marks=marks)
    old = (Cell(80, "resident", False, 7),)
    assert rated(heads().cells + old, per_head.rates) == 100 * 30_000 + 900 * 10_001
    with pytest.raises(ValidationError, match="rates where it is per-head"):
        rule(method={**DEFAULT["method"], "chronic": "per-head"})


def test_packages_and_the_premium_are_counted_by_head():
    made = make(rule(contract_yuan=20, premium_yuan=3, public_health_yuan=94), HISTORY, heads(contracted=50), heads())
    assert (made.parts["contract"], made.parts["premium"], made.parts["public-health"]) == (
        100_000,
        -300_000,
        9_400_000,
    )
    assert (made.premium, sum(made.parts.values())) == (300_000, made.total)


@given(
    st.lists(st.lists(st.integers(0, 10**12), min_size=4, max_size=4), min_size=1, max_size=3),
    st.integers(1, 10**6), st.integers(1, 10**6), st.integers(0, 100),
)  # fmt: skip
def test_budget_and_reserve_are_what_the_steps_say(amounts, now, before, contracted):
    history = [
        YearSpend(year=2024 - back, fund=dict(zip(Category, year, strict=True))) for back, year in enumerate(amounts)
    ]
    asked = rule(contract_yuan=20)
    people = heads(n=now, chronic=now // 3, contracted=contracted), heads(n=before, chronic=before // 2)
    try:
        made = make(asked, history, *people)
    except Invalid:
        assert sum(map(sum, amounts)) < 10**7
        return
    assert made.total == sum(made.parts.values()) == summed(made.lines)[-1][2]
    held = sum(line.before - line.after for line in made.lines if line.code == "reserve")
    assert held == made.reserve
    assert sum(months_of(made.total)) == made.total


def test_ten_times_the_history_is_ten_times_the_budget():
    ten = [YearSpend(year=one.year, fund={name: 10 * n for name, n in one.fund.items()}) for one in HISTORY]
    one, other = (make(rule(), given, heads(), heads()).total for given in (HISTORY, ten))
    assert abs(Fraction(other, one) - 10) < Fraction(1, 10_000)
