"""Columns as they come, turned into typed ones. A value that cannot be read becomes unknown and is named."""

import ast
from functools import reduce
from typing import Any

import orjson
import polars as pl

from catchment.standards.risk.compiler import SEPARATOR, schema
from catchment.standards.risk.definition import Definition, Input, Kind

TRUE = ("true", "1", "1.0", "yes", "y", "t", "是", "有")
FALSE = ("false", "0", "0.0", "no", "n", "f", "否", "无")
POLARS = {"float64": pl.Float64, "boolean": pl.Boolean, "string": pl.String, "int64": pl.Int64}
UNKNOWN = ("", "na", "n/a", "nan", "null", "none", "nil")
"""How files write a number or a yes-or-no that is not known."""
_NESTED = (pl.List, pl.Array, pl.Struct, pl.Object)
_NAMED = (pl.Categorical, pl.Enum)


def typed(definition: Definition, frame: pl.DataFrame) -> pl.DataFrame:
    """The columns of `schema(definition)`, from a frame with `row_` and any of the model's columns of any type."""
    frame = _spread(definition, _plain(frame))
    wanted = schema(definition)
    faults, columns = [_earlier(frame)], [pl.col("row_").cast(pl.Int64)]
    for name, type_ in wanted.items():
        if name in {"row_", "unreadable"}:
            continue
        if name not in frame.columns:
            columns.append(pl.lit(None, dtype=POLARS[type_]).alias(name))
            continue
        value, fault = _read(name, frame.schema[name], type_)
        columns.append(value.alias(name))
        faults.append(pl.when(fault).then(pl.lit(f"{name}:type")))
    unreadable = pl.concat_str(faults, separator=SEPARATOR, ignore_nulls=True).alias("unreadable")
    return frame.select(*columns, unreadable).select(list(wanted))


def _plain(frame: pl.DataFrame) -> pl.DataFrame:
    """Without the types that only store a text or a number in another way."""
    named = [pl.col(name).cast(pl.String) for name, have in frame.schema.items() if isinstance(have, _NAMED)]
    exact = [pl.col(name).cast(pl.Float64) for name, have in frame.schema.items() if have.is_decimal()]
    return frame.with_columns(*named, *exact)


def _earlier(frame: pl.DataFrame) -> pl.Expr:
    return pl.col("unreadable") if "unreadable" in frame.columns else pl.lit(None, dtype=pl.String)


def _read(name: str, have: pl.DataType, want: str) -> tuple[pl.Expr, pl.Expr]:
    column = pl.col(name)
    if have == pl.Null:
        return column.cast(POLARS[want]), pl.lit(value=False)
    if isinstance(have, _NESTED) or have.is_temporal() or have == pl.Binary:
        return pl.lit(None, dtype=POLARS[want]), column.is_not_null()
    value = {"float64": _number, "boolean": _boolean, "string": _text}[want](column, have)
    unknown = UNKNOWN if want != "string" else UNKNOWN[:1]
    lower = column.str.strip_chars().str.to_lowercase() if have == pl.String else column
    blank = lower.is_in(unknown) if have == pl.String else pl.lit(value=False)
    absent = column.is_nan() if have.is_float() else pl.lit(value=False)
    return value, column.is_not_null() & value.is_null() & ~blank & ~absent


def _number(column: pl.Expr, have: pl.DataType) -> pl.Expr:
    if have == pl.Boolean:
        return pl.lit(None, dtype=pl.Float64)
    read = (column.str.strip_chars() if have == pl.String else column).cast(pl.Float64, strict=False)
    return pl.when(read.is_finite()).then(read)


def _boolean(column: pl.Expr, have: pl.DataType) -> pl.Expr:
    if have == pl.Boolean:
        return column
    text = column.cast(pl.String).str.strip_chars().str.to_lowercase()
    return pl.when(text.is_in(TRUE)).then(pl.lit(value=True)).when(text.is_in(FALSE)).then(pl.lit(value=False))


def _text(column: pl.Expr, have: pl.DataType) -> pl.Expr:
    if have == pl.Boolean:
        return pl.lit(None, dtype=pl.String)
    text = column.cast(pl.String).str.strip_chars().str.replace_all("\0", "\ufffd", literal=True)
    return pl.when(text != "").then(text)


def _spread(definition: Definition, frame: pl.DataFrame) -> pl.DataFrame:
    for one in definition.inputs:
        if one.kind in {Kind.LIST, Kind.OBJECT} and one.name in frame.columns:
            elements = [element for element in definition.inputs if element.parent == one.name]
            read = _elements_of_list if one.kind is Kind.LIST else _elements_of_object
            frame = read(one, elements, frame)
    return frame


def _elements_of_list(one: Input, elements: list[Input], frame: pl.DataFrame) -> pl.DataFrame:
    column = pl.col(one.name)
    if frame.schema[one.name] == pl.String:
        inner = column.str.strip_chars().str.strip_chars("[]").str.replace_all(r"[\s\"']", "").str.split(",")
        column = pl.when(column.str.contains(r"^\s*\[.*\]\s*$")).then(inner)
    elif not isinstance(frame.schema[one.name], pl.List | pl.Array):
        column = pl.lit(None, dtype=pl.List(pl.Float64))
    wrong = pl.col(one.name).is_not_null() & (column.list.len() != len(elements)).fill_null(value=True)
    read = [column.list.get(at, null_on_oob=True).alias(element.name) for at, element in enumerate(elements)]
    return _noted(frame.with_columns(*read, _wrong=wrong), one)


def _elements_of_object(one: Input, elements: list[Input], frame: pl.DataFrame) -> pl.DataFrame:
    keys = {element.name: element.name.removeprefix(one.name + "_") for element in elements}
    if frame.schema[one.name] == pl.String:
        texts = frame[one.name]
        objects = _objects(texts, pl.Struct(dict.fromkeys(keys.values(), pl.String)))
        frame = frame.with_columns(objects, (texts.is_not_null() & objects.is_null()).alias("_wrong"))
    have = frame.schema[one.name]
    fields = [field.name for field in have.fields] if isinstance(have, pl.Struct) else []
    read = [pl.col(one.name).struct.field(key).alias(name) for name, key in keys.items() if key in fields]
    if "_wrong" not in frame.columns:
        frame = frame.with_columns(_wrong=pl.lit(value=False) if fields else pl.col(one.name).is_not_null())
    return _noted(frame.with_columns(*read), one)


def _objects(texts: pl.Series, form: pl.Struct) -> pl.Series:
    """The objects that the texts write; unknown where one writes none, whatever the others are."""
    try:
        return texts.str.json_decode(form)
    except pl.exceptions.PolarsError:
        return pl.Series(texts.name, [_object(text, form) for text in texts], dtype=form)


def _object(text: str | None, form: pl.Struct) -> dict[str, str | None] | None:
    found = _literal(text or "")
    if not isinstance(found, dict):
        return None
    told = ((field.name, found.get(field.name)) for field in form.fields)
    return {name: one if one is None or isinstance(one, str) else str(one) for name, one in told}


def _literal(text: str) -> Any:
    """What a text writes in JSON or, as spreadsheets made with Python hold it, in Python's own way."""
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError:
        pass
    try:
        return ast.literal_eval(text)
    except (ValueError, SyntaxError, MemoryError, RecursionError):
        return None


def _noted(frame: pl.DataFrame, one: Input) -> pl.DataFrame:
    note = pl.when(pl.col("_wrong")).then(pl.lit(f"{one.name}:shape"))
    joined = reduce(lambda a, b: pl.concat_str([a, b], separator=SEPARATOR, ignore_nulls=True), [_earlier(frame), note])
    text = pl.when(joined != "").then(joined)
    return frame.with_columns(unreadable=text).drop("_wrong")
