"""Rows from JSON lines, CSV or Parquet in batches, and assessments written back in the same three forms."""

import difflib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, TextIO

import orjson
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

from catchment.standards.risk.definition import Definition

BATCH = 200_000
CARRIED = ("id", "person_id")
WRAPPED = frozenset(
    {"model", "inputs", "expected", "tolerance", "source", "kind", "reproduced_by_spec_in_report", "note"}
)


class RiskFileError(ValueError):
    """A file that cannot be run; the message names the column or the form, and the way out."""


def read(path: Path, definition: Definition, *, carry: Iterable[str] = ()) -> Iterator[pl.DataFrame]:
    """Batches with the columns of the file; the columns named in `carry` and `CARRIED` pass through untouched.

    A line that is no JSON object stays as an empty row with `unreadable` set. A JSON row may hold its inputs under
    the key `inputs`. Raises `RiskFileError` for another file form and for a column that the model does not know.
    """
    readers = {".jsonl": _json_lines, ".ndjson": _json_lines, ".json": _json_lines, ".csv": _csv, ".parquet": _parquet}
    if path.suffix not in readers:
        raise RiskFileError(f"{path.name}: the name must end in {', '.join(readers)}")
    for frame in readers[path.suffix](path):
        check_columns(frame.columns, definition, carry=carry)
        yield frame


def check_columns(names: Iterable[str], definition: Definition, *, carry: Iterable[str] = ()) -> None:
    """Raise `RiskFileError`, with the closest names, for a column that the model does not know."""
    allowed = {*definition.names(), *CARRIED, *carry, "unreadable"}
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


def write(path: Path, frames: Iterable[pl.DataFrame]) -> int:
    """Write all frames to one file whose form its name tells; returns the number of rows."""
    writers = {
        ".jsonl": _write_json_lines,
        ".ndjson": _write_json_lines,
        ".csv": _write_csv,
        ".parquet": _write_parquet,
    }
    if path.suffix not in writers:
        raise RiskFileError(f"{path.name}: the name must end in {', '.join(writers)}")
    return writers[path.suffix](path, frames)


def _unknown(name: str, definition: Definition) -> str:
    close = difflib.get_close_matches(name, definition.names(), n=3, cutoff=0.4)
    hint = f"did you mean {', '.join(close)}?" if close else f"it has {', '.join(definition.names())}."
    return f"{definition.model} has no input {name!r}; {hint} Use --carry {name} to pass the column through unread"


def _json_lines(path: Path) -> Iterator[pl.DataFrame]:
    rows: list[dict[str, Any]] = []
    with path.open("rb") as lines:
        for line in lines:
            if not line.strip():
                continue
            rows.append(_row(line))
            if len(rows) == BATCH:
                yield framed(rows)
                rows = []
    if rows:
        yield framed(rows)


def _row(line: bytes) -> dict[str, Any]:
    try:
        row = orjson.loads(line)
    except orjson.JSONDecodeError:
        return {"unreadable": "row:type"}
    if isinstance(row, dict) and isinstance(row.get("inputs"), dict):
        row = row["inputs"] | {key: value for key, value in row.items() if key not in WRAPPED}
    return row if isinstance(row, dict) else {"unreadable": "row:type"}


def framed(rows: list[dict[str, Any]]) -> pl.DataFrame:
    """Rows of any shape as a frame; a column of mixed types becomes text."""
    names = dict.fromkeys(name for row in rows for name in row) or {"unreadable": None}
    return pl.DataFrame([_series(name, [row.get(name) for row in rows]) for name in names], height=len(rows))


def _series(name: str, values: list[Any]) -> pl.Series:
    """A column of one type: where types are mixed, all become text, so that each is read by its own look."""
    kinds = {type(value) for value in values if value is not None}
    if kinds <= {int, float}:
        return pl.Series(name, values, dtype=pl.Float64, strict=False)
    if kinds == {list}:
        return _lists(name, values)
    if len(kinds) == 1 and kinds < {bool, str, dict}:
        return pl.Series(name, values, strict=False)
    return pl.Series(name, [None if value is None else _text(value) for value in values], dtype=pl.String)


def _lists(name: str, values: list[Any]) -> pl.Series:
    kinds = {type(item) for value in values if value is not None for item in value if item is not None}
    if kinds <= {int, float}:
        return pl.Series(name, values, dtype=pl.List(pl.Float64), strict=False)
    if len(kinds) == 1:
        return pl.Series(name, values, strict=False)
    texts = [None if value is None else [None if item is None else _text(item) for item in value] for value in values]
    return pl.Series(name, texts, dtype=pl.List(pl.String))


def _text(value: Any) -> str:
    return value if isinstance(value, str) else orjson.dumps(value).decode()


def _csv(path: Path) -> Iterator[pl.DataFrame]:
    frame = pl.read_csv(path, infer_schema=False, truncate_ragged_lines=True)
    yield from frame.iter_slices(BATCH)


def _parquet(path: Path) -> Iterator[pl.DataFrame]:
    for batch in pq.ParquetFile(path).iter_batches(BATCH * 5):
        yield pl.DataFrame(pl.from_arrow(pa.Table.from_batches([batch])))


def _write_json_lines(path: Path, frames: Iterable[pl.DataFrame]) -> int:
    count = 0
    with path.open("wb") as out:
        for frame in frames:
            for row in frame.iter_rows(named=True):
                out.write(orjson.dumps(_dense(row), option=orjson.OPT_APPEND_NEWLINE))
            count += frame.height
    return count


def _dense(row: dict[str, Any]) -> dict[str, Any]:
    """Without the keys of an object value that are unknown; nothing else is left out."""
    value = row["value"]
    if isinstance(value, dict):
        known = {key: item for key, item in value.items() if item is not None}
        return {**row, "value": known or None}
    return row


def _write_csv(path: Path, frames: Iterable[pl.DataFrame]) -> int:
    count = 0
    with path.open("w", encoding="utf-8", newline="") as out:
        for at, frame in enumerate(frames):
            _csv_lines(out, frame, header=at == 0)
            count += frame.height
    return count


def _csv_lines(out: TextIO, frame: pl.DataFrame, *, header: bool) -> None:
    nested = [name for name, type_ in frame.schema.items() if isinstance(type_, pl.Struct | pl.List)]
    texts = [
        pl.Series(
            name, [None if cell is None else orjson.dumps(cell).decode() for cell in frame[name]], dtype=pl.String
        )
        for name in nested
    ]
    out.write(frame.with_columns(texts).write_csv(include_header=header))


def _write_parquet(path: Path, frames: Iterable[pl.DataFrame]) -> int:
    count, writer = 0, None
    try:
        for frame in frames:
            table = frame.to_arrow()
            writer = writer or pq.ParquetWriter(path, table.schema)
            writer.write_table(table.cast(writer.schema))
            count += frame.height
    finally:
        if writer:
            writer.close()
    return count
