"""The editions of access, and what they mean for one record."""

from collections.abc import Mapping
from typing import Any, Self

from pydantic import BaseModel, Field, model_validator

from catchment.rooms.rulebook.rules import Rule

TERMS, SENSITIVE, SMALL_CELLS = "access.terms", "access.sensitive", "access.small-cells"
IDENTITY = "access.identity"


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


class Purpose(Rule):
    """What an office may open a person's identity for, and in which kinds of work that it holds."""

    code: str = Field(pattern=r"^[a-z][a-z-]{1,31}$")
    zh: str
    en: str
    kinds: tuple[str, ...] = Field(min_length=1)


class IdentityRule(Rule):
    """For how many minutes an office sees who a person of its case is, and for what. Other kinds of work open nobody.

    A case that an office takes up by itself should be concluded within `case_days`.
    """

    minutes: int = Field(gt=0, le=7 * 24 * 60)
    case_days: int = Field(gt=0, le=366)
    purposes: tuple[Purpose, ...]

    @model_validator(mode="after")
    def once(self) -> Self:
        """Each code once: what was opened is told by it for ever."""
        codes = [one.code for one in self.purposes]
        if twice := sorted({code for code in codes if codes.count(code) > 1}):
            message = f"purposes: {', '.join(twice)} stands there more than once"
            raise ValueError(message)
        return self

    def purposes_in(self, kind: str) -> tuple[Purpose, ...]:
        """What may be a purpose in this kind of work; nothing where it opens nobody."""
        return tuple(one for one in self.purposes if kind in one.kinds)


SCHEMAS: Mapping[str, type[BaseModel]] = {
    TERMS: TermsRule,
    SENSITIVE: SensitiveRule,
    SMALL_CELLS: SmallCellsRule,
    IDENTITY: IdentityRule,
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
