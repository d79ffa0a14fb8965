"""Running the models of programmes over gathered people, on any engine, and putting what comes out into words."""

import hashlib
from collections.abc import Callable, Collection, Container, Iterable, Mapping, Sequence
from datetime import date
from functools import lru_cache
from itertools import chain
from typing import Any

import ibis
import polars as pl

from catchment.rooms.screening.rules.gathering import columns_for, source_of
from catchment.rooms.screening.rules.inputs import ConditionItem, InputsRule, MedicineItem
from catchment.rooms.screening.rules.programmes import Programme, eligible
from catchment.standards.risk.catalogue import definition
from catchment.standards.risk.compiler import assess
from catchment.standards.risk.definition import Definition, Kind, Lookup
from catchment.standards.risk.running import TABLES, telling

GATHERED = "screening_people"
FIGURES = 10
"""Significant figures that are kept, so that engines that differ in the last bit say the same."""
_NAMED = ("person_key", "model", "edition", "status", "band")
NOTHING = pl.DataFrame(schema={"person_key": pl.Int64, **dict.fromkeys((*_NAMED[1:], "said"), pl.String)})
"""No assessment, with the columns of `found`."""
INPUTS = pl.Schema({"model": pl.String, "inputs": pl.String})
_EMPTY, _NULL = '":[]', '":null'


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


def found(model: Definition, flat: pl.DataFrame) -> pl.DataFrame:
    """One row for each assessment: `person_key`, `model`, `edition`, `status`, `band`, and `said`.

    `flat` is what `assessments` gave; `said` is a JSON object of `value` and `reasons`, where null stands for nothing.
    """
    return flat.select(*_saying(model.model, model.edition, tuple(flat.schema.items())))


def together(found: Iterable[pl.DataFrame], inputs: pl.DataFrame) -> pl.DataFrame:
    """All assessments of some people, each with `told`: what it says and its inputs, and the `digest` of all that.

    `inputs` is as `inputs_of` gives it.
    """
    rows = pl.concat([NOTHING, *found]).join(inputs, on=["person_key", "model"], how="left")
    said = pl.col("said").str.replace_all(_EMPTY, _NULL, literal=True).str.head(-1)
    told = pl.concat_str(said, pl.lit(',"inputs":'), "inputs", pl.lit("}"))
    shown = rows.select(*_NAMED, told=told)
    digests = [_digest(*row[1:]) for row in shown.iter_rows()]
    return shown.with_columns(digest=pl.Series(digests, dtype=pl.String))


def inputs_of(models: Collection[Definition], people: pl.DataFrame, known: Mapping[str, pl.Expr]) -> pl.DataFrame:
    """For each person and model a JSON object of the model's `inputs`; `known` is as `sources` gives it."""
    read = {one.model: [name for name in one.names() if name in known] for one in models}
    rows = people.select("person_key", *(known[name] for name in dict.fromkeys(chain(*read.values()))))
    texts = {model: pl.struct(names).struct.json_encode() for model, names in read.items()}
    told = rows.select("person_key", **texts)
    return told.unpivot(list(texts), index="person_key", variable_name="model", value_name="inputs").cast(INPUTS)


def sources(rule: InputsRule) -> dict[str, pl.Expr]:
    """What to select from gathered people: every input with its value, its way, and the entry and day it came from.

    An input that is not known is null.
    """
    return {name: _source(name, rule.ways(name)).alias(name) for name in rule.names()}


@lru_cache(maxsize=128)
def _saying(model: str, edition: str, columns: tuple[tuple[str, pl.DataType], ...]) -> list[pl.Expr]:
    numbers = {name for name, kind in columns if kind == pl.Float64}
    told = telling(definition(model, edition=edition), [name for name, _kind in columns], _rounding(numbers))
    value, band, status, reasons = told
    rated = pl.when(pl.col("status") == "assessed").then(value)
    said = pl.struct(value=rated, reasons=reasons).struct.json_encode()
    named = [pl.col("row_").alias("person_key"), pl.lit(model).alias("model"), pl.lit(edition).alias("edition")]
    return [*named, status, band.fill_null(""), said.alias("said")]


def _rounding(numbers: Container[str]) -> Callable[[str], pl.Expr]:
    return lambda name: pl.col(name).round_sig_figs(FIGURES) if name in numbers else pl.col(name)


def _digest(*texts: str) -> str:
    return hashlib.md5("\n".join(texts).encode(), usedforsecurity=False).hexdigest()


def _source(name: str, ways: Sequence[Any]) -> pl.Expr:
    value, stamp = pl.col(f"i__{name}"), pl.col(f"s__{name}")
    days, number = source_of(stamp)
    told = {
        "value": value.round_sig_figs(FIGURES) if ways[0].kind is Kind.NUMBER else value,
        "from": _of_way(name, [item.way for item in ways]),
        "day": days.cast(pl.Int32).cast(pl.Date).dt.to_string(),
        "entry": number,
    }
    silent = [isinstance(item, ConditionItem | MedicineItem) for item in ways]
    if any(silent):
        told["absent"] = pl.when(stamp.is_null() & _of_way(name, silent)).then(statement=True)
    return pl.when(value.is_not_null()).then(pl.struct(**told))


def _of_way(name: str, told: Sequence[Any]) -> pl.Expr:
    """What is told of the way that gave the input."""
    if len(set(told)) == 1:
        return pl.lit(told[0])
    return pl.col(f"w__{name}").replace_strict(dict(enumerate(told)), default=told[0])
