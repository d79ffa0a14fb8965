"""Rows of a view into Parquet, one file a partition, in bounded memory.

The rows come by COPY as CSV, which Arrow reads into typed columns without a Python object a value. A table that tells
of people has its files in the order of people, in small groups of rows: a question about some of them reads no more
than the groups where they are.
"""

import io
import os
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

import duckdb
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pc_csv
import pyarrow.parquet as pq
from django.db import connection
from psycopg import sql

from catchment.kernel.lake.manifest import Part, folder
from catchment.kernel.lake.tables import MOMENT, NUMBER, FactTable

PARTITION: Final = "partition_"
PERSON: Final = "person_key"
_BLOCK: Final = 4 << 20
_HELD: Final = 96 << 20
"""Bytes of rows that wait in memory for their partition's file, over all partitions of a table."""
_GROUP: Final = 32_768
"""Rows that are read or passed over together."""
_SORTING: Final = "1GB"
"""Memory for putting a partition in order; what does not fit goes to disk."""


def order(one: FactTable) -> tuple[str, ...]:
    """The columns by which the rows of a file are ordered; none where the table does not tell of people."""
    return tuple(dict.fromkeys((PERSON, *one.key))) if PERSON in one.columns else ()


def export(one: FactTable, only: set[str] | None, token: str, report: Callable[[int], None]) -> dict[str, Part]:
    """Write the partitions named, or all, of the connection's snapshot; files carry `token` in their name.

    A partition without rows gives no file. `report` is told the rows written so far.
    """
    writers = _Writers(one, token)
    try:
        for batch in batches(one, only):
            writers.add(batch)
            report(writers.rows)
        return writers.finish()
    finally:
        writers.close()


def batches(one: FactTable, only: set[str] | None) -> Iterator[pa.RecordBatch]:
    """The view's rows with their partition in a last column, as the connection sees them."""
    schema = one.schema.append(pa.field(PARTITION, pa.string()))
    columns = sql.SQL(", ").join(map(sql.Identifier, one.columns))
    named = sql.SQL(one.partition.sql())
    chosen = sql.SQL("" if only is None else f"where {one.partition.within(sorted(only))}")
    query = sql.SQL("copy (select {}, {} from facts.{} {}) to stdout (format csv)").format(
        columns, named, sql.Identifier(one.name), chosen
    )
    convert = pc_csv.ConvertOptions(
        column_types=schema, null_values=[""], strings_can_be_null=True, quoted_strings_can_be_null=False,
        true_values=["t"], false_values=["f"],
    )  # fmt: skip
    with connection.connection.cursor() as cursor, cursor.copy(query) as stream:
        source = io.BufferedReader(_Stream(stream), _BLOCK)
        if not source.peek(1):
            return
        yield from pc_csv.open_csv(
            source,
            read_options=pc_csv.ReadOptions(column_names=schema.names, block_size=_BLOCK),
            parse_options=pc_csv.ParseOptions(newlines_in_values=True),
            convert_options=convert,
        )


class _Stream(io.RawIOBase):
    """A COPY as a file to read from."""

    def __init__(self, stream: Any) -> None:
        self.stream, self.rest = stream, memoryview(b"")

    def readable(self) -> bool:
        return True

    def readinto(self, target: Any) -> int:
        wanted, filled = len(target), 0
        while filled < wanted:
            if not self.rest:
                self.rest = memoryview(self.stream.read())
                if not self.rest:
                    break
            taken = min(wanted - filled, len(self.rest))
            target[filled : filled + taken] = self.rest[:taken]
            self.rest, filled = self.rest[taken:], filled + taken
        return filled


@dataclass
class _Writers:
    """The open files of one table's partitions, and the rows that wait for them."""

    one: FactTable
    token: str
    rows: int = 0
    held: int = 0
    waiting: dict[str, list[pa.RecordBatch]] = field(default_factory=lambda: defaultdict(list))
    open: dict[str, pq.ParquetWriter] = field(default_factory=dict)
    counts: dict[str, int] = field(default_factory=lambda: defaultdict(int))

    def add(self, batch: pa.RecordBatch) -> None:
        self.rows += batch.num_rows
        self.held += batch.nbytes
        for name, part in _split(batch):
            self.waiting[name].append(part)
            self.counts[name] += part.num_rows
        if self.held > _HELD:
            self._write_all()

    def finish(self) -> dict[str, Part]:
        self._write_all()
        for writer in self.open.values():
            writer.close()
        if columns := order(self.one):
            _put_in_order([folder() / self._file(name) for name in self.open], self.one.schema, columns)
        for name in self.open:
            _sync(self._file(name))
        self.open = {}
        return {name: Part(self._file(name), rows) for name, rows in self.counts.items()}

    def close(self) -> None:
        """Let go of files that were not finished."""
        for writer in self.open.values():
            writer.close()

    def _write_all(self) -> None:
        for name, parts in self.waiting.items():
            self._writer(name).write_table(pa.Table.from_batches(parts, schema=self.one.schema))
        self.waiting.clear()
        self.held = 0

    def _writer(self, name: str) -> pq.ParquetWriter:
        if name not in self.open:
            path = folder() / self._file(name)
            path.parent.mkdir(parents=True, exist_ok=True)
            self.open[name] = _file_writer(path, self.one.schema)
        return self.open[name]

    def _file(self, name: str) -> str:
        return f"{self.one.name}/{name}/{self.token}.parquet"


def _split(batch: pa.RecordBatch) -> Iterator[tuple[str, pa.RecordBatch]]:
    """The batch's rows by partition, without the column that names it."""
    names = batch.column(PARTITION).dictionary_encode()
    order = pc.array_sort_indices(names.indices)
    sorted_rows, sizes = batch.drop_columns([PARTITION]).take(order), pc.value_counts(names.indices.take(order))
    start = 0
    for one in sizes.to_pylist():
        yield names.dictionary[one["values"]].as_py(), sorted_rows.slice(start, one["counts"])
        start += one["counts"]


def _put_in_order(files: Iterable[Path], schema: pa.Schema, columns: tuple[str, ...]) -> None:
    with TemporaryDirectory(prefix="ordering-", dir=folder()) as aside, _sorter(f"{aside}/spilt") as session:
        fresh = Path(aside) / "ordered"
        for file in files:
            rows = session.read_parquet(str(file)).order(", ".join(columns)).to_arrow_reader(_GROUP)
            with _file_writer(fresh, schema) as writer:
                for batch in rows:
                    writer.write_table(pa.Table.from_batches([batch]).cast(schema))
            fresh.replace(file)


def _sorter(spilling: str) -> duckdb.DuckDBPyConnection:
    return duckdb.connect(config={"memory_limit": _SORTING, "temp_directory": spilling})


def _file_writer(path: Path, schema: pa.Schema) -> pq.ParquetWriter:
    """Numbers and moments without a dictionary: they mostly name entries, of which each is another."""
    repeated = [one.name for one in schema if one.type not in {NUMBER, MOMENT}]
    return pq.ParquetWriter(path, schema, compression="zstd", use_dictionary=repeated)


def _sync(file: str) -> None:
    with (folder() / file).open("rb") as stream:
        os.fsync(stream.fileno())
