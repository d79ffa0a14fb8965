"""From facts to typed inputs: one Ibis expression, one row for each living person.

Sensitive entries are not read. `i__NAME` holds the input, null where nothing is known; `s__NAME` the stamp of the entry
it came from; `w__NAME`, where an input has several ways, which of them gave it; `u__NAME`, whether there is a newest
measurement that cannot be read. A stamp is the entry's day (days since 1970) times 2**43 plus its number.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from functools import reduce
from typing import Any

import ibis

from catchment.rooms.screening.rules.inputs import (
    AnswerItem,
    AreaItem,
    ConditionItem,
    ConstantItem,
    FormulaItem,
    InputsRule,
    MeasurementItem,
    MedicineItem,
)
from catchment.standards.risk.compiler import SEPARATOR, assess, schema
from catchment.standards.risk.definition import Definition, Kind
from catchment.standards.risk.expression import compiled, joined, literal
from catchment.standards.risk.grammar import parse

Table = Any
Column = Any
Facts = Mapping[str, Table]
SHIFT = 2**43
EPOCH = date(1970, 1, 1)
TABLES = ("people", "measurements", "conditions", "medicines")
PLACE = ("area_code", "township_code", "facility_id", "doctor_post_id")
_REFUTED = ("refuted", "entered-in-error")
_WITHDRAWN = ("entered-in-error", "cancelled")


def gather(rule: InputsRule, facts: Facts, day: Column) -> Table:
    """One row for each living person with `person_key`, where they belong, and every input of the edition.

    `facts` holds the tables named in `TABLES`; `day` is the day asked about, as a date column or literal.
    """
    table = _people(facts["people"], day)
    for entries in (_measured(rule, facts, day), _diagnosed(rule, facts, day), _prescribed(rule, facts, day)):
        if entries is not None:
            table = table.left_join(entries, "person_key").drop("person_key_right")
    return _named(rule, table)


def columns_for(definition: Definition, wide: Table) -> Table:
    """The columns that a model reads, out of what was gathered; what is not gathered is unknown."""
    unread = [(_is_unread(wide, name), f"{name}:type") for name in definition.names() if f"u__{name}" in wide.columns]
    have = {
        name: wide[f"i__{name}"].cast(type_) if f"i__{name}" in wide.columns else ibis.null(type_)
        for name, type_ in schema(definition).items()
        if name not in {"row_", "unreadable"}
    }
    return wide.select(row_=wide.person_key, unreadable=joined(unread, SEPARATOR), **have)


def assessed(definition: Definition, rule: InputsRule, facts: Facts, day: Column, lookups: Facts) -> Table:
    """From facts to assessments of one model: a single expression."""
    return assess(definition, columns_for(definition, gather(rule, facts, day)), lookups)


def only_people(facts: Facts, condition: Any) -> dict[str, Table]:
    """The facts of those people alone whose key the condition lets through; `condition` is asked of each table."""
    return {name: table.filter(condition(table.person_key)) for name, table in facts.items()}


def source_of(stamp: Any) -> tuple[Any, Any]:
    """The day, in days since 1970, and the number of the entry behind a stamp, or behind a column of stamps."""
    return stamp // SHIFT, stamp % SHIFT


def _is_unread(wide: Table, name: str) -> Column:
    return wide[f"u__{name}"]


def _people(people: Table, day: Column) -> Table:
    born = people.birth_date
    early = (day.month() * 100 + day.day()) < (born.month() * 100 + born.day())
    age = day.year() - born.year() - ibis.cases((early, 1), else_=0)
    living = people.filter(people.deceased_on.isnull())
    return living.select("person_key", *PLACE, "sex", age_=age.cast("float64"))


def _stamped(table: Table, key: str, day: Column) -> Table:
    """With the entry's stamp and its age in days; entries of a later day and sensitive ones are left out."""
    start = ibis.literal(EPOCH.isoformat()).cast("date")
    days = table.day.delta(start, unit="day").cast("int64")
    aged = table.mutate(stamp_=days * SHIFT + table[key], old_=day.delta(table.day, unit="day").cast("int64"))
    return aged.filter(aged.old_ >= 0, aged.sensitivity == "")


def _measured(rule: InputsRule, facts: Facts, day: Column) -> Table | None:
    items = {at: item for at, item in enumerate(rule.inputs) if isinstance(item, MeasurementItem | AnswerItem)}
    if not items:
        return None
    table = facts["measurements"]
    codes = sorted({code for item in items.values() for code in item.codes})
    said = table.filter(table.code.isin(codes), ~table.status.isin(_WITHDRAWN))
    rows = _newest_of_code(_stamped(said, "observation_id", day))
    wanted: dict[str, Column] = {}
    for at, item in items.items():
        for number, code in enumerate(item.codes):
            here = (rows.code == code) & (rows.old_ <= item.within_days)
            wanted[f"v_{at}_{number}"] = _greatest(_read(item, rows), here)
            wanted[f"s_{at}_{number}"] = _greatest(rows.stamp_, here)
    return rows.group_by("person_key").agg(**wanted)


def _greatest(value: Column, where: Column) -> Column:
    """The greatest of those rows. Engines do this several times as fast as an aggregate with a filter."""
    return ibis.cases((where, value)).max()


def _newest_of_code(rows: Table) -> Table:
    """One row for each person and code, of one entry the first part: cheaper than an ordered aggregate an input."""
    window = ibis.window(group_by=[rows.person_key, rows.code], order_by=[ibis.desc(rows.stamp_), rows.part])
    ranked = rows.mutate(rank_=ibis.row_number().over(window))
    return ranked.filter(ranked.rank_ == 0)


def _newest_of_item(item: Any, at: int, table: Table) -> tuple[Column, Column]:
    """Of the codes that mean the same, the one entered last."""
    value, stamp = table[f"v_{at}_0"], table[f"s_{at}_0"]
    for number in range(1, len(item.codes)):
        other = table[f"s_{at}_{number}"]
        later = ibis.coalesce(other > stamp, other.notnull())
        value = ibis.cases((later, table[f"v_{at}_{number}"]), else_=value)
        stamp = ibis.cases((later, other), else_=stamp)
    return (value == literal(1) if item.kind is Kind.BOOLEAN else value), stamp


def _read(item: Any, rows: Table) -> Column:
    """What a row says in the input's own unit or words; null where the unit or the answer is not in the edition."""
    if isinstance(item, MeasurementItem):
        branches = [
            (rows.unit == unit, rows.value if factor == 1 else rows.value * literal(factor))
            for unit, factor in item.units.items()
        ]
        return ibis.cases(*branches)
    return ibis.cases(*((rows.value_code == code, _coded(value)) for code, value in _meant(item)))


def _meant(item: AnswerItem) -> list[tuple[str, Any]]:
    return [(code, value) for code, value in item.values.items() if value is not None]


def _coded(value: Any) -> Column:
    """An answer as something that has a greatest: numbers and texts as they are, yes and no as 1 and 0."""
    return literal(float(value)) if isinstance(value, bool) else literal(value)


def _begins(code: Column, prefixes: Iterable[str]) -> Column:
    return reduce(lambda a, b: a | b, [code.startswith(prefix) for prefix in prefixes])


def _lives_in(code: Column, item: AreaItem) -> Column:
    """Unknown for whom no area is known."""
    known = ibis.cases((code != "", code))
    return _begins(known.substr(item.skip) if item.skip else known, item.prefixes)


def _diagnosed(rule: InputsRule, facts: Facts, day: Column) -> Table | None:
    items = {at: item for at, item in enumerate(rule.inputs) if isinstance(item, ConditionItem)}
    if not items:
        return None
    table = facts["conditions"]
    said = table.filter(~ibis.coalesce(table.verification, "").isin(_REFUTED))
    rows = _stamped(said, "condition_id", day)
    live = (rows.status == "active") & (rows.abated_on.isnull() | (rows.abated_on > day))
    asked = {
        at: _begins(rows.code, item.prefixes) & live if item.when == "active" else _begins(rows.code, item.prefixes)
        for at, item in items.items()
    }
    return _latest(rows, asked)


def _prescribed(rule: InputsRule, facts: Facts, day: Column) -> Table | None:
    items = {at: item for at, item in enumerate(rule.inputs) if isinstance(item, MedicineItem)}
    if not items:
        return None
    rows = _stamped(facts["medicines"], "medication_id", day)
    asked = {at: _begins(rows.code, item.prefixes) & (rows.old_ <= item.within_days) for at, item in items.items()}
    return _latest(rows, asked)


def _latest(rows: Table, asked: Mapping[int, Column]) -> Table:
    return rows.group_by("person_key").agg(**{f"s_{at}": _greatest(rows.stamp_, where) for at, where in asked.items()})


def _named(rule: InputsRule, table: Table) -> Table:
    """The inputs under their own names, each from the first way that knows it; formulas after what they read."""
    for names in _levels(rule):
        table = table.mutate(**{key: value for name in names for key, value in _input(rule, name, table).items()})
    kept = [column for column in table.columns if column[:3] in {"i__", "s__", "w__", "u__"}]
    return table.select("person_key", *PLACE, *kept)


def _levels(rule: InputsRule) -> list[list[str]]:
    """The inputs' names in groups, each reading only those of the groups before it."""
    depth: dict[str, int] = {}
    for item in rule.inputs:
        read = parse(item.formula, item.name).names if isinstance(item, FormulaItem) else ()
        depth[item.name] = max(depth.get(item.name, 0), *(depth[name] + 1 for name in read), 0)
    return [[name for name in depth if depth[name] == level] for level in range(max(depth.values(), default=-1) + 1)]


def _input(rule: InputsRule, name: str, table: Table) -> dict[str, Column]:
    ways = [(at, item) for at, item in enumerate(rule.inputs) if item.name == name]
    found = [_way(item, at, table) for at, item in ways]
    value, stamp = _first([value for value, _ in found]), _stamp_of(found)
    added = {f"i__{name}": value, f"s__{name}": stamp}
    if len(ways) > 1:
        numbers = [(value.notnull(), number) for number, (value, _) in enumerate(found)]
        added[f"w__{name}"] = ibis.cases(*numbers).cast("int64")
    if any(isinstance(item, MeasurementItem) for _, item in ways):
        added[f"u__{name}"] = value.isnull() & stamp.notnull()
    return added


def _first(values: list[Column]) -> Column:
    return values[0] if len(values) == 1 else ibis.coalesce(*values)


def _stamp_of(found: list[tuple[Column, Column]]) -> Column:
    """The stamp of the way that gave the value; of the first that has one where none gave any."""
    known = [(value.notnull(), stamp) for value, stamp in found]
    if len(found) == 1:
        return found[0][1]
    return ibis.cases(*known, else_=ibis.coalesce(*(stamp for _, stamp in found)))


def _way(item: Any, at: int, table: Table) -> tuple[Column, Column]:
    """Value and stamp of one way."""
    nothing = ibis.null("int64")
    if isinstance(item, MeasurementItem | AnswerItem):
        return _newest_of_item(item, at, table)
    if isinstance(item, ConditionItem | MedicineItem):
        stamp = table[f"s_{at}"]
        absent = literal(False) if item.absent == "no" else ibis.null("boolean")
        return ibis.cases((stamp.notnull(), literal(True)), else_=absent), stamp
    if isinstance(item, FormulaItem):
        scope = {name.removeprefix("i__"): table[name] for name in table.columns if name.startswith("i__")}
        return compiled(parse(item.formula, item.name), scope), nothing
    if isinstance(item, AreaItem):
        return _lives_in(table.area_code, item), nothing
    if isinstance(item, ConstantItem):
        return literal(item.value), nothing
    return (table.age_ if item.way == "age" else table.sex), nothing


__all__ = ["TABLES", "assessed", "columns_for", "gather", "only_people", "source_of"]
