"""Which rule was in force on a day."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import lru_cache
from time import monotonic
from typing import Any, TypeVar

from django.db.models import Q
from django.utils.translation import gettext as _
from pydantic import BaseModel

from catchment.kernel.errors import NotFound
from catchment.rooms.rulebook.models import Edition
from catchment.rooms.rulebook.rules import CALENDAR, CalendarRule
from catchment.rooms.rulebook.types import EditionValue

FRESH_SECONDS = 5
Shape = TypeVar("Shape", bound=BaseModel)
Version = tuple[int, str]
"""An edition's row and the digest of what it says, which never changes."""


@dataclass(frozen=True, slots=True)
class Said:
    """What an edition says, and how the rooms that asked read it."""

    content: dict[str, Any]
    read: dict[type[BaseModel], BaseModel] = field(default_factory=dict)


_said: dict[str, dict[Version, Said]] = {}
"""By rule, the editions that were in force on some day asked about."""


def edition_on(key: str, day: date) -> EditionValue:
    """The edition of a rule in force on a day, at most five seconds old; `NotFound` when there was none."""
    return _remembered(key, day, _standing(int(monotonic() / FRESH_SECONDS)))[0]


def rule_on(key: str, day: date, shape: type[Shape]) -> Shape:
    """What the edition of a rule in force on a day says, as its room reads it; as fresh as `edition_on`."""
    _edition, said = _remembered(key, day, _standing(int(monotonic() / FRESH_SECONDS)))
    if shape not in said.read:
        said.read[shape] = shape.model_validate(said.content)
    return said.read[shape]  # type: ignore[return-value]


def working_days_after(day: date, count: int) -> tuple[date, bool]:
    """The day `count` working days later, and whether a verified calendar says so of every day between.

    In a year that has no calendar, Saturdays and Sundays are the days off.
    """
    on, sure = finder(CALENDAR), True
    years: dict[int, CalendarRule] = {}
    while count > 0:
        day += timedelta(days=1)
        if day.year not in years:
            years[day.year], verified = _calendar(on, day)
            sure = sure and verified
        count -= years[day.year].works(day)
    return day, sure


def _calendar(on: Callable[[date], EditionValue], day: date) -> tuple[CalendarRule, bool]:
    try:
        edition = on(day)
    except NotFound:
        return CalendarRule(year=day.year), False
    return CalendarRule.model_validate(edition.content), edition.verified


def finder(key: str) -> Callable[[date], EditionValue]:
    """What tells the edition of a rule in force on any day, read once; for going through many days."""
    known = [_value(row) for row in editions(key)]

    def on(day: date) -> EditionValue:
        for one in known:
            if one.in_force_from <= day and (one.in_force_to is None or day <= one.in_force_to):
                return one
        raise _none(key, day)

    return on


def forget() -> None:
    """Drop what is remembered, so that an edition just published is seen at once in this process."""
    _standing.cache_clear()
    _remembered.cache_clear()
    _said.clear()


def editions(key: str = "") -> list[Edition]:
    """All editions, of one rule where given, by rule and newest in force first."""
    rows = Edition.objects.filter(key=key) if key else Edition.objects.all()
    return list(rows.order_by("key", "-in_force_from"))


def in_force(day: date) -> list[tuple[Edition, int]]:
    """Each rule's edition in force on a day and how many editions it has; rules not yet in force are left out."""
    chosen: dict[str, Edition] = {}
    count: Counter[str] = Counter()
    for one in editions():
        count[one.key] += 1
        if one.in_force_from <= day and (one.in_force_to is None or one.in_force_to >= day):
            chosen.setdefault(one.key, one)
    return [(one, count[key]) for key, one in chosen.items()]


def edition(key: str, version: str) -> Edition:
    """One edition by its version."""
    found = Edition.objects.filter(key=key, version=version).first()
    if found is None:
        raise NotFound("not-found", _("没有这一版规则"))
    return found


@lru_cache(maxsize=1)
def _standing(_moment: int) -> int:
    """How the rulebook stands: the same as long as no edition came, ended or was replaced. One question a moment."""
    return hash(tuple(Edition.objects.order_by("pk").values_list("pk", "digest", "in_force_to")))


@lru_cache(maxsize=512)
def _remembered(key: str, day: date, _stand: int) -> tuple[EditionValue, Said]:
    """Asked anew when the rulebook has changed; what an edition says was read when it was first seen."""
    open_then = Q(in_force_to__isnull=True) | Q(in_force_to__gte=day)
    rows = Edition.objects.filter(open_then, key=key, in_force_from__lte=day).order_by("-in_force_from")
    known = _said.setdefault(key, {})
    row = (rows.defer("content") if known else rows).first()
    if row is None:
        raise _none(key, day)
    version = (row.pk, row.digest)
    if version not in known:
        known[version] = Said(row.content)
    row.content = known[version].content
    return _value(row), known[version]


def _none(key: str, day: date) -> NotFound:
    return NotFound("no-edition", _("规则 %(key)s 在 %(day)s 没有生效的版本") % {"key": key, "day": day})


def _value(row: Edition) -> EditionValue:
    return EditionValue(**{name: getattr(row, name) for name in EditionValue.__dataclass_fields__})
