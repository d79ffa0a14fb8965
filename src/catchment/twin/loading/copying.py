"""Writing a data frame into a table by COPY."""

import io
from collections.abc import Mapping
from typing import Any

import polars as pl
import psycopg
from django.db import connection
from psycopg import sql

Frames = Mapping[str, pl.DataFrame]
Connection = psycopg.Connection[tuple[Any, ...]]
Address = dict[str, Any]
_ADDRESS = ("dbname", "user", "password", "host", "port")


def address() -> Address:
    """Where Django's database is, in a form that another process can be given."""
    return {name: value for name, value in connection.get_connection_params().items() if name in _ADDRESS and value}


def connect(where: Address) -> Connection:
    """A session of the loader's own: no time-outs, and no wait for the disk at each commit.

    What is written still goes through the write-ahead log; a crash loses the last moments, never the order.
    """
    options = "-c statement_timeout=0 -c lock_timeout=0 -c synchronous_commit=off -c timezone=UTC"
    return psycopg.connect(**where, options=options, autocommit=True)


def copy(session: Connection, table: str, frame: pl.DataFrame) -> int:
    """Append the frame to the table; its columns carry the table's column names. Returns the number of rows.

    CSV is the wire format: polars writes it from columns without a Python object a value, several times as fast as
    rows in PostgreSQL's binary format from Python. An empty text is quoted, a missing value is not.
    """
    if frame.is_empty():
        return 0
    text = io.BytesIO()
    frame.write_csv(text, include_header=False, datetime_format="%FT%TZ")
    columns = sql.SQL(", ").join(map(sql.Identifier, frame.columns))
    statement = sql.SQL("copy {} ({}) from stdin (format csv)").format(sql.Identifier(table), columns)
    with session.cursor() as cursor, cursor.copy(statement) as stream:
        stream.write(text.getbuffer())
    return len(frame)


def copy_all(session: Connection, frames: Frames) -> int:
    """Append every frame to the table it is named for, in one transaction; returns the number of rows."""
    with session.transaction():
        return sum(copy(session, table, frame) for table, frame in frames.items())
