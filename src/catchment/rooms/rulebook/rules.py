"""What the content of each rule must look like."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from catchment.kernel.errors import Invalid, Problem

_schemas: dict[str, type[BaseModel]] = {}


class Rule(BaseModel):
    """A part of an edition: nothing unknown in it, nothing changed after reading."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


def register_schema(key: str, schema: type[BaseModel]) -> None:
    """Say what the content of a rule must look like; rooms do so once, through the site."""
    _schemas[key] = schema


def keys() -> list[str]:
    """The rules that rooms have registered."""
    return sorted(_schemas)


def check_content(key: str, content: Mapping[str, Any]) -> None:
    """Raise `Invalid` naming each place in the content that the rule does not allow, and what it expects there."""
    schema = _schemas.get(key)
    if schema is None:
        raise Invalid(
            Problem("key", _("没有这条规则：%(key)s。可用的有：%(known)s") % {"key": key, "known": "、".join(keys())})
        )
    try:
        schema.model_validate(content)
    except ValidationError as error:
        problems = [Problem(".".join(str(part) for part in one["loc"]), one["msg"]) for one in error.errors()]
        raise Invalid(*problems) from None


class Holiday(Rule):
    """Days off in a row, both ends included."""

    name: str
    first: date
    last: date

    @model_validator(mode="after")
    def _ordered(self) -> "Holiday":
        if self.last < self.first:
            raise ValueError("last must not be before first")
        return self


class CalendarRule(Rule):
    """A year's public holidays, and the Saturdays and Sundays that are worked instead."""

    year: int = Field(ge=1990, le=2200)
    holidays: tuple[Holiday, ...] = ()
    worked: tuple[date, ...] = ()

    @model_validator(mode="after")
    def _sound(self) -> "CalendarRule":
        days = [*self.worked, *(day for one in self.holidays for day in (one.first, one.last))]
        if wrong := [day for day in days if day.year != self.year]:
            raise ValueError(f"{wrong[0]} is not in {self.year}")
        if wrong := [day for day in self.worked if day.weekday() < SATURDAY or self.is_off(day)]:
            raise ValueError(f"{wrong[0]} is worked anyway, or a holiday")
        return self

    def is_off(self, day: date) -> bool:
        """Whether the day is one of the holidays."""
        return any(one.first <= day <= one.last for one in self.holidays)

    def works(self, day: date) -> bool:
        """Whether the day is worked."""
        return day in self.worked or (day.weekday() < SATURDAY and not self.is_off(day))


CALENDAR = "calendar.working-days"
SATURDAY = 5
SCHEMAS: Mapping[str, type[BaseModel]] = {CALENDAR: CalendarRule}


@dataclass(frozen=True, slots=True)
class ContentTable:
    """A part of an edition's content as a page draws it."""

    name: str
    columns: list[str]
    rows: list[list[str]]


def tables_of(content: Mapping[str, Any]) -> list[ContentTable]:
    """An edition's content as tables: each list of items one table, all single values together in one."""
    lists = {name: value for name, value in content.items() if _is_table(value)}
    single = [[name, _words(value)] for name, value in content.items() if name not in lists]
    tables = [_table(name, rows) for name, rows in lists.items()]
    return [ContentTable("", ["", ""], single), *tables] if single else tables


def differences(left: Mapping[str, Any], right: Mapping[str, Any]) -> list[tuple[str, str | None, str | None]]:
    """Each place at which two contents differ, with both values; `None` where one has nothing there.

    Items of lists are matched by their code, prefix or first value, so that moving an item is no difference.
    """
    before, after = _flat(left), _flat(right)
    places = list(dict.fromkeys([*before, *after]))
    return [(one, before.get(one), after.get(one)) for one in places if before.get(one) != after.get(one)]


def _is_table(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(item, Mapping) for item in value)


def _table(name: str, rows: list[Mapping[str, Any]]) -> ContentTable:
    columns = list(dict.fromkeys(column for row in rows for column in row))
    return ContentTable(name, columns, [[_words(row.get(column)) for column in columns] for row in rows])


def _words(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return _("是") if value else _("否")
    if isinstance(value, list | tuple):
        return "；".join(_words(item) for item in value)
    if isinstance(value, Mapping):
        return " ".join(f"{name}={_words(item)}" for name, item in value.items())
    return str(value)


def _flat(content: Any, place: str = "") -> dict[str, str]:
    if isinstance(content, Mapping):
        parts = [(f"{place}.{name}" if place else str(name), value) for name, value in content.items()]
    elif _is_table(content):
        parts = [(f"{place}[{_label(item)}]", item) for item in content]
    else:
        return {place: _words(content)}
    return {key: value for where, part in parts for key, value in _flat(part, where).items()}


def _label(item: Mapping[str, Any]) -> str:
    names = [name for name in ("list", "code", "prefix") if name in item] or list(item)[:1]
    return " ".join(str(item[name]) for name in names)
