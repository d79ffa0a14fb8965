"""Statements by disease: a month in advance, a month's cases, the yearly clearance; each a ledger transaction."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from functools import cache
from types import MappingProxyType
from typing import TypeVar

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from catchment.kernel import audit, wall
from catchment.kernel.actor import Actor
from catchment.kernel.errors import Refusal
from catchment.rooms.claims import queries
from catchment.rooms.claims.actions import recovering
from catchment.rooms.claims.actions.making import DESK
from catchment.rooms.claims.models import CasePayment, Settlement, Statement
from catchment.rooms.claims.queries.context import Books
from catchment.rooms.claims.queries.posting import Money, sides_of_statement
from catchment.rooms.claims.rules import PaymentRule, Valued, Worth, point_of, value
from catchment.rooms.claims.types import StatementKind
from catchment.rooms.ledger import actions as ledger
from catchment.rooms.ledger.types import Entry, Line
from catchment.rooms.places.models import Facility
from catchment.rooms.rulebook import queries as rulebook
from catchment.standards.money import share
from catchment.standards.reasons import Reason

PAY = "claims.pay"
Pair = tuple[int, str]
Held = TypeVar("Held")
NONE: Mapping[int, CasePayment] = MappingProxyType({})


def prepay_month(*, actor: Actor, now: datetime, year: int, month: int) -> list[Statement]:
    """Pay each facility its share of a usual month in advance; once for each facility, insurance and month."""
    actor.require(PAY)
    first = date(year, month, 1)
    rule, edition, verified = Books().payment(first)
    period = f"{first:%Y-%m}"
    with transaction.atomic(), wall.acting(DESK):
        made = []
        for (place, insurance), usual in _new(StatementKind.PREPAYMENT, period, queries.usual_month(first)).items():
            paid = share(usual, Fraction(rule.prepay_percent, 100))
            if paid <= 0:
                continue
            why = Reason("prepayment", {"usual": usual, "percent": rule.prepay_percent})
            row = Statement(
                kind=StatementKind.PREPAYMENT, period=period, facility_id=place, insurance=insurance, edition=edition,
                verified=verified, method=rule.method, paid=paid, why=[why.as_dict()],
            )  # fmt: skip
            made.append(_posted(row, Money(due=0, booked=0, deposit=0, offset=-paid), actor, now))
    return made


def state_month(*, actor: Actor, now: datetime, year: int, month: int) -> list[Statement]:
    """Value the settled stays that ended by the month's end and stand on no statement, and pay what they are worth.

    Stays settled late come on the next month's statement. Refused for a month that has not ended.
    """
    actor.require(PAY)
    first = date(year, month, 1)
    last = (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)
    if timezone.localdate(now) <= last:
        raise Refusal("month-open", _("%s 还没有过完，月底之后才能对账") % f"{first:%Y-%m}")
    if Statement.objects.filter(kind=StatementKind.CLEARANCE, period=str(year)).exists():
        raise Refusal("year-cleared", _("%d 年已经清算，不能再按月对账") % year)
    rule, edition, verified = Books().payment(last)
    with transaction.atomic(), wall.acting(DESK):
        back = recovering.due(year)
        rows_due = [*queries.treated(date(year, 1, 1), last, unstated=True), *_carried(queries.late(year))]
        rows_due += [one.settlement for one in back.values()]
        pairs = _new(StatementKind.MONTHLY, f"{first:%Y-%m}", _by_pair(rows_due))
        point = point_of(rule, Fraction(0), final=False)
        due, sure = rulebook.working_days_after(last, rule.settle_working_days)
        valued = _valued([one for rows in pairs.values() for one in rows], _points(year, point), back)
        made = []
        for (place, insurance), rows in pairs.items():
            row = _summed(StatementKind.MONTHLY, f"{first:%Y-%m}", rows, valued, rule, point)
            why = _late([one for one in rows if one.pk not in back], year)
            row.facility_id, row.insurance, row.edition, row.verified = place, insurance, edition, verified
            row.deposit = recovering.deposit(rows, valued, rule.deposit_percent)
            row.offset = max(0, min(row.fund - row.deposit, queries.open_prepayment(place, insurance)))
            row.due_on = due
            why += recovering.statement_reasons(rows, valued, row.fund - row.deposit - row.offset)
            row.why = [one.as_dict() for one in (*why, *([] if sure else [Reason("calendar")]))]
            made.append(_posted(row, Money(row.fund, row.by_item, row.deposit, row.offset), actor, now))
            _keep_cases(row, rows, valued)
    return made


def clear_year(*, actor: Actor, now: datetime, year: int) -> list[Statement]:
    """The yearly clearance: every live settlement of the year valued anew, at the final rate; the difference is paid.

    Deposits are given back, prepayments set off, cancelled cases leave again. Once for each facility, insurance, year;
    what was carried into the year from one that had been cleared is among it, at its own year's rate; so is what was
    asked back of one. Cleared again, a year whose edition says so pays, and asks back, what has come since on a
    supplement.
    """
    actor.require(PAY)
    if timezone.localdate(now).year <= year:
        raise Refusal("year-open", _("%d 年还没有过完，次年才能清算") % year)
    rule, edition, verified = Books().payment(date(year, 12, 31))
    due = date(year + 1, *map(int, rule.clearance_due.split("-")))
    with transaction.atomic(), wall.acting(DESK):
        everything = queries.treated(date(year, 1, 1), date(year, 12, 31), unstated=False)
        before = queries.cleared_point(year)
        point = point_of(rule, _all_weights(everything), final=True) if before is None else Fraction(before)
        made = [] if before is None else _supplements(year, rule, edition, verified, point, actor, now)
        back = recovering.due(year, stated_in=year)
        everything += [*_carried(queries.late(year, stated_in=year)), *(one.settlement for one in back.values())]
        valued = _valued(everything, _points(year, point), back)
        pairs: dict[Pair, list[Settlement]] = {pair: [] for pair in queries.paid_pairs(year)} | _by_pair(everything)
        for (place, insurance), rows in _new(StatementKind.CLEARANCE, str(year), pairs).items():
            row = _summed(StatementKind.CLEARANCE, str(year), rows, valued, rule, point)
            row.facility_id, row.insurance, row.edition, row.verified = place, insurance, edition, verified
            fund, by_item, deposit, prepaid = queries.stated(year, place, insurance)
            row.deposit, row.offset, row.due_on = -deposit, max(0, prepaid), due
            why = _late([one for one in rows if one.pk not in back], year)
            why += _cleared(row.fund, fund, deposit, due, timezone.localdate(now))
            why += recovering.statement_reasons(rows, valued, row.fund - fund + deposit - row.offset)
            row.why = [one.as_dict() for one in why]
            made.append(_posted(row, Money(row.fund - fund, row.by_item - by_item, -deposit, row.offset), actor, now))
            _keep_cases(row, rows, valued)
    return made


def _supplements(
    year: int, rule: PaymentRule, edition: str, verified: bool, point: Fraction, actor: Actor, now: datetime
) -> list[Statement]:
    """What has come since the clearance, where the edition pays it as a supplement and does not carry it."""
    if rule.late != "supplement":
        return []
    back = recovering.due_of(year)
    came = [row for row in queries.late(year + 1) if row.year == year]
    pairs = _by_pair([*came, *(one.settlement for one in back.values())])
    valued = _valued([row for rows in pairs.values() for row in rows], lambda _day: point, back)
    made = []
    for (place, insurance), rows in pairs.items():
        known = Statement.objects.filter(
            kind=StatementKind.SUPPLEMENT, period__startswith=str(year), facility_id=place, insurance=insurance
        ).count()
        row = _summed(StatementKind.SUPPLEMENT, f"{year}.{known + 1}", rows, valued, rule, point)
        row.facility_id, row.insurance, row.edition, row.verified = place, insurance, edition, verified
        why = _late([one for one in rows if one.pk not in back], year + 1)
        why += recovering.statement_reasons(rows, valued, row.fund)
        row.why = [one.as_dict() for one in why]
        made.append(_posted(row, Money(row.fund, row.by_item, 0, 0), actor, now))
        _keep_cases(row, rows, valued)
    return made


def _carried(rows: Sequence[Settlement]) -> list[Settlement]:
    """Those whose own year's edition carries them into the next one."""
    books = Books()
    return [row for row in rows if books.payment(date(row.year, 12, 31))[0].late == "next-year"]


def _points(year: int, point: Fraction) -> Callable[[date], Fraction]:
    """The rate by the day of a case: that of the year, of an earlier one what it was cleared at."""
    earlier = cache(queries.cleared_point)
    return lambda day: point if day.year == year else Fraction(earlier(day.year) or 0)


def _late(rows: Sequence[Settlement], year: int) -> list[Reason]:
    count = sum(row.year < year for row in rows)
    return [Reason("late", {"n": count})] if count else []


def _cleared(final: int, stated: int, deposit: int, due: date, today: date) -> list[Reason]:
    told = {"final": final, "stated": stated, "rest": final - stated, "deposit": deposit}
    return [Reason("clearance", told), *([Reason("overdue", {"day": due.isoformat()})] if today > due else [])]


def _by_pair(rows: Sequence[Settlement]) -> dict[Pair, list[Settlement]]:
    found: dict[Pair, list[Settlement]] = defaultdict(list)
    for row in rows:
        found[row.claim.facility_id, row.claim.insurance].append(row)
    return found


def _new(kind: StatementKind, period: str, pairs: Mapping[Pair, Held]) -> dict[Pair, Held]:
    """Those of which no such statement stands yet."""
    known = set(Statement.objects.filter(kind=kind, period=period).values_list("facility_id", "insurance"))
    return {pair: held for pair, held in pairs.items() if pair not in known}


def _valued(
    rows: Sequence[Settlement], point: Callable[[date], Fraction], back: Mapping[int, CasePayment] = NONE
) -> dict[int, Valued]:
    """What each is worth; those of `back` what was paid for them, below zero."""
    books, reviewed = Books(), queries.granted([row.claim_id for row in rows])
    found = recovering.opposites(back)
    for row in rows:
        if row.pk in found:
            continue
        day = row.claim.ends_on
        case = queries.case_of(row, reviewed=row.claim_id in reviewed)
        found[row.pk] = value(case, books.payment(day)[0], books.weights(day).by_group, point(day))
    return found


def _all_weights(rows: Sequence[Settlement]) -> Fraction:
    """The year's weights with their factors, over all facilities."""
    one = _valued(rows, lambda _day: Fraction(1))
    return sum((Fraction(each.weight) * Fraction(each.factor) for each in one.values()), Fraction(0))


def _summed(
    kind: StatementKind,
    period: str,
    rows: Sequence[Settlement],
    valued: Mapping[int, Valued],
    rule: PaymentRule,
    point: Fraction,
) -> Statement:
    worth = [valued[row.pk] for row in rows]
    signed = [(row, _sign(valued[row.pk])) for row in rows]
    return Statement(
        kind=kind, period=period, method=rule.method, point=round(Decimal(point.numerator) / point.denominator, 6),
        cases=sum(sign > 0 for _row, sign in signed), weights=sum((one.weight for one in worth), Decimal(0)),
        total=sum(sign * row.claim.total for row, sign in signed),
        patient=sum(sign * row.patient for row, sign in signed),
        payable=sum(one.payable for one in worth), fund=sum(one.fund for one in worth),
        by_item=sum(sign * (row.basic + row.serious) for row, sign in signed), why=[],
    )  # fmt: skip


def _sign(one: Valued) -> int:
    return -1 if one.worth is Worth.RECOVERED else 1


def _keep_cases(statement: Statement, rows: Sequence[Settlement], valued: Mapping[int, Valued]) -> None:
    CasePayment.objects.bulk_create(
        [
            CasePayment(
                statement=statement, settlement=row, claim=row.claim, worth=one.worth.value, weight=one.weight,
                factor=one.factor, standard=one.standard, payable=one.payable, fund=one.fund,
                by_item=_sign(one) * (row.basic + row.serious), why=[why.as_dict() for why in one.why],
            )
            for row in rows
            for one in [valued[row.pk]]
        ],
        batch_size=1000,
    )  # fmt: skip


def _posted(row: Statement, money: Money, actor: Actor, now: datetime) -> Statement:
    """Post what the statement moves, where it moves anything, and keep it."""
    row.paid, row.made_at, row.made_by = money.paid, now, actor.name
    place = Facility.objects.get(pk=row.facility_id)
    sides = sides_of_statement(place, row.insurance, money)
    if sides:
        clerk = replace(actor, capabilities=actor.capabilities | {"ledger.post"})
        accounts = ledger.open_accounts(actor=clerk, now=now, wanted=[(owner, purpose) for owner, purpose, _n in sides])
        lines = tuple(
            Line(account_id=accounts[owner.kind.value, owner.code, purpose], amount=amount)
            for owner, purpose, amount in sides
        )
        ref = f"{row.kind}:{row.period}:{place.code}:{row.insurance}"[:64]
        entry = Entry(kind=row.kind, booked_on=timezone.localdate(now), lines=lines, source=("statement", ref))
        row.transaction = ledger.post(actor=clerk, now=now, entry=entry)
    row.save()
    detail = {"kind": row.kind, "period": row.period, "cases": row.cases}
    audit.record(actor=actor, event="claim.statement", at=now, subject=("statement", row.pk), detail=detail)
    return row
