"""Statements that were compiled once: kept in this process, and under `CATCHMENT_HOME` for the next one.

Compiling takes seconds. What is kept is named by a digest of all it is made from, and so is never used for anything
else.
"""

import base64
import hashlib
import json
import os
import shutil
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache
from importlib.metadata import version
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any

import pyarrow as pa

import catchment
from catchment.kernel import database, lake

_MOST = 8
"""Sets of statements that are kept on disk, the ones last written."""
_SOURCES = ("standards/risk", "standards/analytics", "rooms/screening/rules", "rooms/screening/queries")
_kept: dict[str, "Question"] = {}


@dataclass(frozen=True, slots=True)
class Question:
    """One statement with its marks, and the schema of its answer."""

    text: str
    wanted: pa.Schema


def mark_of(parts: Iterable[Any]) -> str:
    """The digest of what statements are made from: `parts`, which go into JSON, the code, and the published tables."""
    made_from = [*parts, _code(), *(str(lake.table(name).schema()) for name in sorted(lake.tables()))]
    return hashlib.sha256(json.dumps(made_from, sort_keys=True, default=str).encode()).hexdigest()[:32]


def question(mark: str, name: str, make: Callable[[], Question]) -> Question:
    """The statement of this name under the mark, made only where nobody has made it before; never kept without mark."""
    if not mark:
        return make()
    place = f"{mark}/{name}"
    if place not in _kept:
        _kept[place] = _read(place) or _written(place, make())
    return _kept[place]


@cache
def _code() -> str:
    """A digest of this installation's own compiling: its files, and the versions of what it compiles with."""
    root = Path(catchment.__path__[0])
    files = sorted(
        path for folder in _SOURCES for path in (root / folder).rglob("*") if path.suffix in {".py", ".yaml"}
    )
    told = hashlib.sha256(" ".join(version(name) for name in ("catchment", "ibis-framework", "sqlglot")).encode())
    for path in files:
        told.update(path.read_bytes())
    return told.hexdigest()


def _folder() -> Path:
    return database.home() / "compiled" / "screening"


def _read(place: str) -> Question | None:
    """What lies there; `None` where nothing lies or it cannot be read, for it can always be made anew."""
    try:
        told = json.loads((_folder() / f"{place}.json").read_bytes())
        return Question(told["text"], pa.ipc.read_schema(pa.py_buffer(base64.b64decode(told["wanted"]))))
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _written(place: str, made: Question) -> Question:
    """Keep it for the next process; one that may not write there goes without."""
    path = _folder() / f"{place}.json"
    told = {"text": made.text, "wanted": base64.b64encode(made.wanted.serialize().to_pybytes()).decode()}
    try:
        if not path.parent.exists():
            path.parent.mkdir(parents=True)
            _clear()
        with NamedTemporaryFile("w", dir=path.parent, delete=False) as stream:
            json.dump(told, stream)
        os.replace(stream.name, path)  # noqa: PTH105
    except OSError:
        return made
    return made


def _clear() -> None:
    sets = sorted(_folder().iterdir(), key=lambda path: path.stat().st_mtime, reverse=True)
    for path in sets[_MOST:]:
        shutil.rmtree(path, ignore_errors=True)
