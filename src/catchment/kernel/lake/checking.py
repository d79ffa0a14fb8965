"""Whether the lake says what the database says: counts and digests of every partition, each side by its own means.

PostgreSQL digests the rows of its views, DuckDB those of the files: the MD5 of each row's values as text, summed, so
that order does not matter and one changed value changes the sum. Real numbers are compared by their bits.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
from django.db import connection

from catchment.kernel.lake import manifest, refreshing
from catchment.kernel.lake.tables import FLAG, MOMENT, REAL, FactTable, tables

Digests = dict[str, tuple[int, int]]
Report = Callable[[str, int, int], None]
_HERE: Final = {
    MOMENT: "((extract(epoch from {0}) * 1000000)::bigint)::text",
    REAL: "(('x' || encode(float8send({0}), 'hex'))::bit(64)::bigint)::text",
    FLAG: "({0}::int)::text",
}
_THERE: Final = {MOMENT: "epoch_us({0})::varchar", FLAG: "({0}::int)::varchar"}


@dataclass(slots=True)
class Checked:
    """What a check found. `differing` are partitions whose rows are not the database's; `waiting` ones were passed
    over, for they changed since the last refresh.
    """

    as_of: str
    partitions: int = 0
    rows: int = 0
    waiting: list[str] = field(default_factory=list)
    differing: list[str] = field(default_factory=list)

    @property
    def sound(self) -> bool:
        return not self.differing


def check(*, report: Report = lambda *_: None) -> Checked:
    """Compare the whole lake with one snapshot of the database. Raises `LookupError` where there is no lake."""
    state = manifest.current()
    if state is None:
        raise LookupError
    done = Checked(state.as_of)
    with refreshing.reading() as moment:
        stale = refreshing.waiting(state, moment)
        for position, (name, one) in enumerate(tables().items(), 1):
            _compare(one, state, stale[name], done)
            report("checking", position, len(tables()))
    return done


def in_database(one: FactTable) -> Digests:
    """Rows and digest of each partition of a view."""
    row = _row(one, _HERE, "{0}::text")
    with connection.cursor() as cursor:
        cursor.execute(
            f"select {one.partition.sql()}, count(*), "  # noqa: S608 constants only
            f"sum(('x0' || left(md5(concat_ws(chr(31), {row})), 15))::bit(64)::bigint) from facts.{one.name} group by 1"
        )
        return {name: (rows, int(total)) for name, rows, total in cursor.fetchall()}


def in_lake(one: FactTable, parts: dict[str, manifest.Part]) -> Digests:
    """Rows and digest of each partition of files. A file that is missing or broken has neither."""
    row = _row(one, _THERE, "{0}::varchar")
    found: Digests = {}
    with duckdb.connect() as session:
        for name, part in parts.items():
            try:
                session.register("rows", _by_bits(manifest.folder() / part.file))
                answer: Any = session.execute(
                    "select count(*), coalesce(sum(('0x' || left(md5(concat_ws(chr(31), "  # noqa: S608 constants only
                    f"{row})), 15))::bigint), 0) from rows"
                ).fetchall()[0]
                session.unregister("rows")
            except (OSError, pa.ArrowInvalid, duckdb.OperationalError, duckdb.InvalidInputException):
                answer = (-1, 0)
            found[name] = (int(answer[0]), int(answer[1]))
    return found


def _compare(one: FactTable, state: manifest.Manifest, stale: set[str] | None, done: Checked) -> None:
    if stale is None:
        done.waiting.append(one.name)
        return
    held = state.tables[one.name].parts
    here, there = in_database(one), in_lake(one, {key: part for key, part in held.items() if key not in stale})
    done.waiting += [f"{one.name}/{name}" for name in sorted(stale)]
    for name in sorted((here.keys() | there.keys()) - stale):
        done.partitions += 1
        done.rows += here.get(name, (0, 0))[0]
        if here.get(name) != there.get(name):
            done.differing.append(f"{one.name}/{name}")


def _row(one: FactTable, spelled: Mapping[pa.DataType, str], usual: str) -> str:
    """The values of a row as texts, in SQL."""
    texts = (spelled.get(kind, usual).format(f'"{name}"') for name, kind in one.columns.items())
    return ", ".join(f"coalesce({text}, '~')" for text in texts)


def _by_bits(path: Any) -> pa.RecordBatchReader:
    """The rows of a file, real numbers as the whole numbers of the same bits."""
    source = pq.ParquetFile(path)
    fields = [one.with_type(pa.int64()) if one.type == REAL else one for one in source.schema_arrow]
    schema = pa.schema(fields)

    def converted() -> Iterator[pa.RecordBatch]:
        for batch in source.iter_batches():
            columns = [column.view(pa.int64()) if column.type == REAL else column for column in batch.columns]
            yield pa.record_batch(columns, schema=schema)

    return pa.RecordBatchReader.from_batches(schema, converted())
