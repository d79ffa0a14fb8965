"""Running the models of programmes over gathered people, on any engine, and putting what comes out into words."""

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from functools import lru_cache
from typing import Any

import ibis
import orjson
import polars as pl

from catchment.rooms.screening.rules.gathering import columns_for, source_of
from catchment.rooms.screening.rules.inputs import ConditionItem, InputsRule, MedicineItem
from catchment.rooms.screening.rules.programmes import Programme, eligible
from catchment.rooms.screening.types import Found
from catchment.standards.risk.catalogue import definition
from catchment.standards.risk.compiler import assess
from catchment.standards.risk.definition import Definition, Lookup
from catchment.standards.risk.running import TABLES, telling

GATHERED = "screening_people"
FIGURES = 10
"""Significant figures that are kept, so that engines that differ in the last bit say the same."""


def needs_tables(model: Definition) -> Mapping[str, Any]:
    """The reference tables that a model looks things up in, as Arrow tables by name."""
    rules = (*model.steps.values(), *model.results.values())
    return {rule.table: TABLES[rule.table]() for rule in rules if isinstance(rule, Lookup)}


def with_programmes(wide: Any, programmes: tuple[Programme, ...]) -> Any:
    """Gathered people with `p__CODE`: whether they belong to each programme's population."""
    return wide.mutate(**{f"p__{one.code}": eligible(one.population, wide) for one in programmes})


def assessments(model: Definition, wide: Any, programmes: tuple[Programme, ...]) -> Any:
    """One model over those gathered people who belong to a programme that runs it, as one expression."""
    running = [wide[f"p__{one.code}"] for one in programmes if model.model in one.models]
    wanted = running[0]
    for one in running[1:]:
        wanted |= one
    names = {name: ibis.Schema.from_pyarrow(rows.schema) for name, rows in needs_tables(model).items()}
    lookups = {name: ibis.table(schema, name=name) for name, schema in names.items()}
    return assess(model, columns_for(model, wide.filter(wanted)), lookups)


def models_of(programmes: tuple[Programme, ...], day: date) -> list[Definition]:
    """The edition of each model in force on the day, each once."""
    names = dict.fromkeys(model for one in programmes for model in one.models)
    return [definition(name, on=day) for name in names]


def found(model: Definition, flat: pl.DataFrame, sources: "Sources") -> Iterator[tuple[int, Found]]:
    """Each assessment with the key of its person. `flat` is what `assessments` gave."""
    told = flat.select(*_telling(model.model, model.edition, tuple(flat.columns)), key="row_")
    names = model.names()
    for row in told.iter_rows(named=True):
        key = row["key"]
        yield key, _found(model, row, sources.of(names, key))


@lru_cache(maxsize=128)
def _telling(model: str, edition: str, columns: tuple[str, ...]) -> list[pl.Expr]:
    return telling(definition(model, edition=edition), columns)


def _found(model: Definition, row: Mapping[str, Any], inputs: Mapping[str, Any]) -> Found:
    reasons = {name: _rounded(value) for name, value in row["reasons"].items() if value not in (None, [], {})}
    said = {
        "model": model.model,
        "edition": model.edition,
        "status": row["status"],
        "value": _rounded(row["value"]) if row["status"] == "assessed" else None,
        "band": row["band"] or "",
        "reasons": reasons,
        "inputs": inputs,
    }
    text = orjson.dumps(said, option=orjson.OPT_SORT_KEYS)
    return Found(**said, digest=hashlib.md5(text, usedforsecurity=False).hexdigest())


class Sources:
    """What was gathered of each person, told per input: its value, its way, and the entry and day it came from."""

    def __init__(self, rule: InputsRule, wide: pl.DataFrame) -> None:
        self._ways = {name: rule.ways(name) for name in rule.names()}
        self._rows = {row["person_key"]: row for row in wide.iter_rows(named=True)}
        self._known: dict[int, dict[str, Any]] = {key: {} for key in self._rows}

    def of(self, names: Iterable[str], key: int) -> dict[str, Any]:
        """The inputs of these names of one person, those that are known; told once for all models that read them."""
        row, known = self._rows[key], self._known[key]
        found = {}
        for name in names:
            if name not in known:
                known[name] = self._told(name, row)
            if known[name] is not None:
                found[name] = known[name]
        return found

    def _told(self, name: str, row: Mapping[str, Any]) -> dict[str, Any] | None:
        value = row.get(f"i__{name}")
        if value is None:
            return None
        ways, stamp = self._ways[name], row[f"s__{name}"]
        item = ways[row.get(f"w__{name}") or 0]
        told = {"value": _rounded(value), "from": item.way}
        if stamp is not None:
            day, number = source_of(stamp)
            return {**told, "day": day.isoformat(), "entry": number}
        return {**told, "absent": True} if isinstance(item, ConditionItem | MedicineItem) else told


def _rounded(value: Any) -> Any:
    kind = type(value)
    if kind is float:
        return float(f"{value:.{FIGURES}g}")
    if kind is dict:
        return {key: _rounded(one) for key, one in value.items()}
    if kind is list:
        return [_rounded(one) for one in value]
    return value
