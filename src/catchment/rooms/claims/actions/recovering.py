"""Asking back what a hospital was finally paid by group for a case that was taken back after its year's clearance."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from fractions import Fraction

from catchment.rooms.claims import queries
from catchment.rooms.claims.models import CasePayment, Settlement
from catchment.rooms.claims.queries.context import Books
from catchment.rooms.claims.rules import Valued, Worth
from catchment.standards.money import share
from catchment.standards.reasons import Reason


def due(year: int, *, stated_in: int | None = None) -> dict[int, CasePayment]:
    """By settlement: what a statement of the year asks back, where the edition carries what comes late into it."""
    return _where("next-year", queries.to_recover(year, stated_in=stated_in))


def due_of(year: int) -> dict[int, CasePayment]:
    """By settlement: what a supplement to the year's clearance asks back, where the edition says so."""
    rows = [one for one in queries.to_recover(year + 1) if _year(one) == year]
    return _where("supplement", rows)


def opposites(back: Mapping[int, CasePayment]) -> dict[int, Valued]:
    """By settlement: its whole payment below zero, with who took it back and why."""
    return {key: queries.opposite(one) for key, one in back.items()}


def deposit(rows: Iterable[Settlement], valued: Mapping[int, Valued], percent: int) -> int:
    """What is kept of the cases that are paid: of what is asked back the deposit was given back at the clearance."""
    earned = sum(one.fund for row in rows if (one := valued[row.pk]).worth is not Worth.RECOVERED)
    return share(earned, Fraction(percent, 100))


def statement_reasons(rows: Sequence[Settlement], valued: Mapping[int, Valued], paid: int) -> list[Reason]:
    """What a statement says of the cases it asks back, and that the hospital owes where they are more than the rest."""
    back = [valued[row.pk].fund for row in rows if valued[row.pk].worth is Worth.RECOVERED]
    if not back:
        return []
    told = [Reason("back", {"n": len(back), "sum": -sum(back)})]
    return told + ([Reason("owed", {"owed": -paid})] if paid < 0 else [])


def _where(late: str, rows: Iterable[CasePayment]) -> dict[int, CasePayment]:
    books = Books()
    return {
        one.settlement_id: one for one in rows if books.payment(date(_year(one), 12, 31))[0].late == late
    }  # fmt: skip


def _year(one: CasePayment) -> int:
    return int(one.statement.period[:4])
