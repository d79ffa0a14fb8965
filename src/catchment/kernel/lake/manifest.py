"""What lies in the lake: one small file names every Parquet file that counts, and is replaced in one stroke."""

import json
import os
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Final

from catchment.kernel import database

_NAME: Final = "manifest.json"
_PENDING: Final = "pending.json"


@dataclass(frozen=True, slots=True)
class Part:
    """One partition as it lies in the lake: its file, beneath the lake's folder, and how many rows it has."""

    file: str
    rows: int


@dataclass(slots=True)
class Manifest:
    """A state of the lake. `snapshot` is PostgreSQL's own, in the database named by `origin`; `as_of` its moment."""

    origin: str
    snapshot: str
    as_of: str
    tables: dict[str, dict[str, Part]] = field(default_factory=dict)

    def files(self, table: str) -> list[Path]:
        """The table's Parquet files."""
        return [folder() / part.file for part in self.tables.get(table, {}).values()]


def folder() -> Path:
    """Where the lake lies: under `CATCHMENT_HOME`."""
    return database.home() / "lake"


def current() -> Manifest | None:
    """The state that readers see; `None` before the first refresh."""
    return _read(folder() / _NAME)


def pending() -> Manifest | None:
    """How far a refresh that was interrupted had come."""
    return _read(folder() / _PENDING)


def switch(state: Manifest) -> None:
    """Make a state the one that readers see, durably."""
    _write(folder() / _NAME, state)
    (folder() / _PENDING).unlink(missing_ok=True)


def keep_pending(state: Manifest) -> None:
    """Remember how far a refresh has come."""
    _write(folder() / _PENDING, state)


def _read(path: Path) -> Manifest | None:
    if not path.exists():
        return None
    told = json.loads(path.read_text(encoding="utf-8"))
    told["tables"] = {
        name: {key: Part(**part) for key, part in parts.items()} for name, parts in told["tables"].items()
    }
    return Manifest(**told)


def _write(path: Path, state: Manifest) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_suffix(".new")
    with fresh.open("w", encoding="utf-8") as stream:
        json.dump(asdict(state), stream)
        stream.flush()
        os.fsync(stream.fileno())
    fresh.replace(path)
