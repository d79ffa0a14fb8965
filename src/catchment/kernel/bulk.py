"""Writing rows by statements made once: one row, or many whose values go as arrays, one for each column."""

from collections.abc import Sequence
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from django.db import DatabaseError, connection, models
from psycopg import sql

AT_ONCE = 5000
SENT_AS_THEY_ARE = {str, date, datetime, type(None)}
"""Of exactly these types: an enumeration is a text too, but not to the driver."""


def insert(row: models.Model) -> None:
    """Add one row and set its key. As `save` of a new row, without making the statement anew each time.

    It needs a value for every column but the key.
    """
    with connection.cursor() as cursor:
        cursor.execute(_adding_one(type(row)), [_value(one, row) for one in _columns(type(row))])
        row.pk = cursor.fetchone()[0]
    row._state.adding = False  # noqa: SLF001 as Django's own save leaves it
    row._state.db = connection.alias  # noqa: SLF001


def update(row: models.Model, fields: Sequence[str]) -> None:
    """Write the named columns of one row, if any. As `save(update_fields=...)`, without making the statement anew.

    Raises `DatabaseError` when the row is not there, or not this actor's to change.
    """
    if not fields:
        return
    statement, columns = _changing_one(type(row), tuple(fields))
    with connection.cursor() as cursor:
        cursor.execute(statement, [*(_value(one, row) for one in columns), row.pk])
        if cursor.rowcount != 1:
            raise DatabaseError("nothing was changed")


@lru_cache
def _columns(model: type[models.Model]) -> tuple[Any, ...]:
    return tuple(one for one in model._meta.concrete_fields if not one.primary_key)  # noqa: SLF001


@lru_cache
def _adding_one(model: type[models.Model]) -> str:
    names = ", ".join(f'"{one.column}"' for one in _columns(model))
    values = ", ".join(_placeholder(one) for one in _columns(model))
    return f'insert into "{model._meta.db_table}" ({names}) values ({values}) returning id'  # noqa: S608, SLF001


@lru_cache
def _changing_one(model: type[models.Model], fields: tuple[str, ...]) -> tuple[str, tuple[Any, ...]]:
    columns: tuple[Any, ...] = tuple(model._meta.get_field(name) for name in fields)  # noqa: SLF001
    given = ", ".join(f'"{one.column}" = {_placeholder(one)}' for one in columns)
    return f'update "{model._meta.db_table}" set {given} where id = %s', columns  # noqa: S608, SLF001


def _placeholder(column: Any) -> str:
    """`%s`, with the type that an array needs beside it."""
    made = getattr(column, "get_placeholder", None)
    return "%s" if made is None else str(made(None, None, connection))


def insert_many(rows: Sequence[models.Model]) -> None:
    """Add rows of one model and set their keys. As `bulk_create`, twice as fast on wide batches.

    They need a value for every column but the key. Walls and constraints refuse as ever.
    """
    if not rows:
        return
    meta = type(rows[0])._meta  # noqa: SLF001 Django's documented way to a model's columns
    columns = [column for column in meta.concrete_fields if not column.primary_key]
    statement = _adding(meta.db_table, columns)
    with connection.cursor() as cursor:
        for start in range(0, len(rows), AT_ONCE):
            part = rows[start : start + AT_ONCE]
            keys = _next_keys(cursor, meta.db_table, len(part))
            cursor.execute(statement, [keys, *([_value(column, row) for row in part] for column in columns)])
            for row, key in zip(part, keys, strict=True):
                row.pk = key
                row._state.adding = False  # noqa: SLF001 as Django's own bulk_create leaves it


def _next_keys(cursor: Any, table: str, count: int) -> list[int]:
    asked = "select nextval(pg_get_serial_sequence(%s, 'id')) from generate_series(1, %s)"
    cursor.execute(asked, [table, count])
    return [key for (key,) in cursor.fetchall()]


def _adding(table: str, columns: Sequence[Any]) -> sql.Composed:
    named = [sql.Identifier(column.column) for column in columns]
    return sql.SQL("insert into {} (id, {}) select k, {} from unnest({}) v(k, {})").format(
        sql.Identifier(table),
        sql.SQL(", ").join(named),
        sql.SQL(", ").join(_given(columns)),
        sql.SQL(", ").join([sql.SQL("%s::bigint[]"), *_arrays(columns)]),
        sql.SQL(", ").join(named),
    )


def _arrays(columns: Sequence[Any]) -> list[sql.Composed]:
    types = [column.rel_db_type(connection) if column.is_relation else _type(column) for column in columns]
    return [sql.SQL("%s::{}[]").format(sql.SQL(one)) for one in types]


def update_many(rows: Sequence[models.Model], fields: Sequence[str]) -> None:
    """Write the named columns of rows of one model. As `bulk_update`, many times as fast on wide batches."""
    if not rows:
        return
    meta = type(rows[0])._meta  # noqa: SLF001 Django's documented way to a model's columns
    columns = [meta.get_field(name) for name in fields]
    statement = _statement(meta.db_table, columns, meta.pk)
    with connection.cursor() as cursor:
        for start in range(0, len(rows), AT_ONCE):
            part = rows[start : start + AT_ONCE]
            values = [[_value(column, row) for row in part] for column in columns]
            cursor.execute(statement, [[row.pk for row in part], *values])


def _statement(table: str, columns: Sequence[Any], key: Any) -> sql.Composed:
    named = [sql.Identifier(column.column) for column in columns]
    return sql.SQL("update {} t set {} from unnest({}) v({}) where t.{} = v.k").format(
        sql.Identifier(table),
        sql.SQL(", ").join(
            sql.SQL("{} = {}").format(name, given) for name, given in zip(named, _given(columns), strict=True)
        ),
        sql.SQL(", ").join([sql.SQL("%s::bigint[]"), *_arrays(columns)]),
        sql.SQL(", ").join([sql.SQL("k"), *named]),
        sql.Identifier(key.column),
    )


def _given(columns: Sequence[Any]) -> list[sql.Composed]:
    """What stands for each column in the row `v` of the arrays: JSON, which travels as text, is read again."""
    return [
        sql.SQL("v.{}{}").format(
            sql.Identifier(column.column), sql.SQL("::jsonb" if column.get_internal_type() == "JSONField" else "")
        )
        for column in columns
    ]


def _type(column: Any) -> str:
    """The column's type as an array element: JSON travels as text, lengths are left to the column."""
    if column.get_internal_type() == "JSONField":
        return "text"
    return str(column.cast_db_type(connection)).partition("(")[0]


def _value(column: Any, row: models.Model) -> Any:
    told = getattr(row, column.attname)
    if type(told) in SENT_AS_THEY_ARE and column.get_internal_type() != "JSONField":
        return told
    given = column.get_db_prep_save(told, connection)
    return given.dumps(given.obj) if hasattr(given, "obj") else given
