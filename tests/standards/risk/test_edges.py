"""Every edge of every point table, by its written direction, against plain comparisons."""

import operator

import ibis
import pyarrow as pa
import pytest

from catchment.standards.risk.catalogue import definitions
from catchment.standards.risk.definition import Definition, Steps
from catchment.standards.risk.rules import column

COMPARE = {"<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge, "==": operator.eq}
WITH_TABLES = [one for one in definitions() if any(isinstance(rule, Steps) for rule in one.parts.values())]


def expected(steps, value):
    return next((row.result for row in steps if not row.operator or COMPARE[row.operator](value, row.edge)), None)


@pytest.mark.parametrize("definition", WITH_TABLES, ids=lambda one: one.model)
def test_points_change_exactly_at_the_written_edges(definition: Definition) -> None:
    for name, rule in definition.parts.items():
        if not isinstance(rule, Steps) or not rule.of.text.isidentifier():
            continue
        for key, steps in rule.tables.items():
            edges = [row.edge for row in steps if row.operator]
            values = [None, *(edge + shift for edge in edges for shift in (-1e-6, 0.0, 1e-6))]
            chosen = {rule.by: pa.array([key] * len(values))} if rule.by else {}
            connection = ibis.duckdb.connect()
            connection.con.register("given", pa.table({rule.of.text: pa.array(values, pa.float64())} | chosen))
            found = connection.to_pyarrow(column(rule, connection.table("given"))).to_pylist()
            assert found == [None if value is None else expected(steps, value) for value in values], name
