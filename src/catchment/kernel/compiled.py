"""Queries asked on every request: written with the ORM, turned into SQL once, asked again with other values."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import Any, TypeVar, cast
from uuid import UUID

from django.db import DEFAULT_DB_ALIAS, connection
from django.db.models import Model, QuerySet
from django.db.models.query import get_related_populators
from psycopg.types.numeric import Int8

Build = Callable[..., QuerySet[Any, tuple[Any, ...]]]
Row = TypeVar("Row", bound=Model)
Told = tuple[tuple[int | None, Any], ...]
"""For each parameter of a statement the place of its value, or what is always the same."""
STAND_INS: dict[type, Callable[[int], Any]] = {
    int: lambda place: -(2**62) - 7 - place,
    str: lambda place: f"\x02value {place}\x03",
    UUID: lambda place: UUID(int=7 + place),
    date: lambda place: date(1902, 3, 4) + timedelta(days=place),
    datetime: lambda place: datetime(1902, 3, 4, 5, 6, 7, tzinfo=UTC) + timedelta(days=place),
}


def rows(build: Build, *values: Any) -> list[tuple[Any, ...]]:
    """The rows of `build(*values)`. `build` must be a module's own function and differ in these values alone.

    Values are numbers, texts, UUIDs, days and times. Columns come as the database gives them: JSON as text. `KeyError`
    for a value of another kind, `ValueError` where a statement holds one in another form.
    """
    sql, told = _sql(build, tuple(type(value) for value in values))
    return _asked(sql, told, values)


def objects(build: Callable[..., QuerySet[Row]], *values: Any) -> list[Row]:
    """As `rows`, where `build` asks for rows of a model: those, with what `select_related` names, locked where it says.

    Annotations are left out. What is locked is asked inside a transaction.
    """
    shape = _shape(build, tuple(type(value) for value in values))
    return [cast("Row", shape.made(row)) for row in _asked(shape.sql, shape.told, values)]


def first(build: Callable[..., QuerySet[Row]], *values: Any) -> Row | None:
    """The first of the `objects`, or `None`."""
    return next(iter(objects(build, *values)), None)


@dataclass(frozen=True, slots=True)
class Shape:
    """A statement and how a row of it becomes an object of the model: by Django's own means."""

    sql: str
    told: Told
    model: type[Model]
    names: tuple[str, ...]
    start: int
    converters: tuple[tuple[int, Sequence[Callable[..., Any]], Any], ...]
    related: tuple[Any, ...]

    def made(self, row: Sequence[Any]) -> Model:
        if self.converters:
            row = list(row)
            for place, converters, expression in self.converters:
                for convert in converters:
                    row[place] = convert(row[place], expression, connection)
        found = self.model.from_db(DEFAULT_DB_ALIAS, self.names, row[self.start : self.start + len(self.names)])
        for populator in self.related:
            populator.populate(row, found)
        return found


@lru_cache(maxsize=128)
def _shape(build: Callable[..., QuerySet[Any]], kinds: tuple[type, ...]) -> Shape:
    compiler, sql, told = _compiled(build, kinds)
    held, select = compiler.klass_info, compiler.select
    fields = held["select_fields"]
    names = tuple(one[0].target.attname for one in select[fields[0] : fields[-1] + 1])
    converters = compiler.get_converters([one[0] for one in select])
    placed = tuple((place, tuple(given), expression) for place, (given, expression) in converters.items())
    related = tuple(get_related_populators(held, select, DEFAULT_DB_ALIAS))  # type: ignore[call-arg]  # of a later Django
    return Shape(sql, told, held["model"], names, fields[0], placed, related)


@lru_cache(maxsize=128)
def _sql(build: Build, kinds: tuple[type, ...]) -> tuple[str, Told]:
    _compiler, sql, told = _compiled(build, kinds)
    return sql, told


def _compiled(build: Callable[..., QuerySet[Any, Any]], kinds: tuple[type, ...]) -> tuple[Any, str, Told]:
    stand_ins = [STAND_INS[kind](place) for place, kind in enumerate(kinds)]
    compiler = build(*stand_ins).query.get_compiler(DEFAULT_DB_ALIAS)
    sql, parameters = compiler.as_sql()
    told = tuple((_place(given, stand_ins), given) for given in parameters)
    if any(str(one) in str(given) for place, given in told if place is None for one in stand_ins):
        raise ValueError(f"{build.__name__} does not ask for a value as it is given")
    return compiler, sql, told


def _asked(sql: str, told: Told, values: Sequence[Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, [fixed if place is None else _sent(values[place]) for place, fixed in told])
        return list(cursor.fetchall())


def _sent(value: Any) -> Any:
    """Whole numbers always as `bigint`, so that small and large ones share a prepared statement."""
    return Int8(value) if type(value) is int else value


def _place(given: Any, stand_ins: list[Any]) -> int | None:
    """Which value a parameter stands for; the driver has types of its own for numbers."""
    return next((place for place, one in enumerate(stand_ins) if isinstance(given, type(one)) and one == given), None)
