"""Bringing the lake up to the database: only what was touched since, of one snapshot, switched in one stroke.

A table is brought from the snapshot it was last read at to that of this refresh: the partitions that the log names in
between, and those whose file is missing or cut off, are written anew. An interrupted refresh keeps the tables it has
finished, each with its own snapshot, and the next one goes on from there; readers see the old lake until the last table
is done.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from time import perf_counter
from typing import Any, Final
from uuid import uuid4

from django.db import connection, transaction

from catchment.kernel.lake import manifest, writing
from catchment.kernel.lake.manifest import Held, Manifest
from catchment.kernel.lake.tables import EVERY, FactTable, tables
from catchment.kernel.lake.views import LOG, feeds_by_table

Report = Callable[[str, int, int], None]
_LOCK: Final = 471103
_MOMENT: Final = """select pg_current_snapshot()::text, to_char(now(), 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')"""
_ORIGIN: Final = """
    select concat_ws('/', lake_origin(), left(pg_walfile_name(pg_current_wal_lsn()), 8),
        md5(string_agg(to_regclass(name)::oid::text, ' ' order by name)))
    from unnest(%s::text[]) name
"""
"""Names a database: by chance when it was founded, by its timeline after a restore, by the numbers that its tables have
in this server after a dump was read in. In each of these cases a snapshot of before says nothing.
"""
_WAITING: Final = f"""
    select distinct partition from {LOG} where fact = %s and not pg_visible_in_snapshot(xid::xid8, %s::pg_snapshot)
"""  # noqa: S608 constants only


class Busy(Exception):  # noqa: N818 an answer to whoever asked
    """Another refresh of this database is at work."""


@dataclass(frozen=True, slots=True)
class Snapshot:
    """One moment of the database: `mark` is PostgreSQL's own name for it, `at` its time in UTC (ISO 8601)."""

    origin: str
    mark: str
    at: str


@dataclass(slots=True)
class Refreshed:
    """What a refresh has written: partitions and rows by table, and how long each took in seconds."""

    as_of: str
    full: bool = False
    partitions: dict[str, int] = field(default_factory=dict)
    rows: dict[str, int] = field(default_factory=dict)
    seconds: dict[str, float] = field(default_factory=dict)


def refresh(*, full: bool = False, report: Report = lambda *_: None) -> Refreshed:
    """Bring the lake up to the present; `full` writes every partition anew. Raises `Busy` while another is at work.

    Acts with the rights of the connection, which must see everything. `report` is told a table, the rows written,
    and how many are expected.
    """
    with _only_one():
        with reading() as moment:
            state = _begun(moment, full=full)
            done = Refreshed(moment.at, state.full)
            for one in tables().values():
                _bring(one, state, moment, done, report)
                manifest.keep_pending(state)
        state.as_of, state.full = moment.at, False
        manifest.switch(state)
        forget(moment.mark)
    return done


def waiting(state: Manifest, moment: Snapshot) -> dict[str, set[str] | None]:
    """For each table the partitions that changed between its snapshot and the moment; `None` for all of them."""
    found: dict[str, set[str] | None] = {}
    for name, one in tables().items():
        held = state.tables.get(name)
        found[name] = None
        if held and state.origin == moment.origin and held.digest == digest(one):
            touched = {partition for (partition,) in _asked(_WAITING, [name, held.snapshot])}
            found[name] = None if EVERY in touched else touched
    return found


@contextmanager
def reading() -> Iterator[Snapshot]:
    """One snapshot of the database for the time of the `with`, however long; outside of any transaction."""
    with transaction.atomic(durable=True):
        with connection.cursor() as cursor:
            cursor.execute("set transaction isolation level repeatable read")
            for name in ("statement_timeout", "idle_in_transaction_session_timeout"):
                cursor.execute(f"set local {name} = 0")
            cursor.execute("set local timezone = 'UTC'")
        mark, at = _asked(_MOMENT, [])[0]
        yield Snapshot(_asked(_ORIGIN, [[LOG, *feeds_by_table()]])[0][0], mark, at)


def forget(mark: str) -> None:
    """Empty the log of what a snapshot had seen."""
    with connection.cursor() as cursor:
        cursor.execute(f"delete from {LOG} where pg_visible_in_snapshot(xid::xid8, %s::pg_snapshot)", [mark])  # noqa: S608


def digest(one: FactTable) -> str:
    """Tells one way of stating a table from another, so that the lake follows a change of the statement."""
    told = (one.sql, str(one.schema), one.partition.sql(), *writing.order(one))
    return sha256("\n".join(told).encode()).hexdigest()[:16]


def _begun(moment: Snapshot, *, full: bool) -> Manifest:
    """Where to go on from: an interrupted refresh, else what readers see, else nothing."""
    left, seen = manifest.pending(), manifest.current()
    if left and left.origin == moment.origin and (left.full or not full):
        return left
    if seen and seen.origin == moment.origin and not full:
        return seen
    return Manifest(moment.origin, full=True)


def _bring(one: FactTable, state: Manifest, moment: Snapshot, done: Refreshed, report: Report) -> None:
    began = perf_counter()
    touched = waiting(state, moment)[one.name]
    held = state.tables.get(one.name) or Held(digest(one), moment.mark)
    if touched is not None:
        touched |= {key for key, part in held.parts.items() if not manifest.is_whole(part)}
    parts = {} if touched is None else {key: part for key, part in held.parts.items() if key not in touched}
    if touched is None or touched:
        expected = sum(part.rows for part in held.parts.values())
        fresh = writing.export(one, touched, uuid4().hex[:12], lambda rows: report(one.name, rows, max(rows, expected)))
        parts |= fresh
        done.partitions[one.name] = len(fresh)
        done.rows[one.name] = sum(part.rows for part in fresh.values())
        done.seconds[one.name] = round(perf_counter() - began, 3)
    state.tables[one.name] = Held(digest(one), moment.mark, dict(sorted(parts.items())))


@contextmanager
def _only_one() -> Iterator[None]:
    if not _asked("select pg_try_advisory_lock(%s)", [_LOCK])[0][0]:
        raise Busy
    try:
        yield
    finally:
        if connection.connection is not None and not connection.connection.closed:
            _asked("select pg_advisory_unlock(%s)", [_LOCK])


def _asked(statement: str, values: list[Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return list(cursor.fetchall())
