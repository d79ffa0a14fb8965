"""The editions of access, and what they mean for one record."""

from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel, Field

from catchment.rooms.rulebook.rules import Rule

TERMS, SENSITIVE, SMALL_CELLS = "access.terms", "access.sensitive", "access.small-cells"


class TermsRule(Rule):
    """How long relations last, and whether members of a network share records.

    `smallest_cell` stood here before `access.small-cells`; editions of then still carry it, and it says nothing now.
    """

    after_days: int = Field(ge=0, le=3650)
    presence_hours: int = Field(gt=0, le=24 * 31)
    break_glass_minutes: int = Field(gt=0, le=7 * 24 * 60)
    review_hours: int = Field(gt=0, le=31 * 24)
    link_days: int = Field(gt=0, le=90)
    network_sharing: bool
    smallest_cell: int | None = None


class SmallCellsRule(Rule):
    """The smallest count of people, other than none, that may leave the county; 1 withholds nothing."""

    smallest: int = Field(ge=1, le=1000)


class Part(Rule):
    """One sensitive part: codes that begin so, in any system, of persons of these ages at the time of the entry."""

    code: str = Field(pattern=r"^[a-z][a-z-]{1,23}$")
    zh: str
    en: str
    prefixes: tuple[str, ...]
    youngest: int = Field(default=0, ge=0, le=150)
    oldest: int = Field(default=150, ge=0, le=150)


class SensitiveRule(Rule):
    parts: tuple[Part, ...]


SCHEMAS: Mapping[str, type[BaseModel]] = {
    TERMS: TermsRule,
    SENSITIVE: SensitiveRule,
    SMALL_CELLS: SmallCellsRule,
}


def part_of(parts: tuple[Part, ...], code: str, age: int | None) -> str:
    """The first sensitive part that a code falls under at an age in years; empty for none.

    Without a birth date every part that has the code holds: what cannot be known is kept, not shown.
    """
    for part in parts:
        fits_age = age is None or part.youngest <= age <= part.oldest
        if code and fits_age and code.startswith(part.prefixes):
            return part.code
    return ""


def parts_from(content: Mapping[str, Any]) -> tuple[Part, ...]:
    """The sensitive parts of an edition's content."""
    return SensitiveRule.model_validate(content).parts
