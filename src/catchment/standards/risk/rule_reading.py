"""Reading one rule of a definition: an expression, a point table, a decision table, a curve or a lookup."""

import re
from collections.abc import Mapping
from typing import Any

from catchment.standards.risk.definition import (
    Cases,
    Choices,
    Curve,
    DefinitionError,
    Grid,
    Lookup,
    Rule,
    Step,
    Steps,
)
from catchment.standards.risk.grammar import parse

_STEP = re.compile(r"(<=|>=|==|<|>)\s*(-?\d+(?:\.\d+)?)$")


def read_rule(content: Any, where: str) -> Rule:
    """One rule from its YAML form; the form is told by its keys. Raises `DefinitionError` beginning with `where`."""
    if not isinstance(content, Mapping):
        return parse(content, where)
    for keys, read in _FORMS.items():
        if set(keys) == set(content) - {"else"}:
            return read(content, where)
    raise DefinitionError(f"{where}: no rule has the keys {', '.join(map(str, content))}")


def _step_table(content: Mapping[str, Any], where: str) -> Rule:
    return Steps(of=parse(content["of"], where), by="", tables={"": _steps(content["steps"], where)})


def _step_tables(content: Mapping[str, Any], where: str) -> Rule:
    tables = {str(key): _steps(rows, where) for key, rows in content["steps"].items()}
    return Steps(of=parse(content["of"], where), by=content["by"], tables=tables)


def _choices(content: Mapping[str, Any], where: str) -> Rule:
    results = {str(key): result for key, result in content["values"].items()}
    return Choices(of=parse(content["of"], where), results=results)


def _points(content: Mapping[str, Any], where: str) -> Rule:
    return Cases(rules=((parse(content["if"], where), content["points"]),), otherwise=0)


def _cases(content: Mapping[str, Any], where: str) -> Rule:
    rules = tuple((parse(rule, where), result) for rule, result in content["cases"])
    return Cases(rules=rules, otherwise=content.get("else"))


def _grid(content: Mapping[str, Any], where: str) -> Rule:
    cells = {
        (str(row), str(column)): result for row, line in content["cells"].items() for column, result in line.items()
    }
    return Grid(rows=parse(content["rows"], where), columns=parse(content["columns"], where), cells=cells)


def _curve(content: Mapping[str, Any], where: str) -> Rule:
    points = tuple((float(x), float(y)) for x, y in content["at"].items())
    return Curve(of=parse(content["curve"], where), points=points)


def _lookup(content: Mapping[str, Any], where: str) -> Rule:
    keys = {column: parse(text, where) for column, text in content["match"].items()}
    return Lookup(table=content["lookup"], on=keys, take=tuple(content["take"]))


_FORMS = {
    ("of", "steps"): _step_table,
    ("of", "by", "steps"): _step_tables,
    ("of", "values"): _choices,
    ("if", "points"): _points,
    ("cases",): _cases,
    ("rows", "columns", "cells"): _grid,
    ("curve", "at"): _curve,
    ("lookup", "match", "take"): _lookup,
}


def _steps(rows: Mapping[str, Any], where: str) -> tuple[Step, ...]:
    return tuple(_step(str(when).strip(), result, where) for when, result in rows.items())


def _step(when: str, result: Any, where: str) -> Step:
    if when == "else":
        return Step(operator="", edge=0.0, result=result)
    found = _STEP.match(when)
    if not found:
        raise DefinitionError(f"{where}: a step is written '<= 8' or 'else', not {when!r}")
    return Step(operator=found[1], edge=float(found[2]), result=result)
