"""Asking back what a hospital was finally paid by group for a case that was taken back after its year's clearance."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from fractions import Fraction

from django.utils import timezone
from django.utils.translation import gettext as _

from catchment.rooms.claims import queries
from catchment.rooms.claims.models import CasePayment, Settlement
from catchment.rooms.claims.queries.context import Books
from catchment.rooms.claims.rules import Valued, Worth, words
from catchment.standards.money import share, yuan


def due(year: int, *, stated_in: int | None = None) -> dict[int, CasePayment]:
    """By settlement: what a statement of the year asks back, where the edition carries what comes late into it."""
    return _where("next-year", queries.to_recover(year, stated_in=stated_in))


def due_of(year: int) -> dict[int, CasePayment]:
    """By settlement: what a supplement to the year's clearance asks back, where the edition says so."""
    rows = [one for one in queries.to_recover(year + 1) if _year(one) == year]
    return _where("supplement", rows)


def opposites(back: Mapping[int, CasePayment]) -> dict[int, Valued]:
    """By settlement: its whole payment below zero, with who took it back and why."""
    return {
        key: replace(queries.opposite(one), why=({"code": "recovered", "text": _told(one)},))
        for key, one in back.items()
    }


def deposit(rows: Iterable[Settlement], valued: Mapping[int, Valued], percent: int) -> int:
    """What is kept of the cases that are paid: of what is asked back the deposit was given back at the clearance."""
    earned = sum(one.fund for row in rows if (one := valued[row.pk]).worth is not Worth.RECOVERED)
    return share(earned, Fraction(percent, 100))


def statement_words(rows: Sequence[Settlement], valued: Mapping[int, Valued], paid: int) -> list[dict[str, str]]:
    """What a statement says of the cases it asks back, and that the hospital owes where they are more than the rest."""
    back = [valued[row.pk].fund for row in rows if valued[row.pk].worth is Worth.RECOVERED]
    if not back:
        return []
    told = _("收回清算之后撤销的病例 %(n)d 例，共 %(sum)s 元") % {"n": len(back), "sum": yuan(-sum(back))}
    owed = _("本期应付不足抵扣，由机构退回 %s 元") % yuan(-paid)
    return [{"code": "recovered", "text": told}, *([{"code": "owed", "text": owed}] if paid < 0 else [])]


def _where(late: str, rows: Iterable[CasePayment]) -> dict[int, CasePayment]:
    books = Books()
    return {
        one.settlement_id: one for one in rows if books.payment(date(_year(one), 12, 31))[0].late == late
    }  # fmt: skip


def _year(one: CasePayment) -> int:
    return int(one.statement.period[:4])


def _told(one: CasePayment) -> str:
    gone = one.settlement
    return _("%(period)s %(kind)s已付基金 %(fund)s 元；%(day)s 由 %(by)s 撤销：%(reason)s；本期收回") % {
        "period": one.statement.period, "kind": words.STATEMENTS[one.statement.kind], "fund": yuan(one.fund),
        "day": timezone.localdate(gone.cancelled_at).isoformat(), "by": gone.cancelled_by or "—",
        "reason": gone.cancel_reason,
    }  # fmt: skip
