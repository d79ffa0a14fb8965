"""Point tables, decision tables and curves compiled to Ibis; unknown in, unknown out."""

import operator
from collections.abc import Mapping
from functools import singledispatch
from itertools import pairwise
from typing import Any

import ibis

from catchment.standards.risk.definition import Cases, Choices, Curve, Expression, Grid, Rule, Step, Steps
from catchment.standards.risk.expression import Column, Scope, compiled, decided, literal

OPERATORS: Mapping[str, Any] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "==": operator.eq,
}


@singledispatch
def column(rule: Rule, _scope: Scope) -> Column:
    """The Ibis column of one rule, its names taken from `scope`."""
    raise TypeError(type(rule).__name__)


@column.register
def _expression(rule: Expression, scope: Scope) -> Column:
    return compiled(rule, scope)


@column.register
def _steps(rule: Steps, scope: Scope) -> Column:
    measured = compiled(rule.of, scope)
    if not rule.by:
        return _table(measured, rule.tables[""])
    chosen = scope[rule.by]
    return ibis.cases(*[(chosen == literal(key), _table(measured, rows)) for key, rows in rule.tables.items()])


def _table(measured: Column, rows: tuple[Step, ...]) -> Column:
    unknown = ibis.null(literal(rows[0].result).type())
    branches = [
        (OPERATORS[row.operator](measured, literal(row.edge)), literal(row.result)) for row in rows if row.operator
    ]
    rest = [literal(row.result) for row in rows if not row.operator]
    return ibis.cases((measured.isnull(), unknown), *branches, else_=rest[0] if rest else unknown)


@column.register
def _choices(rule: Choices, scope: Scope) -> Column:
    chosen = compiled(rule.of, scope)
    return ibis.cases(*[(chosen == literal(key), literal(result)) for key, result in rule.results.items()])


@column.register
def _cases(rule: Cases, scope: Scope) -> Column:
    rules = [(compiled(condition, scope), literal(result)) for condition, result in rule.rules]
    otherwise = ibis.null(rules[0][1].type()) if rule.otherwise is None else literal(rule.otherwise)
    return decided(rules, otherwise)


@column.register
def _grid(rule: Grid, scope: Scope) -> Column:
    row, cell = compiled(rule.rows, scope), compiled(rule.columns, scope)
    pairs = rule.cells.items()
    return ibis.cases(*[((row == literal(a)) & (cell == literal(b)), literal(result)) for (a, b), result in pairs])


@column.register
def _curve(rule: Curve, scope: Scope) -> Column:
    x = compiled(rule.of, scope)
    (first, low), (last, high) = rule.points[0], rule.points[-1]
    lines = [
        (x <= literal(right), literal(a) + (x - literal(left)) * literal((b - a) / (right - left)))
        for (left, a), (right, b) in pairwise(rule.points)
    ]
    return ibis.cases((x <= literal(first), literal(low)), *lines, (x > literal(last), literal(high)))
