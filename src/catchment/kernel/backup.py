"""Keeping a copy of everything, and making it whole again: base backup, write-ahead log, files, seals, key."""

import json
import os
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psycopg
from django.db import connection
from psycopg import sql

from catchment.kernel import database

BASE, WAL, MANIFEST, TAKEN = "base", "wal", "manifest.json", "backups.jsonl"
BESIDE = ("files", "audit", "secret-key", "application-password")
ARCHIVE = "wal-archive"
LONGEST_RECOVERY = 3600
ORPHANS = "select count(*) from {} c where {} is not null and not exists (select from {} p where p.{} = c.{})"
RECOVERY = """
restore_command = 'cp "{wal}/%f" "%p"'
recovery_target_timeline = 'latest'
recovery_target_action = 'promote'
{target}
"""


class CannotBackUp(Exception):  # noqa: N818 an answer, not a defect
    """What stands in the way, in words that say the way out."""


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a backup holds. `counts` are rows by table before and after it was taken, between which it stands."""

    taken_at: str
    ended_at: str
    server: str
    migrations: int
    counts: dict[str, tuple[int, int]]
    bytes: int


def take(folder: Path, *, now: datetime) -> Manifest:
    """Copy the running database, and what lies beside it, into a new folder under `folder`.

    From the first backup on the embedded server also hands every finished piece of its log to the newest one, so that
    any later moment can be restored. Raises `CannotBackUp`; nothing half-written is left behind.
    """
    target = folder / f"catchment-{now.astimezone(UTC):%Y%m%dT%H%M%SZ}"
    if target.exists():
        raise CannotBackUp(f"{target} 已存在 · exists already")
    target.mkdir(parents=True, mode=0o700)
    try:
        before = _counts()
        (target / WAL).mkdir(mode=0o700)
        _hand_on(target / WAL)
        _run("pg_basebackup", "-D", target / BASE, "-X", "stream", "-c", "fast", "--no-manifest", *_reach())
        _beside(database.home(), target)
        manifest = _manifest(target, before, now)
    except BaseException:
        shutil.rmtree(target, ignore_errors=True)
        raise
    _note(target, manifest)
    return manifest


def restore(taken: Path, home: Path, *, at: datetime | None = None) -> None:
    """Make a backup whole in an empty home folder, as it was at its end or at the moment `at`; its server then rests.

    Raises `CannotBackUp` for a folder that is no backup, a home that holds something, or a moment it cannot reach.
    """
    manifest = read(taken)
    if home.exists() and any(home.iterdir()):
        raise CannotBackUp(f"{home} 不是空文件夹，请换一个 · is not empty: name another folder")
    if at is not None and at < datetime.fromisoformat(manifest.ended_at):
        raise CannotBackUp(
            f"{manifest.ended_at} 之前的时间请用更早的备份 · for a moment before that use an earlier backup"
        )
    home.mkdir(parents=True, exist_ok=True)
    shutil.copytree(taken / BASE, home / "postgres", symlinks=True)
    _beside(taken, home)
    _recover(home / "postgres", taken / WAL, at)
    database.give_to_server(home / "postgres")
    (home / "postgres").chmod(0o700)
    _start(home, at)


def read(taken: Path) -> Manifest:
    """What a backup says of itself; `CannotBackUp` when the folder is none."""
    path = taken / MANIFEST
    if not path.exists():
        raise CannotBackUp(f"{taken} 不是备份文件夹 · is not a backup: {MANIFEST} is missing")
    held = json.loads(path.read_text(encoding="utf-8"))
    return Manifest(**{**held, "counts": {table: tuple(pair) for table, pair in held["counts"].items()}})


def newest(folder: Path) -> Path:
    """The newest backup under a folder, or the folder itself when it is one."""
    if (folder / MANIFEST).exists():
        return folder
    found = sorted(path.parent for path in folder.glob(f"catchment-*/{MANIFEST}"))
    if not found:
        raise CannotBackUp(f"{folder} 里没有备份 · holds no backup")
    return found[-1]


def last_taken() -> datetime | None:
    """When the last backup of this home was taken; `None` when there was none."""
    path = database.home() / TAKEN
    lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    return datetime.fromisoformat(json.loads(lines[-1])["taken_at"]) if lines else None


def counts() -> dict[str, int]:
    """Rows by table, of every table of the schema."""
    return _counts()


def orphans() -> Iterator[tuple[str, int]]:
    """Every foreign key with how many of its rows point at nothing."""
    with connection.cursor() as cursor:
        cursor.execute("set statement_timeout = 0")
        cursor.execute(
            "select conname, conrelid::regclass::text, a.attname, confrelid::regclass::text, b.attname"
            " from pg_constraint c join pg_attribute a on a.attrelid = conrelid and a.attnum = conkey[1]"
            " join pg_attribute b on b.attrelid = confrelid and b.attnum = confkey[1]"
            " where contype = 'f' and cardinality(conkey) = 1 and connamespace = 'public'::regnamespace order by 1"
        )
        for name, child, column, parent, key in cursor.fetchall():
            statement = sql.SQL(ORPHANS)
            parts = map(sql.Identifier, (child.strip('"'), column, parent.strip('"'), key, column))
            cursor.execute(statement.format(*parts))
            yield name, cursor.fetchone()[0]


def _counts() -> dict[str, int]:
    with connection.cursor() as cursor:
        cursor.execute("set statement_timeout = 0")
        tables = connection.introspection.table_names(cursor)
        found = {}
        for table in sorted(tables):
            cursor.execute(sql.SQL("select count(*) from {}").format(sql.Identifier(table)))
            found[table] = cursor.fetchone()[0]
    return found


def _manifest(target: Path, before: dict[str, int], now: datetime) -> Manifest:
    after = _counts()
    with connection.cursor() as cursor:
        cursor.execute("select version(), clock_timestamp(), (select count(*) from django_migrations)")
        server, ended, migrations = cursor.fetchone()
    size = sum(path.stat().st_size for path in target.rglob("*") if path.is_file())
    both = {table: sorted((count, after.get(table, 0))) for table, count in before.items()}
    pairs = {table: (least, most) for table, (least, most) in both.items()}
    manifest = Manifest(now.isoformat(), ended.isoformat(), server, migrations, pairs, size)
    (target / MANIFEST).write_text(json.dumps(asdict(manifest), indent=1), encoding="utf-8")
    return manifest


def _note(target: Path, manifest: Manifest) -> None:
    with (database.home() / TAKEN).open("a", encoding="utf-8") as file:
        file.write(json.dumps({"taken_at": manifest.taken_at, "folder": target.name}) + "\n")


def _hand_on(folder: Path) -> None:
    """Let the embedded server hand its log to this folder from now on; a server of your own does as its keeper set."""
    if not database.is_embedded():
        return
    database.give_to_server(folder)
    link = database.home() / ARCHIVE
    link.unlink(missing_ok=True)
    link.symlink_to(folder.resolve(), target_is_directory=True)
    with connection.cursor() as cursor:
        cursor.execute("show archive_mode")
        if cursor.fetchone()[0] == "on":
            return
    connection.close_pool()  # type: ignore[attr-defined]
    database.keep_log()


def _reach() -> tuple[str, ...]:
    held = connection.settings_dict
    named = (("-h", held["HOST"]), ("-p", held["PORT"]), ("-U", held["USER"]))
    return tuple(str(part) for flag, value in named if value for part in (flag, value))


def _run(program: str, *arguments: object) -> None:
    environment = {**os.environ, "PGPASSWORD": connection.settings_dict.get("PASSWORD") or ""}
    done = subprocess.run(
        [str(database.programs() / program), *map(str, arguments)],
        env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
    if done.returncode:
        raise CannotBackUp(f"{program}: {done.stderr.strip()[-400:]}")


def _beside(source: Path, target: Path) -> None:
    for name in BESIDE:
        if (source / name).is_dir():
            shutil.copytree(source / name, target / name, dirs_exist_ok=True)
        elif (source / name).exists():
            shutil.copy2(source / name, target / name)


def _recover(data: Path, wal: Path, at: datetime | None) -> None:
    for name in ("postmaster.pid", "postmaster.opts", "standby.signal", "log", ".s.PGSQL.5432.lock"):
        (data / name).unlink(missing_ok=True)
    (data / "recovery.signal").touch()
    target = "recovery_target = 'immediate'" if at is None else f"recovery_target_time = '{at.isoformat()}'"
    with (data / "postgresql.auto.conf").open("a", encoding="utf-8") as file:
        command = database.log_command(data.parent).replace("'", "''")
        file.write(f"archive_command = '{command}'\n" + RECOVERY.format(wal=wal.resolve(), target=target))


def _start(home: Path, at: datetime | None) -> None:
    log = home / "postgres" / "log"
    with _at_home(home):
        try:
            database.ensure_running()
            _wait_until_whole(home)
            database.stop()
        except Exception as error:
            raise CannotBackUp(_why(log, at)) from error


def _wait_until_whole(home: Path) -> None:
    """Until the log has been played and the server takes writes; each try is a connection of its own."""
    named = database.embedded_settings(home)
    where = {"host": named["HOST"], "dbname": named["NAME"], "user": named["USER"]}
    deadline = time.monotonic() + LONGEST_RECOVERY
    while not _is_whole(where):
        if time.monotonic() > deadline:
            raise TimeoutError
        time.sleep(0.2)


def _is_whole(where: dict[str, Any]) -> bool:
    try:
        with psycopg.connect(**where, autocommit=True, connect_timeout=5) as session:
            answer = session.execute("select not pg_is_in_recovery()").fetchone()
    except psycopg.OperationalError as error:
        if "starting up" in str(error) or "not yet accepting" in str(error):
            return False
        raise
    return bool(answer and answer[0])


def _why(log: Path, at: datetime | None) -> str:
    told = log.read_text(encoding="utf-8", errors="replace")[-2000:] if log.exists() else ""
    if at is not None and "before configured recovery target" in told:
        return f"日志不到 {at.isoformat()} · the log does not reach that moment"
    return "恢复的数据库没有起来 · the restored server did not start: " + told.strip()[-300:]


@contextmanager
def _at_home(home: Path) -> Iterator[None]:
    before = {name: os.environ.get(name) for name in (database.HOME_VARIABLE, database.URL_VARIABLE)}
    os.environ[database.HOME_VARIABLE] = str(home)
    os.environ.pop(database.URL_VARIABLE, None)
    try:
        yield
    finally:
        for name, value in before.items():
            _set(name, value)


def _set(name: str, value: Any) -> None:
    if value is None:
        os.environ.pop(name, None)
    else:
        os.environ[name] = value
