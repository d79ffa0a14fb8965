"""The published tables in PostgreSQL: views in the schema `facts`, and triggers that note what was touched."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Final

from django.db import connection, transaction

from catchment.kernel.database import APPLICATION_ROLE as APP
from catchment.kernel.lake.tables import FactTable, Feed, tables

LOG: Final = "kernel_laketouch"
_LOCK: Final = 471102
_TRIGGERS: Final = {
    "insert": ("new table as new_rows", ("new_rows",)),
    "update": ("old table as old_rows new table as new_rows", ("old_rows", "new_rows")),
    "delete": ("old table as old_rows", ("old_rows",)),
}


def remove(**_facts: object) -> None:
    """Take the views away, so that a migration may change the tables beneath them. Needs the tables' owner."""
    with connection.cursor() as cursor:
        cursor.execute("drop schema if exists facts cascade")


def install(**_facts: object) -> None:
    """Write schema, views, grants and triggers anew; the same again changes nothing. Needs the tables' owner."""
    if not _complete():
        return
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(%s)", [_LOCK])
        for statement in statements():
            cursor.execute(statement)


def statements() -> Iterator[str]:
    """The SQL of all views and triggers, in order."""
    yield "drop schema if exists facts cascade"
    yield "create schema facts"
    for one in tables().values():
        yield f'create view facts."{one.name}" with (security_invoker = true) as {one.sql}'
    yield f"grant usage on schema facts to {APP}"
    yield f"grant select on all tables in schema facts to {APP}"
    for table, feeds in feeds_by_table().items():
        yield _function(table, feeds)
        yield from _triggers(table)


def feeds_by_table() -> dict[str, list[tuple[str, Feed]]]:
    """For each table of the database: which published tables it feeds, and how."""
    found: dict[str, list[tuple[str, Feed]]] = defaultdict(list)
    for one in tables().values():
        for feed in one.feeds:
            found[feed.table].append((one.name, feed))
    return found


def pause(names: Sequence[str]) -> Iterator[str]:
    """SQL by which a bulk load into these tables is not noted row by row; `resume` must follow."""
    for table in set(names) & set(feeds_by_table()):
        for command in _TRIGGERS:
            yield f"alter table {table} disable trigger lake_{command}"


def resume(names: Sequence[str]) -> Iterator[str]:
    """SQL that notes changes again, and that these tables changed altogether."""
    feeds = feeds_by_table()
    for table in sorted(set(names) & set(feeds)):
        for command in _TRIGGERS:
            yield f"alter table {table} enable trigger lake_{command}"
        yield f"insert into {LOG} (fact, partition) {_every(feeds[table])}"


def _function(table: str, feeds: list[tuple[str, Feed]]) -> str:
    branches = "\n".join(
        f"    if tg_op = '{command.upper()}' then insert into {LOG} (fact, partition) {_touched(feeds, rows)}; end if;"
        for command, (_clause, rows) in _TRIGGERS.items()
    )
    return f"""
        create or replace function lake_touch_{table}() returns trigger
        language plpgsql security definer set search_path = public as $$
        begin
        {branches}
            if tg_op = 'TRUNCATE' then insert into {LOG} (fact, partition) {_every(feeds)}; end if;
            return null;
        end $$
    """


def _touched(feeds: list[tuple[str, Feed]], rows: Sequence[str]) -> str:
    asked = (
        f"select '{name}' as fact, {feed.partition} as partition from {source} changed {feed.joins}"  # noqa: S608
        for name, feed in feeds
        for source in rows
    )
    return f"select fact, partition from ({' union '.join(asked)}) found where partition is not null"  # noqa: S608


def _every(feeds: list[tuple[str, Feed]]) -> str:
    names = sorted({name for name, _feed in feeds})
    return "values " + ", ".join(f"('{name}', '*')" for name in names)


def _triggers(table: str) -> Iterator[str]:
    for command, (clause, _rows) in _TRIGGERS.items():
        yield f"""
            create or replace trigger lake_{command} after {command} on {table}
            referencing {clause} for each statement execute function lake_touch_{table}()
        """
    yield f"""
        create or replace trigger lake_truncate after truncate on {table}
        for each statement execute function lake_touch_{table}()
    """


def _complete() -> bool:
    """Whether every table that feeds one is there: not in the middle of the very first migrations."""
    with connection.cursor() as cursor:
        present = set(connection.introspection.table_names(cursor))
    return {LOG, *feeds_by_table()} <= present


def column_types(one: FactTable) -> list[tuple[str, str]]:
    """The columns of a view with PostgreSQL's types, in order."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select attname, format_type(atttypid, atttypmod) from pg_attribute "
            "where attrelid = to_regclass(%s) and attnum > 0 order by attnum",
            [f'facts."{one.name}"'],
        )
        return list(cursor.fetchall())
