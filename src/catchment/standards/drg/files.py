"""Grouping a whole file: one row out for each row in, in order, on several processes where the file is large."""

import io
from collections import Counter, deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import polars as pl
import pyarrow as pa
import pyarrow.parquet

from catchment.standards.drg import blocks, grouping, store
from catchment.standards.drg.blocks import CSV, JSON_LINES, Piece
from catchment.standards.drg.columns import OUTPUT, Engine
from catchment.standards.drg.reading import FileError

SPREAD_FROM = 64 << 20
AHEAD = 2
PROBLEMS_KEPT = 50


@dataclass(frozen=True)
class Job:
    """What every process has to know; a file below `spread_from` bytes is grouped in this process alone."""

    scheme: str
    home: Path
    form: str
    clinical: bool = False
    block_bytes: int = blocks.BLOCK_BYTES
    spread_from: int = SPREAD_FROM


@dataclass
class Account:
    """What became of the rows: `read` is always the sum of the statuses; `problems` holds the first rejections."""

    statuses: Counter[str] = field(default_factory=Counter)
    problems: list[dict[str, Any]] = field(default_factory=list)

    @property
    def read(self) -> int:
        return self.statuses.total()

    def told(self) -> dict[str, int]:
        """The counts by name."""
        names = (grouping.AMBIGUOUS, grouping.UNGROUPED, grouping.INVALID, grouping.REJECTED)
        grouped = {"read": self.read, "grouped": self.statuses[grouping.OK]}
        return grouped | {name: self.statuses[name] for name in names}


@dataclass(frozen=True)
class Done:
    """A part of the file grouped: its output in the target's form, and its share of the account."""

    content: bytes
    statuses: Counter[str]
    problems: list[dict[str, Any]]


class Worker:
    """One process's engine."""

    current: "Worker"

    def __init__(self, job: Job) -> None:
        self.job = job
        self.engine = Engine(store.opened(job.scheme, job.home))

    def work(self, piece: Piece) -> Done:
        """Group one part of a file."""
        tables, problems, statuses = [], [], Counter[str]()
        for block in blocks.blocks(piece):
            table = self.engine.group(block.table, clinical=self.job.clinical, rejected=block.mask())
            before = statuses.total()
            ids = table["id"]
            for row, reason in list(block.rejected.items())[:PROBLEMS_KEPT]:
                problems.append({"row": before + row + 1, "id": ids[row].as_py(), "reason": reason})
            statuses.update({one["values"]: one["counts"] for one in table["status"].value_counts().to_pylist()})
            tables.append(table.cast(OUTPUT))
        whole = pa.concat_tables(tables) if tables else OUTPUT.empty_table()
        return Done(_encoded(whole, self.job.form), statuses, problems[:PROBLEMS_KEPT])


def run(source: Path, target: Path, job: Job, *, processes: int = 2) -> Account:
    """Group `source` into `target`, which appears whole or not at all. Raises `FileError` and `store.SchemeError`."""
    account = Account()
    found = blocks.pieces(source, job.block_bytes)
    small = source.stat().st_size < job.spread_from or processes == 1
    partial = target.with_name(target.name + ".partial")
    try:
        with _writer(partial, job.form) as write:
            for done in _here(found, job) if small else _spread(found, job, processes):
                write(done.content)
                account.problems += [{**one, "row": one["row"] + account.read} for one in done.problems]
                account.problems = account.problems[:PROBLEMS_KEPT]
                account.statuses += done.statuses
        partial.replace(target)
    except OSError as error:
        raise FileError(f"{target} cannot be written: {error.strerror}") from None
    finally:
        partial.unlink(missing_ok=True)
    return account


def _here(found: Iterable[Piece], job: Job) -> Iterator[Done]:
    worker = Worker(job)
    return (worker.work(piece) for piece in found)


def _spread(found: Iterable[Piece], job: Job, processes: int) -> Iterator[Done]:
    """The parts in order, a bounded number of them under way."""
    waiting: deque[Future[Done]] = deque()
    with ProcessPoolExecutor(processes, get_context("spawn"), initializer=_begin, initargs=(job,)) as pool:
        for piece in found:
            waiting.append(pool.submit(_work, piece))
            if len(waiting) >= processes * AHEAD:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()


def _begin(job: Job) -> None:
    pa.set_cpu_count(1)
    Worker.current = Worker(job)


def _work(piece: Piece) -> Done:
    return Worker.current.work(piece)


def _encoded(table: Any, form: str) -> bytes:
    out = io.BytesIO()
    if form == JSON_LINES:
        pl.DataFrame(pl.from_arrow(table)).write_ndjson(out)
    elif form == CSV:
        pl.DataFrame(pl.from_arrow(table)).write_csv(out, include_header=False)
    else:
        with pa.ipc.new_stream(out, OUTPUT) as stream:
            stream.write_table(table)
    return out.getvalue()


@contextmanager
def _writer(path: Path, form: str) -> Iterator[Any]:
    if form in (JSON_LINES, CSV):
        with path.open("wb") as file:
            if form == CSV:
                file.write((",".join(OUTPUT.names) + "\n").encode())
            yield file.write
        return
    with pyarrow.parquet.ParquetWriter(path, OUTPUT) as parquet:
        yield lambda content: parquet.write_table(pa.ipc.open_stream(content).read_all())
