"""Periods that indicators are counted over: a month, a quarter, a year, twelve months on end."""

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

_FORMS = re.compile(r"(?P<year>\d{4})(?:Q(?P<quarter>[1-4])|-(?P<month>0[1-9]|1[0-2])(?P<rolling>-12m)?)?", re.ASCII)
WAYS = "2025, 2025Q3, 2025-09, 2025-09-12m"


class PeriodKind(StrEnum):
    """`rolling` is the twelve months that end with a month."""

    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"
    ROLLING = "rolling"


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """From the first day to the last, both included. `code` is how it is written: 2025Q3, 2025-09-12m."""

    first: date
    last: date
    code: str
    kind: PeriodKind

    def year_before(self) -> "Period":
        """The same period a year earlier."""
        return period_of(str(int(self.code[:4]) - 1) + self.code[4:])

    def before(self) -> "Period":
        """The period just before this one; of rolling ones, the one that ends a month earlier."""
        if self.kind is PeriodKind.YEAR:
            return self.year_before()
        if self.kind is PeriodKind.QUARTER:
            year, number = _shifted(self.first.year, self.first.month, -3)
            return period_of(f"{year}Q{(number - 1) // 3 + 1}")
        year, number = _shifted(self.last.year, self.last.month, -1)
        return period_of(f"{year}-{number:02}" + ("-12m" if self.kind is PeriodKind.ROLLING else ""))


def period_of(code: str) -> Period:
    """The period that a code names. Raises `ValueError` telling the forms there are."""
    found = _FORMS.fullmatch(code)
    if found is None or int(found["year"]) < 1901:
        raise ValueError(f"{code!r} is no period; write {WAYS}")
    year = int(found["year"])
    if found["quarter"]:
        last = int(found["quarter"]) * 3
        return Period(date(year, last - 2, 1), _end(year, last), code, PeriodKind.QUARTER)
    if not found["month"]:
        return Period(date(year, 1, 1), date(year, 12, 31), code, PeriodKind.YEAR)
    month = int(found["month"])
    if found["rolling"]:
        return Period(date(*_shifted(year, month, -11), 1), _end(year, month), code, PeriodKind.ROLLING)
    return Period(date(year, month, 1), _end(year, month), code, PeriodKind.MONTH)


def series(period: Period, length: int) -> list[Period]:
    """The last `length` periods of the same kind up to this one, oldest first."""
    found = [period]
    while len(found) < length:
        found.insert(0, found[0].before())
    return found


def within(period: Period, kind: PeriodKind) -> list[Period]:
    """The months or quarters of which a longer period is made; empty where it is not made of them."""
    size = {PeriodKind.MONTH: 1, PeriodKind.QUARTER: 3}.get(kind)
    months = (period.last.year - period.first.year) * 12 + period.last.month - period.first.month + 1
    if size is None or months <= size or months % size or (size > 1 and period.first.month % 3 != 1):
        return []
    starts = [_shifted(period.first.year, period.first.month, step) for step in range(0, months, size)]
    return [period_of(f"{y}-{m:02}" if size == 1 else f"{y}Q{(m - 1) // 3 + 1}") for y, m in starts]


def _shifted(year: int, month: int, by: int) -> tuple[int, int]:
    months = year * 12 + month - 1 + by
    return months // 12, months % 12 + 1


def _end(year: int, month: int) -> date:
    return date(year, month, monthrange(year, month)[1])
