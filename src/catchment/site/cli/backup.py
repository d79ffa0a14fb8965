"""Backing up, restoring, and rehearsing both."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from catchment.site.cli import running
from catchment.site.cli.output import AsJson, CommandError, show_json, show_table

Folder = Annotated[Path, typer.Argument(help="The folder that holds the backups, or one backup.")]


def backup(folder: Folder, as_json: AsJson = False) -> None:
    """Copy database, log, files, seals and key into a new folder under FOLDER, while everything goes on."""
    running.ready()
    from catchment.kernel import backup as keeping
    from catchment.kernel import clock

    with _clear():
        manifest = keeping.take(folder, now=clock.now())
    line = {
        "folder": str(keeping.newest(folder)), "taken_at": manifest.taken_at, "ended_at": manifest.ended_at,
        "tables": len(manifest.counts), "bytes": manifest.bytes,
    }  # fmt: skip
    _show([line], as_json)


def rehearse(folder: Folder, as_json: AsJson = False) -> None:
    """Restore the newest backup elsewhere, prove audit, counts and foreign keys, say how long it took, remove it."""
    running.connect()
    from catchment.kernel import backup as keeping

    with _clear(), tempfile.TemporaryDirectory(prefix="catchment-rehearsal-", ignore_cleanup_errors=True) as place:
        home = Path(place) / "home"
        taken = keeping.newest(folder)
        began = time.monotonic()
        keeping.restore(taken, home)
        lines = [_line("restore", began, "ok")]
        try:
            lines += _proofs(home, keeping.read(taken))
        finally:
            _elsewhere(home, "stop")
            shutil.rmtree(home, ignore_errors=True)
    _show(lines, as_json)
    if any(line["found"] != "ok" for line in lines):
        raise typer.Exit(1)


def restore(
    folder: Folder,
    into: Annotated[Path, typer.Option(help="An empty folder that becomes the new CATCHMENT_HOME.")],
    at: Annotated[str, typer.Option(help="A moment after the backup, as 2025-12-31T08:00:00+08:00.")] = "",
    as_json: AsJson = False,
) -> None:
    """Make the newest backup of FOLDER whole in another home, as it was at its end or at a moment after it."""
    running.connect()
    from catchment.kernel import backup as keeping

    with _clear():
        keeping.restore(keeping.newest(folder), into.resolve(), at=_moment(at))
    _show([{"home": str(into.resolve()), "state": "restored", "at": at or "end of backup"}], as_json)


def backup_checks() -> None:
    """What a rehearsal asks of the restored database: rows by table, and rows that point at nothing."""
    running.connect()
    from catchment.kernel import backup as keeping

    show_json({"counts": keeping.counts(), "orphans": {name: count for name, count in keeping.orphans() if count}})


def _proofs(home: Path, manifest: Any) -> Iterator[dict[str, Any]]:
    began = time.monotonic()
    proven = _elsewhere(home, "audit", "verify", "--json")
    yield _line("audit", began, "ok" if proven.returncode == 0 else "broken")
    began = time.monotonic()
    told = json.loads(_elsewhere(home, "backup-checks").stdout)
    off = [name for name, (least, most) in manifest.counts.items() if not least <= told["counts"].get(name, -1) <= most]
    yield _line("counts and foreign keys", began, ", ".join([*off, *told["orphans"]]) or "ok")


def _elsewhere(home: Path, *command: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "CATCHMENT_HOME": str(home)}
    environment.pop("DATABASE_URL", None)
    return subprocess.run(
        [sys.executable, "-m", "catchment", *command], env=environment, capture_output=True, text=True, check=False
    )


def _line(part: str, began: float, found: str) -> dict[str, Any]:
    return {"part": part, "seconds": round(time.monotonic() - began, 1), "found": found}


def _moment(text: str) -> datetime | None:
    if not text:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise CommandError(f"--at {text}: 时间应写作 2025-12-31T08:00:00+08:00 · write it so") from None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


@contextmanager
def _clear() -> Iterator[None]:
    from catchment.kernel.backup import CannotBackUp

    try:
        yield
    except CannotBackUp as refusal:
        raise CommandError(str(refusal)) from None


def _show(lines: list[dict[str, Any]], as_json: bool) -> None:
    if as_json:
        show_json(lines)
    else:
        show_table(lines)
