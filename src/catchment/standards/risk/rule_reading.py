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
    Scalar,
    Step,
    Steps,
)
from catchment.standards.risk.grammar import parse

_STEP = re.compile(r"(<=|>=|==|<|>)\s*(-?\d+(?:\.\d+)?)$")


def read_rule(content: Any, where: str) -> Rule:
    """One rule from its YAML form; the form is told by its keys. Raises `DefinitionError` beginning with `where`."""
    if not isinstance(content, Mapping):
        return parse(content, where)
    match content:
        case {"of": of, "by": by, "steps": tables}:
            named = {str(key): _steps(rows, where) for key, rows in tables.items()}
            return Steps(of=parse(of, where), by=by, tables=named)
        case {"of": of, "steps": rows}:
            return Steps(of=parse(of, where), by="", tables={"": _steps(rows, where)})
        case {"of": of, "values": results}:
            return Choices(of=parse(of, where), results={str(key): result for key, result in results.items()})
        case {"if": condition, "points": points}:
            return Cases(rules=((parse(condition, where), points),), otherwise=0)
        case {"cases": rules}:
            read = tuple((parse(rule, where), result) for rule, result in rules)
            return Cases(rules=read, otherwise=content.get("else"))
        case {"rows": rows, "columns": columns, "cells": cells}:
            return _grid(parse(rows, where), parse(columns, where), cells)
        case {"curve": of, "at": points}:
            read_points = tuple((float(x), float(y)) for x, y in points.items())
            return Curve(of=parse(of, where), points=read_points)
        case {"lookup": table, "match": on, "take": take}:
            keys = {column: parse(text, where) for column, text in on.items()}
            return Lookup(table=table, on=keys, take=tuple(take))
    raise DefinitionError(f"{where}: no rule has the keys {', '.join(map(str, content))}")


def _grid(rows: Any, columns: Any, cells: Mapping[str, Mapping[str, Scalar]]) -> Grid:
    flat = {(str(row), str(column)): result for row, line in cells.items() for column, result in line.items()}
    return Grid(rows=rows, columns=columns, cells=flat)


def _steps(rows: Mapping[str, Scalar], where: str) -> tuple[Step, ...]:
    return tuple(_step(str(when).strip(), result, where) for when, result in rows.items())


def _step(when: str, result: Scalar, where: str) -> Step:
    if when == "else":
        return Step(operator="", edge=0.0, result=result)
    found = _STEP.match(when)
    if not found:
        raise DefinitionError(f"{where}: a step is written '<= 8' or 'else', not {when!r}")
    return Step(operator=found[1], edge=float(found[2]), result=result)
