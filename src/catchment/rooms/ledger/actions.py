"""Opening accounts, posting, taking back, closing and reopening periods."""

from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from catchment.kernel import audit
from catchment.kernel.actor import Actor
from catchment.kernel.errors import Invalid, NotFound, Problem, Refusal
from catchment.rooms.ledger.models import Account, Period, PeriodChange, Posting, Transaction
from catchment.rooms.ledger.rules import check_entry, month_of
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
            defaults={
                "name": (owner.name or owner.code)[:120],
                "facility_id": owner.facility_id,
                "person_id": owner.person_id,
            },
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
    written = Transaction.objects.create(
        period=_open_period(entry.booked_on),
        kind=entry.kind,
        source_kind=entry.source[0],
        source_ref=entry.source[1],
        booked_on=entry.booked_on,
        recorded_at=now,
        recorded_by=actor.name,
        post_id=actor.post_id,
        memo=entry.memo[:200],
        corrects=corrects,
    )
    Posting.objects.bulk_create(
        [Posting(transaction=written, account_id=line.account_id, amount=line.amount) for line in entry.lines]
    )
    detail = {"kind": entry.kind, "lines": len(entry.lines)}
    audit.record(actor=actor, event="ledger.post", at=now, subject=("transaction", written.pk), detail=detail)
    written.refresh_from_db(fields=["number"])
    return written


def _open_period(day: date) -> Period:
    code, starts, ends = month_of(day)
    period, _made = Period.objects.get_or_create(code=code, defaults={"starts": starts, "ends": ends})
    if period.state != PeriodState.OPEN:
        raise Refusal("period-closed", _("账期 %s 已关账；改记到开着的账期，或由负责人重开") % code)
    return period
