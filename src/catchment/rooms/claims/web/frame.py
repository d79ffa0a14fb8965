"""What the pages of claims share: the period, spreadsheets, an actor's reach."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.http import HttpResponse
from django.utils import timezone

from catchment.kernel import sheets, uploads

MOST_ROWS = 50_000


@dataclass(frozen=True, slots=True)
class Period:
    """From the first day to the last, both included."""

    first: date
    last: date

    @property
    def query(self) -> str:
        """The address's part that opens this period."""
        return f"first={self.first.isoformat()}&last={self.last.isoformat()}"


def period_of(given: Mapping[str, Any], now: datetime) -> Period:
    """The period asked for by first and last day or by year; the last twelve months otherwise."""
    today = timezone.localdate(now)
    first, last = _day(given.get("first")), _day(given.get("last"))
    if first and last and first <= last:
        return Period(first, last)
    year = str(given.get("year", ""))
    if year.isdecimal() and len(year) == len("2026") and int(year) > 1:
        return Period(date(int(year), 1, 1), date(int(year), 12, 31))
    back = today.replace(day=1)
    return Period(back.replace(year=back.year - 1), today)


def spreadsheet(name: str, header: Sequence[str], rows: Iterable[Sequence[Any]]) -> HttpResponse:
    """An xlsx to be kept."""
    return uploads.to_keep(sheets.workbook(name, header, rows), sheets.XLSX, f"{name}.xlsx")


def in_yuan(amount: int) -> float:
    """Fen as the number a spreadsheet adds up."""
    return amount / 100


def _day(text: Any) -> date | None:
    try:
        return date.fromisoformat(str(text)) if text else None
    except ValueError:
        return None
