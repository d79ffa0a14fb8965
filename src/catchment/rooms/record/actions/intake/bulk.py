"""Inserting many rows of one model by COPY, which takes a third of the time of an INSERT with parameters."""

from collections.abc import Sequence
from typing import Any

from django.db import connection, models
from django.db.models.expressions import DatabaseDefault
from psycopg import sql
from psycopg.types.json import Jsonb


def insert(model: type[models.Model], rows: Sequence[Any]) -> None:
    """Insert the rows and set their keys. They need everything but the key and what the database itself gives;
    constraints refuse as ever.
    """
    if not rows:
        return
    fields = [
        field
        for field in model._meta.concrete_fields  # noqa: SLF001 Django's public model API
        if not field.primary_key and not isinstance(getattr(rows[0], field.attname), DatabaseDefault)
    ]
    table = model._meta.db_table  # noqa: SLF001 Django's public model API
    names = [field.attname for field in fields]
    json = {field.attname for field in fields if isinstance(field, models.JSONField)}
    with connection.wrap_database_errors, connection.cursor() as cursor:
        cursor.execute(
            "select nextval(pg_get_serial_sequence(%s, 'id')) from generate_series(1, %s)", [table, len(rows)]
        )
        for row, (key,) in zip(rows, cursor.fetchall(), strict=True):
            row.pk = key
        columns = [sql.Identifier(str(field.column)) for field in fields]
        copy = sql.SQL("copy {} (id, {}) from stdin").format(sql.Identifier(table), sql.SQL(", ").join(columns))
        with cursor.copy(copy) as stream:
            for row in rows:
                values = ((name, getattr(row, name)) for name in names)
                held = (Jsonb(value) if name in json and value is not None else value for name, value in values)
                stream.write_row((row.pk, *held))
