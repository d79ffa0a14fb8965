"""What each input contributes: the points of each part, or what the score loses with the input at its reference."""

from collections.abc import Mapping
from functools import reduce
from itertools import chain
from typing import Any

import ibis

from catchment.standards.risk.definition import Cases, Choices, Definition, DefinitionError, Expression, Rule, Steps
from catchment.standards.risk.expression import Column, compiled, largest, literal, number
from catchment.standards.risk.rules import column
from catchment.standards.risk.scope import levels, read_names

PART = "part__"
Table = Any


def parts(definition: Definition, table: Table) -> Table:
    """The table with `part__<name>` for each part and criterion and, of the parts, `total` and `largest_part`.

    `at_least` and `at_most` are the ends of what the total can be, whatever the unknown inputs are.
    """
    made = {PART + name: number(column(rule, table)) for name, rule in definition.parts.items()}
    made |= {PART + name: number(table[name]) for name in definition.criteria}
    if not made:
        return table
    table = table.mutate(**made)
    points = [table[PART + name] for name in definition.parts]
    if not points:
        return table
    table = table.mutate(
        total=reduce(lambda a, b: a + b, points), largest_part=largest(*points) if len(points) > 1 else points[0]
    )
    low, high = _bounds(definition, table)
    return table.mutate(at_least=low, at_most=high)


def _bounds(definition: Definition, table: Table) -> tuple[Column, Column]:
    ends = {name: extremes(rule, definition) for name, rule in definition.parts.items()}
    low = [ibis.coalesce(table[PART + name], literal(end[0])) for name, end in ends.items()]
    high = [ibis.coalesce(table[PART + name], literal(end[1])) for name, end in ends.items()]
    return reduce(lambda a, b: a + b, low), reduce(lambda a, b: a + b, high)


def extremes(rule: Rule, definition: Definition) -> tuple[float, float]:
    """The smallest and largest points that a part can give; a bare part is an input's own number."""
    match rule:
        case Steps(tables=tables):
            results = [float(row.result) for row in chain(*tables.values())]
        case Choices(results=named):
            results = [float(result) for result in named.values()]
        case Cases(rules=rules, otherwise=otherwise):
            results = [float(result) for _, result in rules] + ([] if otherwise is None else [float(otherwise)])
        case Expression(names=names):
            results = [
                end for one in definition.inputs if one.name in names for end in (one.low or 0.0, one.high or 0.0)
            ]
        case _:
            raise DefinitionError(f"{definition.model}: a part is a point table or an input's own number")
    return min(results), max(results)


def variants(definition: Definition, table: Table) -> Table:
    """The table with `part__<input>`: the score minus the score with that input at its reference value."""
    referenced = [one for one in definition.columns() if one.reference is not None]
    if not referenced:
        return table
    settings = {one.name: {one.name: compiled(one.reference, table)} for one in referenced if one.reference is not None}
    names: dict[str, dict[str, str]] = {name: {} for name in settings}
    for level in levels(definition.steps):
        table = _varied(table, level, settings, names)
    score = definition.explains
    shown = {
        PART + name: table[score] - table[made[score]] if score in made else literal(0) for name, made in names.items()
    }
    return table.mutate(**shown)


def _varied(
    table: Table, level: Mapping[str, Rule], settings: Mapping[str, dict[str, Any]], names: dict[str, dict[str, str]]
) -> Table:
    fresh = {}
    for name, setting in settings.items():
        scope = _Replaced(table, setting, names[name])
        for step, rule in level.items():
            if read_names(rule) & (set(setting) | set(names[name])):
                fresh[f"{step}__at__{name}"] = column(rule, scope)
    for made in fresh:
        step, name = made.split("__at__")
        names[name][step] = made
    return table.mutate(**fresh) if fresh else table


class _Replaced(Mapping[str, Column]):
    """The columns of a table, some of them replaced by a constant or by another column."""

    def __init__(self, table: Table, constants: Mapping[str, Column], renamed: Mapping[str, str]) -> None:
        self._table, self._constants, self._renamed = table, constants, dict(renamed)

    def __getitem__(self, name: str) -> Column:
        return self._constants[name] if name in self._constants else self._table[self._renamed.get(name, name)]

    def __iter__(self) -> Any:
        return iter(self._table.columns)

    def __len__(self) -> int:
        return len(self._table.columns)
