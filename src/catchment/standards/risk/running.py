"""Running a model over rows: typed columns in, one assessment for each row out, in order."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import ibis
import polars as pl
import pyarrow as pa

from catchment.standards.analytics.engines import Engine
from catchment.standards.risk import compiler
from catchment.standards.risk.definition import Definition, Input, Kind, Lookup, Status
from catchment.standards.risk.growth import growth_table
from catchment.standards.risk.intake import typed

TABLES = {"who_growth": growth_table}
PEOPLE = "risk_people"


@dataclass
class Runner:
    """One model compiled for one engine; may be given many frames. `query` is its SQL, `wanted` what that gives."""

    definition: Definition
    engine: Engine
    contributions: bool = True
    query: str = field(init=False)
    wanted: pa.Schema = field(init=False)

    def __post_init__(self) -> None:
        rules = (*self.definition.steps.values(), *self.definition.results.values())
        tables = {rule.table: TABLES[rule.table]() for rule in rules if isinstance(rule, Lookup)}
        for name, rows in tables.items():
            self.engine.put(name, rows)
        lookups = {name: ibis.table(ibis.Schema.from_pyarrow(rows.schema), name=name) for name, rows in tables.items()}
        people = ibis.table(compiler.schema(self.definition), name=PEOPLE)
        expression = compiler.assess(self.definition, people, lookups, contributions=self.contributions)
        self.query, self.wanted = self.engine.compile(expression), expression.schema().to_pyarrow()

    def flat(self, frame: pl.DataFrame) -> pl.DataFrame:
        """The compiled expression's own columns (see `compiler`), sorted by `row_`; adds `row_` where absent."""
        if "row_" not in frame.columns:
            frame = frame.with_row_index("row_")
        people = typed(self.definition, frame).to_arrow(compat_level=pl.CompatLevel.oldest())
        people = people.cast(_plain(people.schema))
        return self.assess(people).sort("row_")

    def assess(self, people: pa.Table) -> pl.DataFrame:
        """As `flat`, from a table that already has the columns of `compiler.schema`; order is not kept."""
        self.engine.put(PEOPLE, people)
        found = pl.from_arrow(self.engine.fetch(self.query, self.wanted))
        return found if isinstance(found, pl.DataFrame) else found.to_frame()

    def run(self, frame: pl.DataFrame) -> pl.DataFrame:
        """`value`, `band`, `status`, `reasons` for each row, in order.

        A list in a column that holds one number is a series of readings: its value is the list of their values.
        """
        frame = self._with_lists(frame)
        series = [name for name in self._scalars(frame) if isinstance(frame.schema[name], pl.List)]
        if not series:
            return shown(self.definition, self.flat(frame))
        frame = _levelled(frame, series).with_row_index("of_")
        single = frame.explode(series, empty_as_null=True, keep_nulls=True).with_row_index("row_")
        results = shown(self.definition, self.flat(single.drop("of_"))).with_columns(single["of_"])
        return _gathered(results)

    def _scalars(self, frame: pl.DataFrame) -> list[str]:
        names = {one.name for one in self.definition.columns()}
        return [name for name in frame.columns if name in names]

    def _with_lists(self, frame: pl.DataFrame) -> pl.DataFrame:
        """Texts such as `[93, 95]`, which is how a CSV file carries a series, as lists."""
        texts = [name for name in self._scalars(frame) if frame.schema[name] == pl.String]
        listed = [name for name in texts if frame[name].str.contains(r"^\s*\[.*\]\s*$").any()]
        return frame.with_columns(pl.col(name).str.replace_all(r"[\[\]\s\"']", "").str.split(",") for name in listed)


def _levelled(frame: pl.DataFrame, series: Sequence[str]) -> pl.DataFrame:
    """With series of one length in each row; where they differ, the row has none and says so."""
    if len(series) == 1:
        return frame
    lengths = [pl.col(name).list.len() for name in series]
    longest = pl.max_horizontal(lengths)
    uneven = pl.any_horizontal((length != longest).fill_null(value=False) for length in lengths)
    unknown = [pl.lit(None).repeat_by(pl.when(uneven).then(1).otherwise(longest)) for name in series]
    levelled = [
        pl.when(uneven | pl.col(name).is_null()).then(one).otherwise(pl.col(name)).alias(name)
        for name, one in zip(series, unknown, strict=True)
    ]
    earlier = pl.col("unreadable") if "unreadable" in frame.columns else pl.lit(None, dtype=pl.String)
    note = pl.when(uneven).then(pl.lit(f"{series[0]}:shape")).otherwise(earlier).alias("unreadable")
    return frame.with_columns(*levelled, note)


def _plain(schema: pa.Schema) -> pa.Schema:
    text = {pa.large_string(): pa.string(), pa.string_view(): pa.string()}
    return pa.schema([field.with_type(text.get(field.type, field.type)) for field in schema])


def _gathered(results: pl.DataFrame) -> pl.DataFrame:
    doubtful = pl.col("status").filter(pl.col("status") != Status.ASSESSED.value).first()
    status = doubtful.fill_null(Status.ASSESSED.value)
    return (
        results.group_by("of_", maintain_order=True)
        .agg(pl.col("value"), pl.col("band").last(), status, pl.col("reasons").last())
        .drop("of_")
    )


def shown(definition: Definition, flat: pl.DataFrame) -> pl.DataFrame:
    """The assessment as people read it: the value as a number or an object, the reasons as one structure."""
    return flat.select(telling(definition, flat.columns))


def telling(definition: Definition, columns: Sequence[str], number: Callable[[str], pl.Expr] = pl.col) -> list[pl.Expr]:
    """What `shown` selects from these columns; `number` reads a column of values or contributions by its name."""
    values = [number(f"value__{key}").alias(key) for key in definition.value]
    value = number("value__value") if definition.single else pl.struct(values)
    reasons = _reasons(definition, columns, number)
    return [value.alias("value"), pl.col("band"), pl.col("status"), reasons.alias("reasons")]


def _reasons(definition: Definition, columns: Sequence[str], number: Callable[[str], pl.Expr]) -> pl.Expr:
    parts = [name for name in columns if name.startswith("part__")]
    fields = [
        _texts("excluded", {one.key: one.zh for one in (*definition.population, *definition.exclusions)}),
        _missing(definition),
        _texts("rejected", faults(definition)),
        _texts("unconfirmed", {one.key: one.zh for one in definition.exclusions}),
        _texts("alerts", {one.key: one.zh for one in definition.alerts}),
        pl.col("band")
        .replace_strict({band.key: band.action for band in definition.bands}, default=None)
        .alias("action"),
    ]
    if definition.parts:
        fields += [number("at_least"), number("at_most")]
    if parts:
        fields.append(
            pl.struct([number(name).alias(name.removeprefix("part__")) for name in parts]).alias("contributions")
        )
    return pl.struct(fields)


def _list(name: str) -> pl.Expr:
    return (
        pl.when(pl.col(name) != "")
        .then(pl.col(name).str.split(compiler.SEPARATOR))
        .otherwise(pl.lit([], pl.List(pl.String)))
    )


def _missing(definition: Definition) -> pl.Expr:
    rejected = _list("rejected").list.eval(pl.element().str.split(":").list.first())
    order = {one.name: at for at, one in enumerate(definition.columns())}
    left = _list("missing").list.set_difference(rejected)
    return left.list.eval(pl.element().sort_by(pl.element().replace_strict(order))).alias("missing")


def _texts(name: str, texts: Mapping[str, str]) -> pl.Expr:
    if not texts:
        return pl.lit([], pl.List(pl.String)).alias(name)
    named: Any = dict(texts)
    return _list(name).list.eval(pl.element().replace(named)).alias(name)


def faults(definition: Definition) -> dict[str, str]:
    """The sentence for each way in which an input can be wrong, by the key that the compiled expression gives."""
    texts = {}
    for one in definition.inputs:
        texts[f"{one.name}:shape"] = f"{one.name}: not a list or object of the form that the model asks for"
        texts[f"{one.name}:type"] = f"{one.name}: not {KINDS[one.kind]}"
        for other in one.alternatives:
            texts[f"{other.name}:type"] = f"{other.name}: not {KINDS[other.kind]}"
            texts[f"{other.name}:range"] = f"{other.name}: not one of {', '.join(other.choices)}"
        texts[f"{one.name}:range"] = f"{one.name}: {_limits(one)}"
    return texts | ROWS


def _limits(one: Input) -> str:
    if one.only:
        return f"not one of {', '.join(f'{value:g}' for value in one.only)}"
    if one.choices:
        return f"not one of {', '.join(one.choices)}"
    return f"outside {one.low} to {one.high} {one.unit}".rstrip()


ROWS = {
    "row:type": "row: not a JSON object",
    "row:cells": "row: not as many cells as the header has columns",
    "row:model": "row: of another model",
}
KINDS = {
    Kind.NUMBER: "a number",
    Kind.BOOLEAN: "true or false",
    Kind.CHOICE: "a text",
    Kind.LIST: "a list",
    Kind.OBJECT: "an object",
}
