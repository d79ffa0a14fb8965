"""Search parameters of FHIR R4 (`search.html`): what a value means and the rows it asks for.

Values of one parameter divided by commas are alternatives; a parameter that is repeated asks for all.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any, Protocol
from uuid import UUID

from django.db.models import Q

from catchment.site.fhir.outcome import FhirError
from catchment.standards.fhir.systems import word_of
from catchment.standards.fhir.times import COUNTY_ZONE, moment

_CLOCK = r"T\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:\d\d)?"
_DATE = re.compile(rf"(eq|ne|gt|lt|ge|le|sa|eb|ap)?(\d{{4}}(?:-\d\d(?:-\d\d(?:{_CLOCK})?)?)?)")
_SECONDS = re.compile(r"T\d\d:\d\d:\d\d")
_REFERENCE = re.compile(r"(?:(?:.*/)?(?P<type>[A-Za-z]+)/)?(?P<id>[A-Za-z0-9\-.]{1,64})")


class Param(Protocol):
    """A search parameter: its R4 type, and the filter for one of its values."""

    @property
    def type(self) -> str: ...

    @property
    def modifiers(self) -> tuple[str, ...]: ...

    def matches(self, value: str, modifier: str) -> Q: ...


@dataclass(frozen=True, slots=True)
class Token:
    """`code`, `system|code`, `|code` or `system|`, against a column and, where there is one, its system's column."""

    column: str
    system: str = ""
    to_column: Callable[[str], str] = str
    type: str = "token"
    modifiers: tuple[str, ...] = ("not",)

    def matches(self, value: str, modifier: str) -> Q:
        system, bar, code = value.rpartition("|")
        found = Q(**{self.column: self.to_column(code)}) if code else Q()
        if bar and self.system:
            found &= Q(**{self.system: word_of(system)})
        return ~found if modifier == "not" else found


@dataclass(frozen=True, slots=True)
class Meant:
    """A code that stands for values of a column, one or several; a code that R4 does not have here is refused."""

    column: str
    values: Mapping[str, tuple[str, ...]]
    type: str = "token"
    modifiers: tuple[str, ...] = ("not",)

    def matches(self, value: str, modifier: str) -> Q:
        code = value.rpartition("|")[2]
        if code not in self.values:
            raise FhirError(400, "value", f"{code!r} is not one of {', '.join(self.values)}")
        found = Q(**{f"{self.column}__in": self.values[code]})
        return ~found if modifier == "not" else found


@dataclass(frozen=True, slots=True)
class Flag:
    """A boolean: `true` or `false`, by the filter that means true."""

    true: Q
    type: str = "token"
    modifiers: tuple[str, ...] = ()

    def matches(self, value: str, modifier: str) -> Q:  # noqa: ARG002 a flag has no modifiers
        if value not in {"true", "false"}:
            raise FhirError(400, "value", f"{value!r} is neither true nor false")
        return self.true if value == "true" else ~self.true


@dataclass(frozen=True, slots=True)
class Text:
    """A string: begins with (any case), `:exact` or `:contains`."""

    column: str
    type: str = "string"
    modifiers: tuple[str, ...] = ("exact", "contains")

    def matches(self, value: str, modifier: str) -> Q:
        how = {"exact": "exact", "contains": "icontains"}.get(modifier, "istartswith")
        return Q(**{f"{self.column}__{how}": value})


@dataclass(frozen=True, slots=True)
class Asked:
    """A string or token whose rows a function finds, because more than one column tells."""

    find: Callable[[str], Q]
    type: str = "string"
    modifiers: tuple[str, ...] = ()

    def matches(self, value: str, modifier: str) -> Q:  # noqa: ARG002 has no modifiers
        return self.find(value)


@dataclass(frozen=True, slots=True)
class Reference:
    """`123`, `Type/123` or an absolute address, by the column of its type; without a type the first is meant."""

    columns: Mapping[str, str]
    by_uuid: bool = False
    type: str = "reference"
    modifiers: tuple[str, ...] = ()

    def matches(self, value: str, modifier: str) -> Q:  # noqa: ARG002 has no modifiers
        found = _REFERENCE.fullmatch(value)
        kind = (found["type"] or next(iter(self.columns))) if found else ""
        if found is None or kind not in self.columns:
            raise FhirError(400, "value", f"{value!r} does not refer to {' or '.join(self.columns)}")
        key = _key(found["id"], by_uuid=self.by_uuid)
        return Q(pk__in=[]) if key is None else Q(**{self.columns[kind]: key})


@dataclass(frozen=True, slots=True)
class Date:
    """A date with its prefix against a day or a moment; a partial date is the whole of its period."""

    column: str
    days: bool = False
    type: str = "date"
    modifiers: tuple[str, ...] = ()

    def matches(self, value: str, modifier: str) -> Q:  # noqa: ARG002 has no modifiers
        found = _DATE.fullmatch(value)
        if found is None:
            raise FhirError(400, "value", f"{value!r} is not a date with an optional prefix (ge2024-05-01)")
        try:
            first, after = _period(found[2])
        except ValueError as error:
            raise FhirError(400, "value", f"{value!r} is no date: {error}") from None
        low, high = (_local_day(first), _local_day(after)) if self.days else (first, after)
        return self._compared(found[1] or "eq", low, high)

    def _compared(self, prefix: str, low: Any, high: Any) -> Q:
        column = self.column
        within = Q(**{f"{column}__gte": low, f"{column}__lt": high})
        return {
            "eq": within,
            "ap": within,
            "ne": ~within,
            "gt": Q(**{f"{column}__gte": high}),
            "sa": Q(**{f"{column}__gte": high}),
            "lt": Q(**{f"{column}__lt": low}),
            "eb": Q(**{f"{column}__lt": low}),
            "ge": Q(**{f"{column}__gte": low}),
            "le": Q(**{f"{column}__lt": high}),
        }[prefix]


PATIENT = Reference({"Patient": "person__public_id"}, by_uuid=True)
"""The person of a row."""


def constant(code: str) -> Param:
    """A token that every row has: all of them for this code, none for another."""
    return Asked(lambda value: Q() if value.rpartition("|")[2] == code else Q(pk__in=[]), type="token")


def by_code(meanings: Mapping[str, str]) -> dict[str, tuple[str, ...]]:
    """The values that mean each code, for `Meant`, from what each value means."""
    return {code: tuple(str(value) for value, met in meanings.items() if met == code) for code in meanings.values()}


def key_of(text: str, *, by_uuid: bool) -> UUID | int | None:
    """The database key behind a logical id; `None` for one that can name nothing here."""
    return _key(text, by_uuid=by_uuid)


def _key(text: str, *, by_uuid: bool) -> UUID | int | None:
    if by_uuid:
        try:
            return UUID(text)
        except ValueError:
            return None
    return int(text) if text.isascii() and text.isdecimal() and int(text) < 2**63 else None


def _period(text: str) -> tuple[datetime, datetime]:
    if "T" not in text:
        first = moment(text)
        local = first.astimezone(COUNTY_ZONE).date()
        return first, moment(_after(local, text.count("-")).isoformat())
    whole = text if text[-1] == "Z" or text[-6] in "+-" else f"{text}+08:00"
    first = moment(whole)
    return first, first + (timedelta(seconds=1) if _SECONDS.search(text) else timedelta(minutes=1))


def _after(day: date, dashes: int) -> date:
    if dashes == 0:
        return date(day.year + 1, 1, 1)
    if dashes == 1:
        return date(day.year + day.month // 12, day.month % 12 + 1, 1)
    return day + timedelta(days=1)


def _local_day(when: datetime) -> date:
    return when.replace(tzinfo=when.tzinfo or UTC).astimezone(COUNTY_ZONE).date()
