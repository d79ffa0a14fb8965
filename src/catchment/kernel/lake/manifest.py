"""What lies in the lake: one small file names every Parquet file that counts, and is replaced in one stroke."""

import json
import os
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Final

import pyarrow as pa
import pyarrow.parquet as pq

from catchment.kernel import database

_NAME: Final = "manifest.json"
_PREVIOUS: Final = "previous.json"
_PENDING: Final = "pending.json"


@dataclass(frozen=True, slots=True)
class Part:
    """One partition as it lies in the lake: its file, beneath the lake's folder, and how many rows it has."""

    file: str
    rows: int


@dataclass(slots=True)
class Held:
    """One table as it lies in the lake, as of PostgreSQL's `snapshot`; `digest` of the statement it was written by."""

    digest: str
    snapshot: str
    parts: dict[str, Part] = field(default_factory=dict)


@dataclass(slots=True)
class Manifest:
    """A state of the lake: what was read when from which database (`origin`). `full` only matters while it is made."""

    origin: str
    as_of: str = ""
    full: bool = False
    tables: dict[str, Held] = field(default_factory=dict)

    def files(self, table: str) -> list[Path]:
        """The table's Parquet files."""
        held = self.tables.get(table)
        return [folder() / part.file for part in held.parts.values()] if held else []


def folder() -> Path:
    """Where the lake lies: under `CATCHMENT_HOME`."""
    return database.home() / "lake"


def is_whole(part: Part) -> bool:
    """Whether a partition's file is there and its own footer tells as many rows."""
    try:
        return bool(pq.read_metadata(folder() / part.file).num_rows == part.rows)
    except (OSError, pa.ArrowException):
        return False


def current() -> Manifest | None:
    """The state that readers see; `None` before the first refresh, and where the file that tells it is damaged."""
    return _read(folder() / _NAME)


def pending() -> Manifest | None:
    """How far a refresh that was interrupted had come."""
    return _read(folder() / _PENDING)


def switch(state: Manifest) -> None:
    """Make a state the one that readers see, and take away what neither it nor the one before it names."""
    before = folder() / _NAME
    if before.exists():
        before.with_name(_PREVIOUS).write_bytes(before.read_bytes())
    _write(before, state)
    (folder() / _PENDING).unlink(missing_ok=True)
    for path in set(folder().rglob("*.parquet")) - set(_named()):
        path.unlink(missing_ok=True)


def keep_pending(state: Manifest) -> None:
    """Remember how far a refresh has come."""
    _write(folder() / _PENDING, state)


def _named() -> Iterator[Path]:
    for name in (_NAME, _PREVIOUS):
        state = _read(folder() / name)
        for table in state.tables if state else ():
            yield from state.files(table) if state else ()


def _read(path: Path) -> Manifest | None:
    try:
        told = json.loads(path.read_text(encoding="utf-8"))
        tables = {
            name: Held(held["digest"], held["snapshot"], {key: Part(**part) for key, part in held["parts"].items()})
            for name, held in told.pop("tables").items()
        }
        return Manifest(**told, tables=tables)
    except (FileNotFoundError, ValueError, LookupError, TypeError, AttributeError):
        return None


def _write(path: Path, state: Manifest) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_suffix(".new")
    with fresh.open("w", encoding="utf-8") as stream:
        json.dump(asdict(state), stream)
        stream.flush()
        os.fsync(stream.fileno())
    fresh.replace(path)
