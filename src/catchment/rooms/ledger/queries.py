"""Balances, statements and the proof of the books."""

from datetime import date

from django.db import connection
from django.db.models import Q, QuerySet, Sum
from django.utils.translation import gettext as _

from catchment.kernel.errors import NotFound
from catchment.rooms.ledger.models import Account, Period, PeriodChange, Posting
from catchment.rooms.ledger.rules import parts_of
from catchment.rooms.ledger.types import BalanceLine, Fault, StatementLine

NUMBERED = "p.code || '/' || t.source_kind || '/' || coalesce(t.number::text, '-')"
DIGEST = """encode(sha256(convert_to(concat_ws('|', t.kind, t.source_kind, t.source_ref, t.booked_on, t.memo,
    coalesce(t.corrects_id::text, ''), (select coalesce(string_agg(o.account_id || ':' || o.amount, ','
        order by o.account_id, o.amount), '') from ledger_posting o where o.transaction_id = t.id)), 'UTF8')), 'hex')"""
GUARDS = ("ledger_number ledger_transaction", "ledger_same_moment ledger_posting", "ledger_balance ledger_transaction",
          "ledger_balance ledger_posting", "ledger_period_changed ledger_periodchange",
          *(f"ledger_stays ledger_{name}" for name in ("transaction", "posting", "periodchange", "period", "journal")),
          *(f"ledger_is_not_emptied ledger_{name}" for name in ("transaction", "posting")))  # fmt: skip
CHECKS: dict[str, str] = {
    "unbalanced": f"""select {NUMBERED}, 'sum ' || sum(o.amount) from ledger_transaction t
        join ledger_period p on p.id = t.period_id join ledger_posting o on o.transaction_id = t.id
        group by t.id, p.code having sum(o.amount) <> 0 order by t.id limit 1""",  # noqa: S608 constants only
    "one-sided": f"""select {NUMBERED}, count(o.id) || ' postings' from ledger_transaction t
        join ledger_period p on p.id = t.period_id left join ledger_posting o on o.transaction_id = t.id
        group by t.id, p.code having count(o.id) < 2 order by t.id limit 1""",  # noqa: S608 constants only
    "orphan-posting": """select 'posting ' || o.id, 'its transaction or account is gone' from ledger_posting o
        left join ledger_transaction t on t.id = o.transaction_id left join ledger_account a on a.id = o.account_id
        where t.id is null or a.id is null order by o.id limit 1""",
    "gap": f"""select {NUMBERED}, 'expected ' || t.due from (select t.*, row_number() over (
            partition by t.period_id, t.source_kind order by t.number nulls first) as due from ledger_transaction t) t
        join ledger_period p on p.id = t.period_id where t.number is distinct from t.due
        order by p.code, t.source_kind, t.due limit 1""",  # noqa: S608 constants only
    "missing-at-end": """select p.code || '/' || j.source_kind, 'last ' || j.last || ', found ' || count(t.id)
        from ledger_journal j join ledger_period p on p.id = j.period_id
        left join ledger_transaction t on t.period_id = j.period_id and t.source_kind = j.source_kind
        group by j.id, p.code having count(t.id) <> j.last order by p.code, j.source_kind limit 1""",
    "no-journal": f"""select {NUMBERED}, 'its journal is gone' from ledger_transaction t
        join ledger_period p on p.id = t.period_id left join ledger_journal j on j.period_id = t.period_id
            and j.source_kind = t.source_kind where j.id is null order by t.id limit 1""",  # noqa: S608 constants only
    "no-period": """select 'transaction ' || t.id, 'its period is gone' from ledger_transaction t
        left join ledger_period p on p.id = t.period_id where p.id is null order by t.id limit 1""",
    "altered": f"""select {NUMBERED}, 'not as it was posted' from ledger_transaction t
        join ledger_period p on p.id = t.period_id where t.digest <> {DIGEST} order by t.id limit 1""",  # noqa: S608 constants only
    "after-close": f"""select {NUMBERED}, 'recorded ' || t.recorded_at || ', period closed ' || c.at
        from ledger_transaction t join ledger_period p on p.id = t.period_id join lateral (
            select h.state, h.at from ledger_periodchange h where h.period_id = p.id and h.at <= t.recorded_at
            order by h.id desc limit 1) c on c.state = 'closed' order by t.id limit 1""",  # noqa: S608 constants only
    "half-corrected": f"""select {NUMBERED}, 'not the opposite of what it corrects' from ledger_transaction t
        join ledger_period p on p.id = t.period_id where t.corrects_id is not null and exists (
            select from ledger_posting o where o.transaction_id in (t.id, t.corrects_id)
            group by o.account_id having sum(o.amount) <> 0) order by t.id limit 1""",  # noqa: S608 constants only
    "unguarded": f"""select split_part(g.name, ' ', 2), 'trigger ' || split_part(g.name, ' ', 1) || ' is off or gone'
        from unnest(array{list(GUARDS)}) with ordinality g (name, at) left join pg_trigger r
            on r.tgname = split_part(g.name, ' ', 1) and r.tgrelid = to_regclass(split_part(g.name, ' ', 2))
        where coalesce(r.tgenabled, 'D') not in ('O', 'A') order by g.at limit 1""",  # noqa: S608 constants only
    "outside-period": f"""select {NUMBERED}, 'booked on ' || t.booked_on from ledger_transaction t
        join ledger_period p on p.id = t.period_id where t.booked_on not between p.starts and p.ends
        order by t.id limit 1""",  # noqa: S608 constants only
    "period-state": """select p.code, p.state || ', last change ' || coalesce(c.state, 'none') from ledger_period p
        left join lateral (select state from ledger_periodchange where period_id = p.id order by id desc limit 1) c
            on true where p.state <> coalesce(c.state, 'open') order by p.code limit 1""",
}  # fmt: skip


def accounts() -> list[Account]:
    """Every account, by owner and purpose."""
    return list(Account.objects.order_by("owner_kind", "owner_code", "purpose"))


def account(code: str) -> Account:
    """One account by its code; `NotFound` when there is none."""
    kind, owner, purpose = parts_of(code)
    found = Account.objects.filter(owner_kind=kind, owner_code=owner, purpose=purpose).first()
    if found is None:
        raise NotFound("no-account", _("没有账户 %s；catchment ledger accounts 列出全部") % code)
    return found


def statement(account_id: int, *, since: date, until: date) -> tuple[int, list[StatementLine]]:
    """An account's balance before `since`, and its postings to `until` inclusive, each with the balance after it."""
    mine = Posting.objects.filter(account_id=account_id)
    opening = mine.filter(transaction__booked_on__lt=since).aggregate(n=Sum("amount"))["n"] or 0
    rows = mine.filter(transaction__booked_on__range=(since, until)).select_related("transaction__period")
    lines, balance = [], opening
    for row in rows.order_by("transaction__booked_on", "transaction_id", "id"):
        balance += row.amount
        lines.append(_line(row, balance))
    return opening, lines


def trial_balance(day: date, among: QuerySet[Account] | None = None) -> list[BalanceLine]:
    """Every account that moved, or those of `among`, with its debits and credits booked to the end of the day."""
    moved = Q(transaction__booked_on__lte=day)
    asked = accounts() if among is None else list(among)
    if among is not None:
        moved &= Q(account__in=among)
    sums = {
        row["account_id"]: (row["debit"] or 0, -(row["credit"] or 0))
        for row in Posting.objects.filter(moved)
        .values("account_id")
        .annotate(debit=Sum("amount", filter=Q(amount__gt=0)), credit=Sum("amount", filter=Q(amount__lt=0)))
    }
    return [
        BalanceLine(account=one.code, name=one.name, debit=debit, credit=credit, balance=debit - credit)
        for one in asked
        if one.pk in sums
        for debit, credit in [sums[one.pk]]
    ]


def periods() -> list[Period]:
    """Every period, oldest first."""
    return list(Period.objects.order_by("code"))


def changes(code: str) -> list[PeriodChange]:
    """Who closed and reopened a period, in order."""
    return list(PeriodChange.objects.filter(period__code=code).order_by("pk"))


def verify() -> tuple[dict[str, int], list[Fault]]:
    """How much was looked at, and the first fault of each kind; none when the books balance without orphan or gap."""
    faults = []
    with connection.cursor() as cursor:
        for name, asked in CHECKS.items():
            cursor.execute(asked)
            faults += [Fault(fault=name, subject=row[0], detail=row[1]) for row in cursor.fetchall()]
        cursor.execute(
            "select (select count(*) from ledger_transaction), count(*), coalesce(sum(amount), 0) from ledger_posting"
        )
        transactions, postings, total = cursor.fetchone()
    return {"transactions": transactions, "postings": postings, "sum": int(total)}, faults


def _line(row: Posting, balance: int) -> StatementLine:
    entry = row.transaction
    return StatementLine(
        number=f"{entry.period.code}/{entry.source_kind}/{entry.number}",
        booked_on=entry.booked_on,
        kind=entry.kind,
        source=entry.source_ref,
        memo=entry.memo,
        amount=row.amount,
        balance=balance,
    )
