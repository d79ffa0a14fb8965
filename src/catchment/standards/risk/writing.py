"""Assessments written as JSON lines, CSV or Parquet; the file appears whole or not at all."""

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, TextIO

import orjson
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

from catchment.standards.risk.files import CSV, FORMS, JSON, JSON_LINES, PARQUET, RiskFileError, form
from catchment.standards.whole import written_whole

WRITTEN = {end: kind for end, kind in FORMS.items() if kind != JSON}


def write(path: Path, frames: Iterable[pl.DataFrame]) -> int:
    """Write all frames to one file whose form its name tells; returns the number of rows.

    A file that was there stays until the new one is complete. Raises `RiskFileError` where it cannot be written, and
    where a column changes its type from one frame to the next in a form that cannot hold both.
    """
    writers: dict[str, Callable[[Path, Iterable[pl.DataFrame]], int]] = {
        JSON_LINES: _json_lines,
        CSV: _csv,
        PARQUET: _parquet,
    }
    writer = writers[form(path, allowed=WRITTEN)]
    try:
        with written_whole(path) as partial:
            return writer(partial, frames)
    except OSError as error:
        raise RiskFileError(f"{path} cannot be written: {error.strerror or error}") from None


def _json_lines(path: Path, frames: Iterable[pl.DataFrame]) -> int:
    count = 0
    with path.open("wb") as out:
        for frame in frames:
            for row in frame.iter_rows(named=True):
                line = {**row, "value": _dense(row["value"])}
                out.write(orjson.dumps(line, default=str, option=orjson.OPT_APPEND_NEWLINE))
            count += frame.height
    return count


def _dense(value: Any) -> Any:
    """An object without the keys that are unknown; nothing else is left out."""
    if isinstance(value, dict):
        return {key: item for key, item in value.items() if item is not None} or None
    return value


def _csv(path: Path, frames: Iterable[pl.DataFrame]) -> int:
    count, names = 0, None
    with path.open("w", encoding="utf-8", newline="") as out:
        for frame in frames:
            _csv_lines(out, _like(frame, names), header=names is None)
            names, count = names or frame.columns, count + frame.height
    return count


def _csv_lines(out: TextIO, frame: pl.DataFrame, *, header: bool) -> None:
    nested = [name for name, type_ in frame.schema.items() if type_.is_nested()]
    texts = [pl.Series(name, _cells(name, frame[name].to_list()), dtype=pl.String) for name in nested]
    out.write(frame.with_columns(texts).write_csv(include_header=header))


def _cells(name: str, values: list[Any]) -> list[str | None]:
    told = [_dense(value) for value in values] if name == "value" else values
    return [None if one is None else orjson.dumps(one, default=str).decode() for one in told]


def _parquet(path: Path, frames: Iterable[pl.DataFrame]) -> int:
    count, writer = 0, None
    try:
        for frame in frames:
            table = _like(frame, writer and writer.schema.names).to_arrow()
            writer = writer or pq.ParquetWriter(path, table.schema)
            writer.write_table(_cast(table, writer.schema, count))
            count += frame.height
    finally:
        if writer:
            writer.close()
    return count


def _cast(table: pa.Table, schema: pa.Schema, rows: int) -> pa.Table:
    try:
        return table.cast(schema)
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError) as error:
        told = f"a column changes its type after {rows} rows ({error}); write JSON lines instead"
        raise RiskFileError(told) from None


def _like(frame: pl.DataFrame, names: list[str] | None) -> pl.DataFrame:
    """The frame with just these columns: a carried one that it lacks is unknown. A new one cannot be taken."""
    if names is None:
        return frame
    new = [name for name in frame.columns if name not in names]
    if new:
        raise RiskFileError(f"the first rows have no {', '.join(new)}; write it in the first row, or write JSON lines")
    return frame.select(pl.col(name) if name in frame.columns else pl.lit(None).alias(name) for name in names)
