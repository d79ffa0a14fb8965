"""Indexes and constraints of the large tables: taken off before a bulk load, put back after it."""

from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from typing import Any

from psycopg import sql

from catchment.twin.loading.copying import Address, Connection, connect

_SESSIONS = 2
_CONSTRAINTS = """
    select conrelid::regclass::text, conname, contype::text, pg_get_constraintdef(oid)
    from pg_constraint where conrelid = any(%s::regclass[]) and contype in ('f', 'u') order by 1, 2
"""
_INDEXES = """
    select indrelid::regclass::text, indexrelid::regclass::text, 'i', pg_get_indexdef(indexrelid)
    from pg_index where indrelid = any(%s::regclass[])
    and not exists (select from pg_constraint where conindid = indexrelid and contype in ('p', 'u', 'x'))
    order by 1, 2
"""
_PRESENT = """
    select conname from pg_constraint where conrelid = %s::regclass and conname = %s
    union all select relname from pg_class where oid = to_regclass(%s)
"""
Report = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Definition:
    """An index (`i`), unique constraint (`u`) or foreign key (`f`) as PostgreSQL itself writes it."""

    table: str
    name: str
    kind: str
    text: str

    def as_json(self) -> dict[str, str]:
        """The form in which a build remembers what it has taken off."""
        return asdict(self)


def definitions(session: Connection, tables: Sequence[str]) -> list[Definition]:
    """Everything on the tables but primary keys and checks."""
    rows: list[Any] = []
    for query in (_CONSTRAINTS, _INDEXES):
        rows += session.execute(query, [list(tables)]).fetchall()
    return [Definition(*row) for row in rows]


def take_off(session: Connection, found: Iterable[Definition]) -> None:
    """Drop them; what is not there is passed over."""
    for one in found:
        name = sql.Identifier(one.name)
        if one.kind == "i":
            session.execute(sql.SQL("drop index if exists {}").format(name))
        else:
            table = sql.Identifier(one.table)
            session.execute(sql.SQL("alter table {} drop constraint if exists {}").format(table, name))


def put_back(address: Address, wanted: Sequence[Definition], report: Report) -> None:
    """Create what is missing: indexes first, then foreign keys, each checked against every row.

    Two sessions work side by side. Raises psycopg's `IntegrityError` when the rows break a constraint.
    """
    with connect(address) as session:
        missing = [one for one in wanted if not session.execute(_PRESENT, [one.table, one.name, one.name]).fetchone()]
        keys = [one for one in missing if one.kind == "f"]
        for one in keys:
            _add(session, one, " not valid")
    others = [one for one in missing if one.kind != "f"]
    total = len(missing)
    _side_by_side(address, others, _create, lambda done: report(done, total))
    _side_by_side(address, keys, _validate, lambda done: report(len(others) + done, total))


def _side_by_side(
    address: Address,
    work: Sequence[Definition],
    act: Callable[[Connection, Definition], None],
    report: Callable[[int], None],
) -> None:
    def run(one: Definition) -> None:
        with connect(address) as session:
            act(session, one)

    with ThreadPoolExecutor(_SESSIONS) as pool:
        for done, _nothing in enumerate(pool.map(run, work), 1):
            report(done)


def _create(session: Connection, one: Definition) -> None:
    if one.kind == "i":
        session.execute(one.text.encode())
    else:
        _add(session, one)


def _add(session: Connection, one: Definition, ending: str = "") -> None:
    statement = sql.SQL("alter table {} add constraint {} ").format(sql.Identifier(one.table), sql.Identifier(one.name))
    session.execute(statement.as_bytes(session) + (one.text + ending).encode())


def _validate(session: Connection, one: Definition) -> None:
    table, name = sql.Identifier(one.table), sql.Identifier(one.name)
    session.execute(sql.SQL("alter table {} validate constraint {}").format(table, name))
