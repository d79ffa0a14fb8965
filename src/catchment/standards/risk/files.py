"""Rows from JSON lines, CSV or Parquet in batches, with the columns of one model checked by name."""

import codecs
import csv
import difflib
import io
import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from pathlib import Path
from typing import Any

import orjson
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

from catchment.standards.encodings import encoding_of
from catchment.standards.risk.definition import Definition

BATCH = 200_000
LONGEST_CELL = 1 << 24
LARGEST, EXACT = 2**63 - 1, 2**53
CARRIED = ("id", "person_id")
UNREADABLE = "unreadable"
ASIDE = frozenset(
    {"model", "inputs", "expected", "tolerance", "source", "kind", "reproduced_by_spec_in_report", "note"}
    | {"", "__index_level_0__", UNREADABLE}
)
"""Never an input: what stands around the inputs in published examples, and the row numbers that pandas writes."""
JSON_LINES, JSON, CSV, PARQUET = "jsonl", "json", "csv", "parquet"
FORMS = {".jsonl": JSON_LINES, ".ndjson": JSON_LINES, ".json": JSON, ".csv": CSV, ".parquet": PARQUET}
Row = Mapping[str, Any]


class RiskFileError(ValueError):
    """A file that cannot be run; the message names the column or the form, and the way out."""


def form(path: Path, *, allowed: Mapping[str, str] = FORMS) -> str:
    """The form of a file by the end of its name, in whatever case. Raises `RiskFileError` for any other."""
    found = allowed.get(path.suffix.lower())
    if found is None:
        raise RiskFileError(f"{path.name}: the name must end in {', '.join(allowed)}")
    return found


def read(path: Path, definition: Definition, *, carry: Iterable[str] = ()) -> Iterator[pl.DataFrame]:
    """Batches with the columns of the file, at least one of them; those named in `carry` and `CARRIED` pass untouched.

    A row that cannot be read, or that names another model, stays as an empty one with `unreadable` set. The inputs may
    stand as an object under `inputs`. CSV is UTF-8 or GB 18030. Raises `RiskFileError` for a file that is not what its
    name says, for a column written twice and for a column that the model does not know.
    """
    readers = {JSON_LINES: _json_lines, JSON: _json, CSV: _csv, PARQUET: _parquet}
    reader, kept = readers[form(path)], {*carry, *CARRIED}
    try:
        for frame in reader(path):
            inputs = _inputs(frame, definition, kept)
            check_columns((name for name in inputs.columns if name != UNREADABLE), definition, carry=kept)
            yield inputs
    except (OSError, UnicodeError, csv.Error, pa.ArrowException) as error:
        raise RiskFileError(f"{path.name} cannot be read: {error}") from None


def check_columns(names: Iterable[str], definition: Definition, *, carry: Iterable[str] = ()) -> None:
    """Raise `RiskFileError`, with the closest names, for a column that the model does not know."""
    allowed = {*definition.names(), *CARRIED, *carry}
    for name in names:
        if name not in allowed:
            raise RiskFileError(_unknown(name, definition))


def absent(frame: pl.DataFrame, definition: Definition) -> list[str]:
    """Required inputs for which the frame has no column at all, not even in another unit."""
    have = set(frame.columns)
    return [
        one.name
        for one in definition.columns()
        if not one.optional
        and not have & ({one.name, one.parent} | {other.name for other in one.alternatives if other.formula})
    ]


def framed(rows: list[dict[str, Any]]) -> pl.DataFrame:
    """Rows of any shape as a frame; a column of mixed types becomes text."""
    names = dict.fromkeys(name for row in rows for name in row) or {UNREADABLE: None}
    return pl.DataFrame([_series(name, [row.get(name) for row in rows]) for name in names], height=len(rows))


def _unknown(name: str, definition: Definition) -> str:
    close = difflib.get_close_matches(name, definition.names(), n=3, cutoff=0.4)
    hint = f"did you mean {', '.join(close)}?" if close else f"it has {', '.join(definition.names())}."
    return f"{definition.model} has no input {name!r}; {hint} Use --carry {name} to pass the column through unread"


def _inputs(frame: pl.DataFrame, definition: Definition, kept: set[str]) -> pl.DataFrame:
    """The frame without what stands around the inputs; a row that names another model is unreadable."""
    if "model" in frame.columns and "model" not in kept:
        earlier = pl.col(UNREADABLE) if UNREADABLE in frame.columns else pl.lit(None, dtype=pl.String)
        other = pl.col("model").cast(pl.String, strict=False) != definition.model
        frame = frame.with_columns(pl.when(other).then(pl.lit("row:model")).otherwise(earlier).alias(UNREADABLE))
    return frame.drop(ASIDE - kept - {UNREADABLE}, strict=False)


def _json(path: Path) -> Iterator[pl.DataFrame]:
    """One JSON document, an array of objects or a single object; anything else is read as JSON lines."""
    try:
        document = json.loads(path.read_text(encoding="utf-8-sig"))
    except (ValueError, RecursionError):
        yield from _json_lines(path)
        return
    for some in _batched(document if isinstance(document, list) else [document]):
        yield framed([_row(one) for one in some])


def _json_lines(path: Path) -> Iterator[pl.DataFrame]:
    with path.open("rb") as file:
        lines = (line.removeprefix(codecs.BOM_UTF8) for line in file)
        for some in _batched(line for line in lines if line.strip()):
            yield framed([_row(_parsed(line)) for line in some])


def _batched(rows: Iterable[Any]) -> Iterator[list[Any]]:
    """The rows in lists of `BATCH`; one empty list where there are none."""
    left = iter(rows)
    yield list(islice(left, BATCH))
    while some := list(islice(left, BATCH)):
        yield some


def _parsed(line: bytes) -> Any:
    """The value of a line, `None` where it is none; NaN and Infinity, which Python and R write, are taken as such."""
    try:
        return orjson.loads(line)
    except orjson.JSONDecodeError:
        pass
    try:
        found = json.loads(line)
        json.dumps(found, ensure_ascii=False).encode()
    except (ValueError, RecursionError):
        return None
    return found


def _row(found: Any) -> dict[str, Any]:
    if not isinstance(found, dict):
        return {UNREADABLE: "row:type"}
    told = {key: value for key, value in found.items() if key != UNREADABLE}
    inputs = told.pop("inputs", None)
    if isinstance(inputs, str):
        inputs = _parsed(inputs.encode(errors="replace"))
    return told | inputs if isinstance(inputs, dict) else told


def _series(name: str, values: list[Any]) -> pl.Series:
    """A column of one type: where types are mixed, all become text, so that each is read by its own look."""
    known = [value for value in values if value is not None]
    kinds = {type(value) for value in known}
    if _are_numbers(known):
        return pl.Series(name, values, dtype=pl.Int64 if kinds == {int} else pl.Float64, strict=False)
    if kinds == {list}:
        return _lists(name, values)
    if len(kinds) == 1 and kinds < {bool, str}:
        return pl.Series(name, values, strict=False)
    if kinds == {dict}:
        return _objects(name, values)
    return pl.Series(name, [None if value is None else _text(value) for value in values], dtype=pl.String)


def _objects(name: str, values: list[Any]) -> pl.Series:
    """A structure whose fields are columns of one type each."""
    keys = dict.fromkeys(key for value in values if value for key in value)
    fields = [_series(key, [value.get(key) if value else None for value in values]) for key in keys]
    known = pl.Series([value is not None for value in values])
    return pl.select(pl.when(known).then(pl.struct(fields or pl.lit(None).alias("_"))).alias(name)).to_series()


def _lists(name: str, values: list[Any]) -> pl.Series:
    items = [item for value in values if value is not None for item in value if item is not None]
    if _are_numbers(items):
        return pl.Series(name, values, dtype=pl.List(pl.Float64), strict=False)
    if len({type(item) for item in items}) == 1 and isinstance(items[0], bool | str):
        return pl.Series(name, values, strict=False)
    texts = [None if value is None else [None if item is None else _text(item) for item in value] for value in values]
    return pl.Series(name, texts, dtype=pl.List(pl.String))


def _are_numbers(values: list[Any]) -> bool:
    """Whether all are numbers that a column of whole numbers, or else of decimal ones, holds exactly."""
    largest = LARGEST if all(type(one) is int for one in values) else EXACT
    return all(type(one) is float or (type(one) is int and abs(one) <= largest) for one in values)


def _text(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _csv(path: Path) -> Iterator[pl.DataFrame]:
    csv.field_size_limit(LONGEST_CELL)
    with path.open("rb") as file:
        rows = csv.reader(io.TextIOWrapper(file, encoding_of(file), newline=""), strict=True)
        header = [name.strip() for name in next(rows, [])]
        _require_once(path, header)
        for some in _batched(cells for cells in rows if cells):
            yield _table(header, some)


def _table(header: list[str], rows: list[list[str]]) -> pl.DataFrame:
    """Rows under the named columns of a header; a row with another number of cells is unreadable."""
    cells = [_cells(header, row) for row in rows]
    columns = list(zip(*cells, strict=True)) or [()] * (len(header) + 1)
    named = [(name, column) for name, column in zip([*header, UNREADABLE], columns, strict=True) if name]
    return _told(pl.DataFrame([pl.Series(name, column, dtype=pl.String) for name, column in named]))


def _cells(header: list[str], cells: list[str]) -> list[str | None]:
    """The cells under the header, and what is wrong with the row; empty cells behind the last column are none."""
    if len(cells) < len(header) or any(cells[len(header) :]):
        return [*[None] * len(header), "row:cells"]
    return [*cells[: len(header)], None]


def _require_once(path: Path, names: list[str]) -> None:
    twice = [name for name, times in Counter(names).items() if times > 1 and name]
    if twice:
        raise RiskFileError(f"{path.name} has the column {', '.join(twice)} twice; keep one of them")


def _parquet(path: Path) -> Iterator[pl.DataFrame]:
    file = pq.ParquetFile(path)
    _require_once(path, file.schema_arrow.names)
    if not file.metadata.num_rows:
        yield _told(_polars(file.schema_arrow.empty_table()))
    for batch in file.iter_batches(BATCH * 5):
        yield _told(_polars(pa.Table.from_batches([batch])))


def _polars(table: pa.Table) -> pl.DataFrame:
    return pl.DataFrame(pl.from_arrow(table))


def _told(frame: pl.DataFrame) -> pl.DataFrame:
    """A frame whose column `inputs` holds objects, as the frame of these objects."""
    return framed([_row(row) for row in frame.to_dicts()]) if "inputs" in frame.columns else frame
