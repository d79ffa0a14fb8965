"""Valuing the cases of statements again, from the stored claims by the editions of their days, beside what was paid."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from fractions import Fraction
from functools import cache
from typing import Any

from django.db.models import DecimalField, ExpressionWrapper, F, Min, Sum

from catchment.kernel.errors import Refusal
from catchment.rooms.claims.models import CasePayment, Statement
from catchment.rooms.claims.queries import paying
from catchment.rooms.claims.queries.context import Books
from catchment.rooms.claims.queries.grouping import put_groups
from catchment.rooms.claims.queries.posting import Money, sides_of_statement
from catchment.rooms.claims.queries.recovering import FINAL, opposite
from catchment.rooms.claims.queries.replaying import Again, Difference, Heard, differing, misposted, posted_by, unheard
from catchment.rooms.claims.rules import Valued, Worth, point_of, value
from catchment.rooms.claims.types import State, StatementKind
from catchment.standards.money import share
from catchment.standards.reasons import reasons_in

BLOCK, DECEMBER = 1000, 12
"""Cases held in memory at once; the month with which a year's clearance is restated."""
EXACT = DecimalField(max_digits=60, decimal_places=18)


def restate(year: int, month: int, *, heard: Heard = unheard) -> Again:
    """Make every statement of a month again, in December those of the year's clearance too, and compare to the fen.

    A case whose claim was taken back and has moved on since stands as it was paid: what it said then is in its history.
    """
    periods = {f"{year}-{month:02d}"}
    kinds = [StatementKind.PREPAYMENT, StatementKind.MONTHLY]
    rows = list(Statement.objects.filter(period__in=periods, kind__in=kinds).select_related("facility").order_by("pk"))
    if month == DECEMBER:
        final = Statement.objects.filter(period__startswith=str(year), kind__in=FINAL).select_related("facility")
        rows += list(final.order_by("pk"))
    done, books = Again(), Books()
    for number, row in enumerate(rows, 1):
        done.editions.add(row.edition)
        done.note(_stated(row, books, done))
        heard(number, len(rows))
    return done


@dataclass(slots=True)
class Sums:
    """What the cases of one statement come to; `earned` is the fund's part without what is asked back."""

    kept: dict[str, Any] = field(default_factory=dict)
    cases: int = 0
    payable: int = 0
    fund: int = 0
    by_item: int = 0
    earned: int = 0
    first: Difference | None = None

    def add(self, one: Valued, by_item: int) -> None:
        """Count one case."""
        self.payable, self.fund = self.payable + one.payable, self.fund + one.fund
        self.by_item += by_item
        if one.worth is not Worth.RECOVERED:
            self.cases, self.earned = self.cases + 1, self.earned + one.fund


def _stated(row: Statement, books: Books, done: Again) -> Difference | None:
    subject = f"{row.kind} {row.period} {row.facility.name} {row.insurance}"
    done.counted += 1
    done.kept += row.paid
    try:
        sums = _cases(row, subject, books)
        money = _money(row, sums, books)
    except Refusal as refused:
        return Difference(subject=subject, what="edition", kept=row.edition, again=refused.message)
    done.again += money.paid
    again = {
        "cases": sums.cases, "payable": sums.payable, "fund": sums.fund, "by_item": sums.by_item,
        "deposit": money.deposit, "offset": _offset(row, money), "paid": money.paid,
    }  # fmt: skip
    kept = {name: getattr(row, name) for name in again}
    posted = posted_by([row.transaction_id]).get(row.transaction_id or 0, {})
    sides = sides_of_statement(row.facility, row.insurance, money)
    return sums.first or differing(subject, kept, again) or misposted(subject, posted, sides)


def _offset(row: Statement, money: Money) -> int:
    """A prepayment is posted as an offset below zero, and kept as nothing set off."""
    return 0 if row.kind == StatementKind.PREPAYMENT else money.offset


def _money(row: Statement, sums: Sums, books: Books) -> Money:
    year, pair = int(row.period[:4]), (row.facility_id, row.insurance)
    if row.kind == StatementKind.PREPAYMENT:
        first = _first(row.period)
        usual = paying.usual_month(first, before=row.transaction_id).get(pair, 0)
        return Money(0, 0, 0, -share(usual, Fraction(books.payment(first)[0].prepay_percent, 100)))
    if row.kind == StatementKind.MONTHLY:
        deposit = share(sums.earned, Fraction(books.payment(_last(row.period))[0].deposit_percent, 100))
        offset = max(0, min(sums.fund - deposit, paying.open_prepayment(*pair, before=row.pk)))
        return Money(sums.fund, sums.by_item, deposit, offset)
    if row.kind == StatementKind.SUPPLEMENT:
        return Money(sums.fund, sums.by_item, 0, 0)
    fund, by_item, kept_back, _open = paying.stated(year, *pair)
    offset = max(0, paying.open_prepayment(*pair, before=row.pk))
    return Money(sums.fund - fund, sums.by_item - by_item, -kept_back, offset)


def _cases(row: Statement, subject: str, books: Books) -> Sums:
    sums, point = Sums(), _points(row, books)
    for block in _blocks(row):
        reviewed = paying.granted([one.claim_id for one in block], until=row.made_at)
        before = _paid_before([one for one in block if one.worth == Worth.RECOVERED], row.pk)
        for one in block:
            by_item = one.settlement.basic + one.settlement.serious
            regrouped, again = _again(one, one.claim_id in reviewed, before, books, point)
            sign = -1 if again.worth is Worth.RECOVERED else 1
            sums.add(again, sign * by_item)
            sums.first = sums.first or regrouped or _differs(subject, one, again, sign * by_item)
    return sums


def _blocks(row: Statement) -> Iterator[list[CasePayment]]:
    rows = CasePayment.objects.filter(statement=row).select_related("settlement__claim__facility", "claim")
    after = 0
    while block := list(rows.filter(pk__gt=after).order_by("pk")[:BLOCK]):
        yield block
        after = block[-1].pk


def _paid_before(back: Sequence[CasePayment], statement_id: int) -> dict[int, CasePayment]:
    """By settlement: the payment that a recovered case asks back."""
    rows = CasePayment.objects.filter(
        settlement_id__in=[one.settlement_id for one in back], statement__kind__in=FINAL, statement_id__lt=statement_id
    )
    return {one.settlement_id: one for one in rows.exclude(worth=Worth.RECOVERED)}


def _again(
    one: CasePayment, reviewed: bool, before: dict[int, CasePayment], books: Books, point: Any
) -> tuple[Difference | None, Valued]:
    """Whether its group is another now, and what the case is worth."""
    if one.worth == Worth.RECOVERED:
        return None, opposite(before[one.settlement_id])
    claim = one.settlement.claim
    if one.settlement.cancelled_at is not None and claim.state != State.CANCELLED:
        return None, _as_kept(one)
    kept = {"group": claim.drg, "weight": claim.weight}
    put_groups([claim], books)
    found = differing(claim.number, kept, {"group": claim.drg, "weight": claim.weight})
    rule, groups = books.payment(claim.ends_on)[0], books.weights(claim.ends_on).by_group
    return found, value(paying.case_of(one.settlement, reviewed=reviewed), rule, groups, point(claim.ends_on))


def _as_kept(one: CasePayment) -> Valued:
    return Valued(
        claim_id=one.claim_id, worth=Worth(one.worth), weight=one.weight, factor=one.factor, standard=one.standard,
        payable=one.payable, fund=one.fund, why=reasons_in(one.why),
    )  # fmt: skip


def _differs(subject: str, one: CasePayment, again: Valued, by_item: int) -> Difference | None:
    names = ("worth", "weight", "factor", "standard", "payable", "fund")
    told = {name: getattr(again, name) for name in names} | {"worth": again.worth.value, "by_item": by_item}
    told["why"] = [why.as_dict() for why in again.why]
    return differing(f"{subject} {one.claim.number}", {name: getattr(one, name) for name in told}, told)


def _points(row: Statement, books: Books) -> Any:
    """What one weight was worth on the statement, by the day of a case."""
    year = int(row.period[:4])
    own = _point(row, year, books)
    earlier = cache(paying.cleared_point)
    if row.kind == StatementKind.SUPPLEMENT:
        return lambda _day: own
    return lambda day: own if day.year == year else Fraction(earlier(day.year) or 0)


def _point(row: Statement, year: int, books: Books) -> Fraction:
    if row.kind == StatementKind.MONTHLY:
        return point_of(books.payment(_last(row.period))[0], Fraction(0), final=False)
    first = Statement.objects.filter(kind=StatementKind.CLEARANCE, period=str(year))
    made_at = first.aggregate(at=Min("made_at"))["at"]
    if row.kind == StatementKind.CLEARANCE and row.made_at == made_at:
        return point_of(books.payment(date(year, 12, 31))[0], _weights(year, made_at), final=True)
    return Fraction(paying.cleared_point(year) or 0)


def _weights(year: int, made_at: Any) -> Fraction:
    """The weights with their factors of a year's own cases, as its clearance counted them."""
    rows = CasePayment.objects.filter(
        statement__kind=StatementKind.CLEARANCE, statement__period=str(year), statement__made_at=made_at,
        settlement__year=year,
    ).exclude(worth=Worth.RECOVERED)  # fmt: skip
    product = ExpressionWrapper(F("weight") * F("factor"), output_field=EXACT)
    return Fraction(rows.aggregate(n=Sum(product, output_field=EXACT))["n"] or 0)


def _first(period: str) -> date:
    return date.fromisoformat(f"{period}-01")


def _last(period: str) -> date:
    return (_first(period) + timedelta(days=31)).replace(day=1) - timedelta(days=1)
