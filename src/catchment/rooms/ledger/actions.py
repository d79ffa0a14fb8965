"""Opening accounts, posting, taking back, closing and reopening periods."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from catchment.kernel import audit
from catchment.kernel.actor import Actor
from catchment.kernel.errors import Invalid, NotFound, Problem, Refusal
from catchment.rooms.ledger.models import Account, Period, PeriodChange, Posting, Transaction
from catchment.rooms.ledger.rules import MEMO, check_entry, digest_of, month_of
from catchment.rooms.ledger.types import Entry, Line, Owner, PeriodState

CORRECTION = "correction"


def open_account(*, actor: Actor, now: datetime, owner: Owner, purpose: str) -> Account:
    """The owner's account for a purpose, opened where there is none."""
    actor.require("ledger.post")
    with transaction.atomic():
        account, made = Account.objects.get_or_create(
            owner_kind=owner.kind,
            owner_code=owner.code,
            purpose=purpose,
            defaults={name: getattr(_account(owner, purpose), name) for name in ("name", "facility_id", "person_id")},
        )
        if made:
            subject = ("account", account.pk)
            audit.record(actor=actor, event="account.open", at=now, person_id=owner.person_id, subject=subject)
    return account


def post(*, actor: Actor, now: datetime, entry: Entry) -> Transaction:
    """Post one entry; what was posted before from the same source and kind is given back unchanged.

    Raises `Invalid` for an entry that does not balance, `Refusal` for a day in a closed period.
    """
    actor.require("ledger.post")
    check_entry(entry)
    with transaction.atomic():
        known = _posted(entry)
        return known or _write(actor, now, entry, None)


def open_accounts(
    *, actor: Actor, now: datetime, wanted: Iterable[tuple[Owner, str]]
) -> dict[tuple[str, str, str], int]:
    """The accounts of owners and purposes by (kind, code, purpose), those opened that were not there."""
    actor.require("ledger.post")
    named = {(owner.kind.value, owner.code, purpose): owner for owner, purpose in wanted}
    with transaction.atomic():
        known = _accounts(named)
        fresh = [_account(owner, key[2]) for key, owner in named.items() if key not in known]
        if fresh:
            Account.objects.bulk_create(fresh, ignore_conflicts=True, batch_size=2000)
            audit.record(actor=actor, event="account.open", at=now, detail={"count": len(fresh)})
            known = _accounts(named)
    return known


def post_many(*, actor: Actor, now: datetime, entries: Sequence[Entry]) -> list[Transaction]:
    """Post entries in one transaction, all or none; the transactions stand in the order of the entries.

    Raises as `post` does; a source that was posted before is refused. One entry in the audit tells of all.
    """
    actor.require("ledger.post")
    for entry in entries:
        check_entry(entry)
    with transaction.atomic():
        periods = {
            code: _open_period(day) for code, day in {month_of(e.booked_on)[0]: e.booked_on for e in entries}.items()
        }
        rows = [_row(actor, now, entry, periods[month_of(entry.booked_on)[0]], None) for entry in entries]
        try:
            written = Transaction.objects.bulk_create(rows, batch_size=1000)
        except IntegrityError as error:
            if "transaction_source_once" in str(error):
                raise Refusal("posted-before", _("其中有已经记过账的来源")) from None
            raise
        Posting.objects.bulk_create(
            [
                Posting(transaction=row, account_id=line.account_id, amount=line.amount)
                for row, entry in zip(written, entries, strict=True)
                for line in entry.lines
            ],
            batch_size=4000,
        )
        if written:
            kinds = sorted({entry.kind for entry in entries})
            detail = {"kinds": kinds, "count": len(written), "first": written[0].pk, "last": written[-1].pk}
            audit.record(actor=actor, event="ledger.post", at=now, detail=detail)
    return written


def take_back(*, actor: Actor, now: datetime, transaction_id: int, booked_on: date, reason: str) -> Transaction:
    """Post the opposite of a transaction, once; the first stays as it was. `Refusal` when it was taken back before."""
    actor.require("ledger.post")
    if not reason.strip():
        raise Invalid(Problem("reason", _("请写明冲正的原因")))
    with transaction.atomic():
        first = Transaction.objects.filter(pk=transaction_id).first()
        if first is None:
            raise NotFound("not-found", _("没有这笔分录"))
        if Transaction.objects.filter(corrects=first).exists():
            raise Refusal("taken-back", _("这笔分录已经冲正过"))
        lines = Posting.objects.filter(transaction=first).order_by("pk")
        entry = Entry(
            kind=CORRECTION,
            booked_on=booked_on,
            lines=tuple(Line(account_id=line.account_id, amount=-line.amount) for line in lines),
            source=(first.source_kind, f"correction-{first.pk}"),
            memo=reason,
        )
        return _write(actor, now, entry, first)


def close_period(*, actor: Actor, now: datetime, code: str, by: str, reason: str) -> PeriodChange:
    """Close a month; nothing can be booked in it any more. `by` is the name of the person who answers for it."""
    return _change(PeriodState.CLOSED, actor, now, code, by, reason)


def reopen_period(*, actor: Actor, now: datetime, code: str, by: str, reason: str) -> PeriodChange:
    """Open a closed month again."""
    return _change(PeriodState.OPEN, actor, now, code, by, reason)


def _change(state: PeriodState, actor: Actor, now: datetime, code: str, by: str, reason: str) -> PeriodChange:
    actor.require("ledger.close")
    given = {"by": by.strip(), "reason": reason.strip()}
    if missing := [
        Problem(name, _("不能为空：关账与重开须有具名的人和原因")) for name, text in given.items() if not text
    ]:
        raise Invalid(*missing)
    with transaction.atomic():
        period = Period.objects.filter(code=code).first()
        if period is None:
            raise NotFound("no-period", _("没有账期 %s；账期写作 2026-03，记过账的月份才有") % code)
        if period.state == state:
            raise Refusal("same-state", _("账期 %s 已经是这个状态") % code)
        change = PeriodChange.objects.create(period=period, state=state, at=now, post_id=actor.post_id, **given)
        detail = {"period": code, "state": state.value}
        audit.record(actor=actor, event="period.change", at=now, subject=("period", period.pk), detail=detail)
    return change


def _posted(entry: Entry) -> Transaction | None:
    kind, ref = entry.source
    known = Transaction.objects.filter(source_kind=kind, source_ref=ref, kind=entry.kind).first()
    if known and _lines_of(known) != sorted((line.account_id, line.amount) for line in entry.lines):
        raise Refusal("posted-otherwise", _("来源 %s 已按别的金额记过账；要更正请先冲正，再用新的编号") % ref)
    return known


def _lines_of(known: Transaction) -> list[tuple[int, int]]:
    return sorted(Posting.objects.filter(transaction=known).values_list("account_id", "amount"))


def _write(actor: Actor, now: datetime, entry: Entry, corrects: Transaction | None) -> Transaction:
    written = _row(actor, now, entry, _open_period(entry.booked_on), corrects)
    written.save()
    Posting.objects.bulk_create(
        [Posting(transaction=written, account_id=line.account_id, amount=line.amount) for line in entry.lines]
    )
    detail = {"kind": entry.kind, "lines": len(entry.lines)}
    audit.record(actor=actor, event="ledger.post", at=now, subject=("transaction", written.pk), detail=detail)
    written.refresh_from_db(fields=["number"])
    return written


def _row(actor: Actor, now: datetime, entry: Entry, period: Period, corrects: Transaction | None) -> Transaction:
    return Transaction(
        period=period,
        kind=entry.kind,
        source_kind=entry.source[0],
        source_ref=entry.source[1],
        booked_on=entry.booked_on,
        recorded_at=now,
        recorded_by=actor.name,
        post_id=actor.post_id,
        memo=entry.memo[:MEMO],
        corrects=corrects,
        digest=digest_of(entry, corrects.pk if corrects else None),
    )


def _accounts(named: Iterable[tuple[str, str, str]]) -> dict[tuple[str, str, str], int]:
    wanted = set(named)
    rows = Account.objects.filter(owner_code__in={code for _kind, code, _purpose in wanted})
    found = {(one.owner_kind, one.owner_code, one.purpose): one.pk for one in rows}
    return {key: number for key, number in found.items() if key in wanted}


def _account(owner: Owner, purpose: str) -> Account:
    return Account(
        owner_kind=owner.kind,
        owner_code=owner.code,
        purpose=purpose,
        name=(owner.name or owner.code)[:120],
        facility_id=owner.facility_id,
        person_id=owner.person_id,
    )


def _open_period(day: date) -> Period:
    code, starts, ends = month_of(day)
    period, _made = Period.objects.get_or_create(code=code, defaults={"starts": starts, "ends": ends})
    if period.state != PeriodState.OPEN:
        raise Refusal("period-closed", _("账期 %s 已关账；改记到开着的账期，或由负责人重开") % code)
    return period
