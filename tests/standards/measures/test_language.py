"""The language of indicators: what it takes, what it refuses and why, periods, lights, limits of chance."""

from datetime import date

import pytest
from pydantic import ValidationError

from catchment.standards.measures.definition import Measure, MeasureSet, Selection
from catchment.standards.measures.evaluating import Light, light_of, limits, stands_out
from catchment.standards.measures.periods import PeriodKind, period_of, series, within


def refusal(**content):
    with pytest.raises(ValidationError) as refused:
        MeasureSet.model_validate({"zh": "x", "en": "x", **content})
    return str(refused.value)


def measure(**more):
    given = {"code": "a", "zh": "x", "en": "x", "kind": "ratio", "mark": "local", "counted": {
        "numerator": {"select": "s"}, "denominator": {"select": "s"}}}  # fmt: skip
    return {**given, **more}


VISITS = {"s": {"table": "encounters"}}


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ({"selections": {"s": {"table": "visits"}}}, "no table visits; there are areas"),
        ({"selections": {"s": {"table": "encounters", "where": "clas == 'AMB'"}}}, "clas is not in encounters"),
        ({"selections": {"s": {"table": "encounters", "where": "__import__('os')"}}}, "no such function"),
        ({"selections": {"s": {"table": "encounters", "sum": "cost_fen", "count": "person_key"}}}, "either count or sum"),
        ({"selections": {"s": {"table": "places", "place": "residence"}}}, "places has no place residence"),
        ({"selections": VISITS, "measures": [measure(counted={"numerator": {"select": "t"}, "denominator": {"select": "s"}})]}, "no t among selections"),
        ({"selections": VISITS, "measures": [measure(), measure()]}, "a stands there twice"),
        ({"selections": VISITS, "measures": [measure(needs=["pay"])]}, "no pay among sources"),
        ({"selections": VISITS, "measures": [measure(counted={"numerator": {"select": "s"}})]}, "needs a denominator"),
        ({"selections": VISITS, "measures": [measure(kind="qualitative")]}, "either answered (qualitative) or counted"),
        ({"selections": VISITS, "measures": [measure(levels=["province"])]}, "levels are county"),
        ({"selections": VISITS, "measures": [measure(counted={"numerator": {"formula": "b"}, "denominator": {"select": "s"}})]}, "b is not in its parts"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told_with_its_place(content, told):
    assert told in refusal(**content)


def test_an_extra_column_can_be_named_and_no_other():
    extra = {"name": "visits", "table": "encounters", "where": "place_is_primary"}
    Selection.model_validate(
        {"table": "people", "also": [extra], "where": "visits >= 4 and age >= 65", "place": "residence"}
    )
    with pytest.raises(ValidationError, match="stays is not in people"):
        Selection.model_validate({"table": "people", "also": [extra], "where": "stays >= 1", "place": "residence"})


@pytest.mark.parametrize(
    ("code", "first", "last", "kind"),
    [
        ("2025", date(2025, 1, 1), date(2025, 12, 31), PeriodKind.YEAR),
        ("2024Q1", date(2024, 1, 1), date(2024, 3, 31), PeriodKind.QUARTER),
        ("2024-02", date(2024, 2, 1), date(2024, 2, 29), PeriodKind.MONTH),
        ("2025-02-12m", date(2024, 3, 1), date(2025, 2, 28), PeriodKind.ROLLING),
    ],
)
def test_a_period_is_read(code, first, last, kind):
    found = period_of(code)
    assert (found.first, found.last, found.kind) == (first, last, kind)


@pytest.mark.parametrize("code", ["", "25", "2025-13", "2025Q5", "2025-00", "2025-02-6m", "２０２５"])
def test_what_is_no_period_is_refused(code):
    with pytest.raises(ValueError, match="is no period; write 2025"):
        period_of(code)


def test_periods_follow_one_another():
    assert [one.code for one in series(period_of("2025Q2"), 3)] == ["2024Q4", "2025Q1", "2025Q2"]
    assert [one.code for one in series(period_of("2025-01-12m"), 2)] == ["2024-12-12m", "2025-01-12m"]
    assert [one.code for one in within(period_of("2025Q2"), PeriodKind.MONTH)] == ["2025-04", "2025-05", "2025-06"]
    assert within(period_of("2025-02-12m"), PeriodKind.QUARTER) == []
    assert period_of("2024-02").year_before().code == "2023-02"


@pytest.mark.parametrize(
    ("direction", "value", "light"),
    [
        ("up", 65, Light.GREEN), ("up", 60, Light.AMBER), ("up", 54.9, Light.RED), ("down", 70, Light.RED),
        ("down", 65, Light.GREEN), ("none", 1, Light.NONE), ("up", None, Light.NONE),
    ],
)  # fmt: skip
def test_a_light_says_how_near_the_target_is(direction, value, light):
    near = 55 if direction == "up" else 66
    one = Measure.model_validate(measure(direction=direction, target=65, near=near))
    assert light_of(one, value) is light


def test_to_a_target_both_sides_count():
    one = Measure.model_validate(measure(direction="to-target", target=1, near=0.1))
    assert [light_of(one, value) for value in (0.9, 1.2, 0.7)] == [Light.GREEN, Light.AMBER, Light.RED]


def test_the_limits_are_wilsons():
    low, high = limits(0.5, 10, 1.959963984540054)
    assert (round(low, 4), round(high, 4)) == (0.2366, 0.7634)
    assert limits(0.0, 10, 1.96)[0] == 0.0


def test_a_place_stands_out_only_beyond_chance():
    assert stands_out(0.6, 20, 0.5) == ""
    assert stands_out(0.75, 20, 0.5) == "95"
    assert stands_out(0.9, 20, 0.5) == "99.8"
