"""Answers of the lake kept beside it, so that a process that begins need not ask again what another has asked."""

from collections.abc import Callable
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from shutil import rmtree
from tempfile import mkdtemp

import polars as pl
import pyarrow as pa

from catchment.kernel import database
from catchment.kernel.lake import manifest

FRESH_MINUTES = 5
Frames = dict[str, pl.DataFrame]


def mark() -> str:
    """The state of the lake that answers now; empty where it was never filled."""
    state = manifest.current()
    return state.as_of if state else ""


def moment_of(now: datetime) -> datetime:
    """The beginning of the few minutes for which an answer about now is kept."""
    return now.replace(minute=now.minute - now.minute % FRESH_MINUTES, second=0, microsecond=0)


def frame_of(rows: pa.Table) -> pl.DataFrame:
    """The rows of an answer of the lake for further reckoning."""
    return pl.DataFrame(pl.from_arrow(rows))


def kept(name: str, told: bytes, ask: Callable[[], Frames]) -> Frames:
    """The frames that were kept for exactly this question, else those that `ask` gives, kept from now on.

    `told` is everything the answer hangs on, the lake's mark included; what was kept under the name before is let go.
    """
    folder = database.home() / "lake-answers" / f"{name}-{sha256(told).hexdigest()[:16]}"
    if not folder.exists():
        _keep(folder, name, ask())
    return {path.stem: pl.read_parquet(path) for path in folder.glob("*.parquet")}


def _keep(folder: Path, name: str, frames: Frames) -> None:
    """Written aside and put in place in one stroke; where another process was first, its answer is the same."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    aside = Path(mkdtemp(dir=folder.parent))
    for part, frame in frames.items():
        frame.write_parquet(aside / f"{part}.parquet")
    try:
        aside.rename(folder)
    except OSError:
        rmtree(aside, ignore_errors=True)
    for old in folder.parent.glob(f"{name}-*"):
        if old != folder:
            rmtree(old, ignore_errors=True)
