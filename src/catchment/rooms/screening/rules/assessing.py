"""Running the models of programmes over gathered people, on any engine, and putting what comes out into words."""

import hashlib
from collections.abc import Mapping, Sequence
from datetime import date
from functools import lru_cache
from typing import Any

import ibis
import polars as pl
import polars.selectors as cs

from catchment.rooms.screening.rules.gathering import columns_for, source_of
from catchment.rooms.screening.rules.inputs import ConditionItem, InputsRule, MedicineItem
from catchment.rooms.screening.rules.programmes import Programme, eligible
from catchment.standards.risk.catalogue import definition
from catchment.standards.risk.compiler import assess
from catchment.standards.risk.definition import Definition, Lookup
from catchment.standards.risk.running import TABLES, telling

GATHERED = "screening_people"
FIGURES = 10
"""Significant figures that are kept, so that engines that differ in the last bit say the same."""
_ROUNDED = cs.float().round_sig_figs(FIGURES)
_TEXTS = ("model", "edition", "status", "band", "told", "digest")
NOTHING = pl.DataFrame(schema={"person_key": pl.Int64, **dict.fromkeys(_TEXTS, pl.String)})
"""No assessment, with the columns of `found`."""
_LISTS = ("excluded", "missing", "rejected", "unconfirmed", "alerts")


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


def found(model: Definition, flat: pl.DataFrame, inputs: pl.DataFrame) -> pl.DataFrame:
    """One row for each assessment: `person_key`, `model`, `edition`, `status`, `band`, `told`, `digest`.

    `flat` is what `assessments` gave, `inputs` what `sources` did. `told` is a JSON object of `value`, `reasons` and
    `inputs`, in the last two of which null stands for nothing; `digest` is taken over all that was found.
    """
    read = pl.struct(name for name in model.names() if name in inputs.columns)
    rows = flat.with_columns(_ROUNDED).join(
        inputs.select("person_key", inputs=read), left_on="row_", right_on="person_key", how="left"
    )
    found = rows.select(*_saying(model.model, model.edition, tuple(flat.columns)))
    digests = [_digest(*row) for row in found.drop("person_key").iter_rows()]
    return found.with_columns(digest=pl.Series(digests, dtype=pl.String))


def sources(rule: InputsRule, wide: pl.DataFrame) -> pl.DataFrame:
    """Every input of the gathered people: its value, its way, and the entry and day it came from; null if unknown."""
    known = {name: _source(name, rule.ways(name), wide.columns) for name in rule.names()}
    return wide.with_columns(_ROUNDED).select("person_key", **known)


@lru_cache(maxsize=128)
def _saying(model: str, edition: str, columns: tuple[str, ...]) -> list[pl.Expr]:
    value, band, status, reasons = telling(definition(model, edition=edition), columns)
    lists = [pl.when(pl.field(name).list.len() > 0).then(pl.field(name)).alias(name) for name in _LISTS]
    rated = pl.when(pl.col("status") == "assessed").then(value)
    told = pl.struct(value=rated, reasons=reasons.struct.with_fields(*lists), inputs="inputs").struct.json_encode()
    named = [pl.col("row_").alias("person_key"), pl.lit(model).alias("model"), pl.lit(edition).alias("edition")]
    return [*named, status, band.fill_null(""), told.alias("told")]


def _digest(*texts: str) -> str:
    return hashlib.md5("\n".join(texts).encode(), usedforsecurity=False).hexdigest()


def _source(name: str, ways: Sequence[Any], columns: Sequence[str]) -> pl.Expr:
    value, stamp = pl.col(f"i__{name}"), pl.col(f"s__{name}")
    way = pl.col(f"w__{name}").fill_null(0) if f"w__{name}" in columns else pl.lit(0, pl.Int64)
    days, number = source_of(stamp)
    silent = [place for place, item in enumerate(ways) if isinstance(item, ConditionItem | MedicineItem)]
    told = {
        "value": value,
        "from": way.replace_strict({place: item.way for place, item in enumerate(ways)}, return_dtype=pl.String),
        "day": days.cast(pl.Int32).cast(pl.Date).dt.to_string(),
        "entry": number,
        "absent": pl.when(stamp.is_null() & way.is_in(silent)).then(statement=True),
    }
    return pl.when(value.is_not_null()).then(pl.struct(**told))
