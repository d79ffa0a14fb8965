"""Three-valued logic: the truth tables that the language promises, computed by the engine."""

import ibis
import pyarrow as pa
import pytest

from catchment.standards.risk.grammar import parse
from catchment.standards.risk.rule_reading import read_rule
from catchment.standards.risk.rules import column

VALUES = (True, False, None)


def computed(rule, **values):
    types = {bool: pa.bool_(), float: pa.float64()}
    columns = {name: pa.array([value], types[type_]) for name, (type_, value) in values.items()}
    connection = ibis.duckdb.connect()
    connection.con.register("given", pa.table(columns))
    table = connection.table("given")
    read = parse(rule, "test") if isinstance(rule, str) else read_rule(rule, "test")
    return connection.to_pyarrow(column(read, table)).to_pylist()[0]


@pytest.mark.parametrize("a", VALUES)
@pytest.mark.parametrize("b", VALUES)
def test_and_or_not_are_kleenes(a, b):
    known = {"a": (bool, a), "b": (bool, b)}
    both = False if False in (a, b) else None if None in (a, b) else True
    either = True if True in (a, b) else None if None in (a, b) else False
    assert computed("a and b", **known) == both
    assert computed("a or b", **known) == either
    assert computed("not a", **known) == (None if a is None else not a)


@pytest.mark.parametrize(
    "text",
    [
        "x < 1",
        "x + 1 == 2",
        "min(x, 1) == 1",
        "max(x, 1) == 1",
        "where(x > 1, 1, 2) == 1",
        "x in (1, 2)",
        "clamp(x, 0, 1) == 1",
    ],
)
def test_an_unknown_number_makes_every_result_unknown(text):
    assert computed(text, x=(float, None)) is None


def test_an_unknown_earlier_rule_leaves_a_decision_table_unknown():
    table = {"cases": [["a", 1], ["b", 2]], "else": 0}
    assert computed(table, a=(bool, None), b=(bool, True)) is None
    assert computed(table, a=(bool, True), b=(bool, None)) == 1
    assert computed(table, a=(bool, False), b=(bool, False)) == 0


def test_a_negated_unknown_scores_no_points():
    assert computed({"if": "not a", "points": 2}, a=(bool, None)) is None


def test_the_direction_of_an_edge_is_the_one_written():
    table = {"of": "x", "steps": {"<= 8": 3, "< 12": 1, "else": 0}}
    assert [computed(table, x=(float, at)) for at in (8.0, 8.1, 11.9, 12.0)] == [3, 1, 1, 0]


def test_a_curve_is_straight_between_points_and_flat_beyond():
    curve = {"curve": "x", "at": {60: 0.002, 70: 0.003}}
    assert [round(computed(curve, x=(float, at)), 6) for at in (0.0, 60.0, 65.0, 70.0, 900.0)] == [
        0.002,
        0.002,
        0.0025,
        0.003,
        0.003,
    ]
