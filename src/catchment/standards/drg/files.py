"""Grouping a whole file: one row out for each row in, in order, by several threads where the file is large."""

from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any

import pyarrow.parquet

from catchment.standards.drg import blocks, grouping, store, writing
from catchment.standards.drg.blocks import CSV, JSON_LINES, PARQUET, Piece
from catchment.standards.drg.columns import OUTPUT, Engine
from catchment.standards.drg.reading import FileError
from catchment.standards.whole import written_whole

SPREAD_FROM = 64 << 20
PROBLEMS_KEPT = 50


@dataclass(frozen=True)
class Job:
    """How a file is grouped; one below `spread_from` bytes is grouped by one thread alone."""

    scheme: str
    home: Path
    form: str
    clinical: bool = False
    threads: int = 2
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

    content: Any
    statuses: Counter[str]
    problems: list[dict[str, Any]]


class Worker:
    """The engine of a job; its threads share it."""

    def __init__(self, job: Job) -> None:
        self.job = job
        self.engine = Engine(store.opened(job.scheme, job.home))
        forms: dict[str, Callable[[Any], Any]] = {JSON_LINES: writing.json_lines, CSV: writing.csv_rows}
        self.encoded = forms.get(job.form, writing.plain)

    def work(self, piece: Piece) -> Done:
        """Group one part of a file."""
        content, problems, statuses = [], [], Counter[str]()
        for block in blocks.blocks(piece):
            table = self.engine.group(block.table, clinical=self.job.clinical, rejected=block.mask())
            for row, reason in islice(block.rejected.items(), PROBLEMS_KEPT):
                told = {"row": statuses.total() + row + 1, "id": table["id"][row].as_py(), "reason": reason}
                problems.append(told)
            statuses.update({one["values"]: one["counts"] for one in table["status"].value_counts().to_pylist()})
            content.append(self.encoded(table))
        return Done(content, statuses, problems[:PROBLEMS_KEPT])


def run(source: Path, target: Path, job: Job) -> Account:
    """Group `source` into `target`, which appears whole or not at all. Raises `FileError` and `store.SchemeError`."""
    if target.exists() and target.samefile(source):
        raise FileError(f"{target} is the file that is read; name another one for the groups")
    account = Account()
    found = blocks.pieces(source, job.block_bytes)
    threads = 1 if source.stat().st_size < job.spread_from else job.threads
    try:
        with written_whole(target) as partial, _writer(partial, job.form) as write:
            for done in _spread(found, Worker(job), threads):
                for content in done.content:
                    write(content)
                account.problems += [{**one, "row": one["row"] + account.read} for one in done.problems]
                account.problems = account.problems[:PROBLEMS_KEPT]
                account.statuses += done.statuses
    except OSError as error:
        raise FileError(f"{target} cannot be written: {error.strerror}") from None
    return account


def _spread(found: Iterable[Piece], worker: Worker, threads: int) -> Iterator[Done]:
    """The parts in order, a bounded number of them under way. Reading and looking codes up run without the lock."""
    waiting: deque[Future[Done]] = deque()
    with ThreadPoolExecutor(threads) as pool:
        for piece in found:
            waiting.append(pool.submit(worker.work, piece))
            if len(waiting) > threads:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()


@contextmanager
def _writer(path: Path, form: str) -> Iterator[Callable[[Any], Any]]:
    if form == PARQUET:
        with pyarrow.parquet.ParquetWriter(path, OUTPUT) as parquet:
            yield parquet.write_table
        return
    with path.open("wb") as file:
        if form == CSV:
            file.write((",".join(OUTPUT.names) + "\n").encode())
        yield file.write
