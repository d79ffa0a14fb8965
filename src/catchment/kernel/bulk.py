"""Changing many rows in one statement: the values go as arrays, one for each column."""

from collections.abc import Sequence
from typing import Any

from django.db import connection, models
from psycopg import sql

AT_ONCE = 5000


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
    types = [sql.SQL(column.rel_db_type(connection) if column.is_relation else _type(column)) for column in columns]
    cast = sql.SQL("::jsonb")
    return sql.SQL("update {} t set {} from unnest({}) v({}) where t.{} = v.k").format(
        sql.Identifier(table),
        sql.SQL(", ").join(
            sql.SQL("{} = v.{}{}").format(
                name, name, cast if column.get_internal_type() == "JSONField" else sql.SQL("")
            )
            for name, column in zip(named, columns, strict=True)
        ),
        sql.SQL(", ").join([sql.SQL("%s::bigint[]"), *(sql.SQL("%s::{}[]").format(one) for one in types)]),
        sql.SQL(", ").join([sql.SQL("k"), *named]),
        sql.Identifier(key.column),
    )


def _type(column: Any) -> str:
    """The column's type as an array element: JSON travels as text, lengths are left to the column."""
    if column.get_internal_type() == "JSONField":
        return "text"
    return str(column.cast_db_type(connection)).partition("(")[0]


def _value(column: Any, row: models.Model) -> Any:
    given = column.get_db_prep_save(getattr(row, column.attname), connection)
    return given.dumps(given.obj) if hasattr(given, "obj") else given
