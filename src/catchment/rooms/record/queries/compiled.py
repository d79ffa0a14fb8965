"""Queries that are asked on every page: written with the ORM, turned into SQL once, asked again with other values."""

from collections.abc import Callable
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connection
from django.db.models import QuerySet

PERSON = -(2**62) - 7
NOW = datetime(1902, 3, 4, 5, 6, 7, tzinfo=UTC)
Build = Callable[[int, datetime], QuerySet[Any, tuple[Any, ...]]]


def rows(build: Build, person_id: int, now: datetime) -> list[tuple[Any, ...]]:
    """The rows of `build(person_id, now)`. `build` must be a module's own function and differ in these values alone.

    Columns come as the database gives them: JSON as text.
    """
    sql, values = _sql(build)
    with connection.cursor() as cursor:
        cursor.execute(sql, [_told(value, person_id, now) for value in values])
        return list(cursor.fetchall())


@lru_cache(maxsize=64)
def _sql(build: Build) -> tuple[str, tuple[Any, ...]]:
    sql, values = build(PERSON, NOW).query.get_compiler(DEFAULT_DB_ALIAS).as_sql()
    return sql, tuple(values)


def _told(value: Any, person_id: int, now: datetime) -> Any:
    if value == PERSON:
        return person_id
    return now if value == NOW else value
