"""The words of the global budget. Every amount is in fen."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from fractions import Fraction

from catchment.standards.reasons import Reason


class Category(StrEnum):
    """What the fund pays for, by kind of care and by where it was given; `chronic` are visits for a chronic disease."""

    INPATIENT_IN = "inpatient-in"
    INPATIENT_OUT = "inpatient-out"
    OUTPATIENT = "outpatient"
    CHRONIC = "chronic"


class State(StrEnum):
    """Where the budget of a year stands."""

    DRAFT = "draft"
    SIGNED = "signed"
    AGREED = "agreed"
    RUNNING = "running"
    PRE_SETTLED = "pre-settled"
    RECKONED = "reckoned"
    DECIDED = "decided"
    CLEARED = "cleared"
    WITHDRAWN = "withdrawn"


class Side(StrEnum):
    """Who may take a step: the lead hospital for the whole community, or the insurance office."""

    LEAD = "lead"
    OFFICE = "office"


class Choice(StrEnum):
    """What is done about the community's part of an overrun; never without a named person and a reason."""

    SHARE = "share"
    CARRY = "carry"
    NONE = "none"


class FindingState(StrEnum):
    OPEN = "open"
    CONFIRMED = "confirmed"
    EXPLAINED = "explained"
    DISMISSED = "dismissed"


class Watch(StrEnum):
    """What the fund is watched for."""

    UNDER_SERVICE = "under-service"
    REFUSED_SEVERE = "refused-severe"
    READMISSION = "readmission"
    UPCODING = "upcoding"
    CASE_MIX = "case-mix"
    UNSUPPORTED = "unsupported"
    COST_SHIFT = "cost-shift"
    OUTFLOW = "outflow"


@dataclass(frozen=True, slots=True)
class Cell:
    """How many of the insured are alike: aged `from_age` whole years, by insurance, with a chronic disease or not."""

    from_age: int
    insurance: str
    chronic: bool
    heads: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Heads:
    """The insured of a community on a day, and how many of them have a family doctor's contract."""

    day: date
    cells: tuple[Cell, ...]
    contracted: int = 0

    @property
    def total(self) -> int:
        return sum(cell.heads for cell in self.cells)

    @property
    def chronic(self) -> int:
        return sum(cell.heads for cell in self.cells if cell.chronic)


@dataclass(frozen=True, slots=True, kw_only=True)
class YearSpend:
    """What the fund spent on a community's residents in one year, by category; `months` of it are known."""

    year: int
    fund: dict[Category, int]
    months: int = 12
    source: str = "record"

    @property
    def total(self) -> int:
        return sum(self.fund.values())


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One step of the making: what went in, times what, what came out, and why. `category` empty for the whole."""

    code: str
    category: str
    before: int
    factor: Fraction | None
    after: int
    why: tuple[Reason, ...]
    tag: str = ""

    @property
    def change(self) -> int:
        return self.after - self.before


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """A budget: its parts by category and the packages; they sum to `total`. `reserve` was held back before."""

    lines: tuple[Line, ...]
    parts: dict[str, int]
    total: int
    reserve: int
    premium: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """A facility of the community: its level, how many insured residents it answers for, its frozen score if any."""

    facility_id: int
    name: str
    level: str
    heads: int = 0
    score: Fraction | None = None


@dataclass(frozen=True, slots=True)
class ShareLine:
    """A facility's part of a surplus kept."""

    facility_id: int
    name: str
    level: str
    weight: Fraction
    fen: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Reckoning:
    """How a year comes out. Surplus: `kept` by the community and `back` to the fund; overrun: `community` and `fund`.

    One of the two pairs is nothing; `why` tells each step, `bands` which, what fell into it and the community's part.
    """

    budget: int
    factor: Fraction
    actual: int
    kept: int = 0
    back: int = 0
    community: int = 0
    fund: int = 0
    bands: tuple[tuple[Reason, int, int], ...] = ()
    why: tuple[Reason, ...] = ()

    @property
    def difference(self) -> int:
        """Above zero a surplus, below zero an overrun."""
        return self.kept + self.back - self.community - self.fund


@dataclass(frozen=True, slots=True, kw_only=True)
class Ahead:
    """The running sum expected at the end of a month, and the edges between which it lies eight times in ten."""

    month: int
    expected: int
    low: int | None
    high: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Forecast:
    """Where the year is heading by the seasons of earlier years: `ahead` from the last known month to December."""

    month: int
    spent: int
    years: tuple[int, ...]
    ahead: tuple[Ahead, ...] = ()

    @property
    def expected(self) -> int | None:
        return self.ahead[-1].expected if self.ahead else None

    @property
    def low(self) -> int | None:
        return self.ahead[-1].low if self.ahead else None

    @property
    def high(self) -> int | None:
        return self.ahead[-1].high if self.ahead else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Sign:
    """What a watch rule saw at one place: the figure, its own earlier one, the line it crossed.

    `since` and `until` (not counted any more) narrow the months where it was seen in a part of them.
    """

    watch: Watch
    facility_id: int | None
    facility: str
    value: Fraction
    before: Fraction | None
    limit: Fraction
    counted: int
    of: int
    why: Reason
    since: date | None = None
    until: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One event behind a figure, as the reviewer may open it."""

    kind: str
    key: int
    person_id: int
    day: date
    facility: str
    what: str
    fund: int = 0
