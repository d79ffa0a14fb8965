"""Queries asked on every request: written with the ORM, turned into SQL once, asked again with other values."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.db import DEFAULT_DB_ALIAS, connection
from django.db.models import QuerySet

Build = Callable[..., QuerySet[Any, tuple[Any, ...]]]
STAND_INS: dict[type, Callable[[int], Any]] = {
    int: lambda place: -(2**62) - 7 - place,
    str: lambda place: f"\x02value {place}\x03",
    UUID: lambda place: UUID(int=7 + place),
    datetime: lambda place: datetime(1902, 3, 4, 5, 6, 7, tzinfo=UTC) + timedelta(days=place),
}


def rows(build: Build, *values: Any) -> list[tuple[Any, ...]]:
    """The rows of `build(*values)`. `build` must be a module's own function and differ in these values alone.

    Values are numbers, texts, UUIDs and times. Columns come as the database gives them: JSON as text. `KeyError` for
    a value of another kind.
    """
    sql, told = _sql(build, tuple(type(value) for value in values))
    with connection.cursor() as cursor:
        cursor.execute(sql, [values[place] if place is not None else fixed for place, fixed in told])
        return list(cursor.fetchall())


@lru_cache(maxsize=128)
def _sql(build: Build, kinds: tuple[type, ...]) -> tuple[str, tuple[tuple[int | None, Any], ...]]:
    """The statement, and for each of its parameters the place of its value, or what is always the same."""
    stand_ins = [STAND_INS[kind](place) for place, kind in enumerate(kinds)]
    sql, parameters = build(*stand_ins).query.get_compiler(DEFAULT_DB_ALIAS).as_sql()
    return sql, tuple((_place(given, stand_ins), given) for given in parameters)


def _place(given: Any, stand_ins: list[Any]) -> int | None:
    return next((place for place, one in enumerate(stand_ins) if type(one) is type(given) and one == given), None)
