"""One definition compiled to one Ibis expression over a table of typed inputs.

The table has `row_` (the order), `unreadable` (names of inputs whose value could not be read, joined by `|`, each
followed by `:type`) and one nullable column for each scalar input and alternative. The result has, for each row:
`row_`; one `value__<key>` for each key of the value; `band`; `status`; `missing`, `rejected`, `excluded`, `alerts`,
`unconfirmed` (keys joined by `|`); `part__<name>` (contributions); `at_least` and `at_most` for point models.
"""

from collections.abc import Iterable, Mapping
from typing import Any

import ibis

from catchment.standards.risk.contributions import parts, variants
from catchment.standards.risk.definition import Decides, Definition, Input, Kind, Lookup, Rule, Status
from catchment.standards.risk.expression import Column, compiled, decided, joined, literal, negated, number, one_of
from catchment.standards.risk.rules import column
from catchment.standards.risk.scope import levels

SEPARATOR = "|"
TYPES = {Kind.NUMBER: "float64", Kind.BOOLEAN: "boolean", Kind.CHOICE: "string"}
Table = Any


def schema(definition: Definition) -> dict[str, str]:
    """Column names and Ibis types of the table that `assess` reads."""
    named: dict[str, str] = {"row_": "int64", "unreadable": "string"}
    own = {one.name for one in definition.inputs}
    for one in definition.columns():
        named[one.name] = TYPES[one.kind]
        named |= {other.name: TYPES[other.kind] for other in one.alternatives if other.name not in own}
    return named


def assess(definition: Definition, table: Table, lookups: Mapping[str, Table], *, contributions: bool = True) -> Table:
    """The assessments of all rows, in no particular order; `lookups` holds the reference tables by name."""
    table = _computed(_checked(definition, _combined(definition, table)), definition.steps, lookups)
    table = table.mutate(**{name: column(rule, table) for name, rule in definition.criteria.items()})
    table = parts(definition, table)
    table = _computed(table, definition.results, lookups)
    table = _banded(definition, table)
    shown = variants(definition, table) if contributions else table
    return _judged(definition, shown)


def _combined(definition: Definition, table: Table) -> Table:
    for one in definition.columns():
        formulas = [other.formula for other in one.alternatives if other.formula]
        if formulas:
            others = [compiled(formula, table) for formula in formulas]
            table = table.mutate(**{one.name: ibis.coalesce(table[one.name], *others)})
    return table


def _checked(definition: Definition, table: Table) -> Table:
    faults = {one.name: _fault(one, table[one.name]) for one in definition.columns() if _is_limited(one)}
    others = {
        other.name: negated(one_of(table[other.name], other.choices))
        for one in definition.columns()
        for other in one.alternatives
        if other.choices
    }
    texts = [(fault, f"{name}:range") for name, fault in (faults | others).items()]
    sound = {name: ibis.cases((negated(fault), table[name])) for name, fault in faults.items()}
    wrong, unread = _any([*faults.values(), *others.values()]), table.unreadable != ""
    apart = ibis.cases((unread & wrong, literal(SEPARATOR)), else_=literal(""))
    rejected = table.unreadable.concat(apart).concat(joined(texts, SEPARATOR))
    return table.mutate(rejected=rejected, is_rejected=unread | wrong, **sound)


def _is_limited(one: Input) -> bool:
    return one.low is not None or bool(one.choices) or bool(one.only)


def _fault(one: Input, value: Column) -> Column:
    if one.choices:
        return negated(one_of(value, one.choices))
    if one.only:
        return negated(one_of(value, one.only))
    outside = (value < literal(one.low or 0)) | (value > literal(one.high or 0))
    return outside & negated(one_of(value, one.also)) if one.also else outside


def _any(faults: Iterable[Column]) -> Column:
    found = literal(False)
    for fault in faults:
        found |= ibis.coalesce(fault, literal(False))
    return found


def _computed(table: Table, rules: Mapping[str, Rule], lookups: Mapping[str, Table]) -> Table:
    for level in levels(rules):
        for name, rule in level.items():
            if isinstance(rule, Lookup):
                table = _looked_up(table, name, rule, lookups[rule.table])
        plain = {name: column(rule, table) for name, rule in level.items() if not isinstance(rule, Lookup)}
        table = table.mutate(**plain) if plain else table
    return table


def _looked_up(table: Table, name: str, rule: Lookup, reference: Table) -> Table:
    wanted = {f"{name}_{taken}": reference[taken] for taken in rule.take}
    keys = {f"{name}_on_{key}": reference[key] for key in rule.on}
    right = reference.select(**wanted, **keys)
    conditions = [compiled(rule.on[key], table) == right[f"{name}_on_{key}"] for key in rule.on]
    return table.left_join(right, conditions).drop(*keys)


def _banded(definition: Definition, table: Table) -> Table:
    unknown = ibis.null("string")
    if not definition.bands:
        return table.mutate(band=unknown)
    rules = [(compiled(band.rule, table), literal(band.key)) for band in definition.bands]
    return table.mutate(band=decided(rules, unknown))


def _judged(definition: Definition, table: Table) -> Table:
    values = {f"value__{key}": compiled(rule, table) for key, rule in definition.value.items()}
    status = _status(definition, table, list(values.values()))
    rated = status == literal(Status.ASSESSED.value)
    shown = {name: ibis.cases((rated, value)) for name, value in (values | {"band": table.band}).items()}
    unknown = ibis.null("float64")
    ends = {end: table[end] if definition.parts else unknown for end in ("at_least", "at_most")}
    return table.select(
        "row_",
        **shown,
        status=status,
        missing=joined(_missing(definition, table), SEPARATOR),
        rejected=table.rejected,
        excluded=joined(_excluded(definition, table), SEPARATOR),
        unconfirmed=joined([(compiled(e.rule, table).isnull(), e.key) for e in definition.exclusions], SEPARATOR),
        alerts=joined([(compiled(alert.rule, table), alert.key) for alert in definition.alerts], SEPARATOR),
        **ends,
        **{name: number(table[name]) for name in table.columns if name.startswith("part__")},
    )


def _missing(definition: Definition, table: Table) -> list[tuple[Column, str]]:
    def wanted(one: Input) -> Column:
        absent = table[one.name].isnull()
        if one.needed_when is None:
            return absent
        return absent & ibis.coalesce(compiled(one.needed_when, table), literal(True))

    return [(wanted(one), one.name) for one in definition.columns() if not one.optional]


def _excluded(definition: Definition, table: Table) -> list[tuple[Column, str]]:
    outside = [(negated(compiled(one.rule, table)), one.key) for one in definition.population]
    return outside + [(compiled(one.rule, table), one.key) for one in definition.exclusions]


def _status(definition: Definition, table: Table, values: list[Column]) -> Column:
    outside = [(negated(compiled(one.rule, table)), Status.OUT_OF_POPULATION) for one in definition.population]
    excluded = [(compiled(one.rule, table), one.status) for one in definition.exclusions]
    doubtful = [(compiled(one.rule, table).isnull(), Status.MISSING) for one in definition.population]
    ends = [
        *outside,
        *excluded,
        (table.is_rejected, Status.REJECTED),
        *doubtful,
        (negated(_is_decided(definition, table, values)), Status.MISSING),
    ]
    branches = [(condition, literal(status.value)) for condition, status in ends]
    return ibis.cases(*branches, else_=literal(Status.ASSESSED.value))


def _is_decided(definition: Definition, table: Table, values: list[Column]) -> Column:
    if definition.decides is Decides.BAND:
        return table.band.notnull()
    known = [value.notnull() for value in values]
    found = known[0]
    for one in known[1:]:
        found = found | one if definition.decides is Decides.ANY else found & one
    return found
