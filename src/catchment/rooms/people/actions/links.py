"""The columns that point to a person, in every room, and pointing their rows elsewhere."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from django.apps import apps
from django.db import IntegrityError, connection, models, transaction
from psycopg import sql

from catchment.rooms.people.models import Merge, Person, SearchToken, SuspectedMatch

STAYING: Final = (SearchToken, SuspectedMatch, Merge)
"""Keys stay with the duplicate, under which search still finds the person kept; matches and merges tell of both."""


@dataclass(frozen=True, slots=True)
class Link:
    """One column that points to a person."""

    table: str
    column: str
    key: str

    @property
    def name(self) -> str:
        return f"{self.table}.{self.column}"


def links() -> Iterator[Link]:
    """Every column of every installed model that points to a person and takes part in a merge."""
    for model in apps.get_models(include_auto_created=True):
        options = model._meta  # noqa: SLF001 Django documents it as its model API
        if model in STAYING or options.proxy or not options.managed:
            continue
        for column in options.local_fields:
            if isinstance(column, models.ForeignKey) and column.related_model is Person:
                yield Link(options.db_table, column.column, str(options.pk.column))


def move(link: Link, keys: list[int], *, source: int, target: int) -> tuple[list[int], list[int]]:
    """Point the rows from source to target; those that a constraint keeps from it stay: (moved, held)."""
    if not keys:
        return [], []
    try:
        with transaction.atomic():
            return _repoint(link, keys, source, target), []
    except IntegrityError:
        return _move_one_by_one(link, keys, source, target)


def _move_one_by_one(link: Link, keys: list[int], source: int, target: int) -> tuple[list[int], list[int]]:
    moved: list[int] = []
    for key in keys:
        try:
            with transaction.atomic():
                moved += _repoint(link, [key], source, target)
        except IntegrityError:
            continue
    return moved, [key for key in keys if key not in set(moved)]


def _repoint(link: Link, keys: list[int], source: int, target: int) -> list[int]:
    statement = "update {table} set {column} = %s where {key} = any(%s) and {column} = %s returning {key}"
    return _keys(link, statement, [target, keys, source])


def rows(link: Link, person_id: int) -> list[int]:
    return _keys(link, "select {key} from {table} where {column} = %s order by {key} for update", [person_id])


def highest(link: Link) -> int:
    found = _keys(link, "select coalesce(max({key}), 0) from {table}", [])
    return found[0]


def _keys(link: Link, statement: str, values: list[Any]) -> list[int]:
    names = {"table": link.table, "column": link.column, "key": link.key}
    quoted = {name: sql.Identifier(value) for name, value in names.items()}
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL(statement).format(**quoted), values)
        return sorted(key for (key,) in cursor.fetchall())
