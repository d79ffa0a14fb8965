"""What an entry must be before the database is asked."""

import calendar
import hashlib
from datetime import date

from django.utils.translation import gettext as _

from catchment.kernel.errors import Invalid, Problem
from catchment.rooms.ledger.types import Entry, Line, OwnerKind
from catchment.standards.money import yuan

MEMO = 200
"""So much of a memo is kept."""


def check_entry(entry: Entry) -> None:
    """Raise `Invalid` unless the entry has a source, two lines or more, none of zero, and balances."""
    problems = []
    if len(entry.lines) < 2:  # noqa: PLR2004 double entry
        problems.append(Problem("lines", _("一笔分录至少要有借、贷两行")))
    if any(line.amount == 0 for line in entry.lines):
        problems.append(Problem("lines", _("金额不能为零，请删去这一行")))
    if total := sum(line.amount for line in entry.lines):
        problems.append(Problem("lines", _("借贷不平，借方多出 %s 元") % yuan(total)))
    if not all(entry.source):
        problems.append(Problem("source", _("缺少来源类别或编号")))
    if problems:
        raise Invalid(*problems)


def digest_of(entry: Entry, corrects: int | None) -> str:
    """SHA-256 of what an entry says, as hexadecimal text: head and lines, by account and amount.

    PostgreSQL computes the same in `queries.DIGEST`; it is no signature, it shows what was changed by half.
    """
    lines = ",".join(f"{line.account_id}:{line.amount}" for line in sorted(entry.lines, key=_order))
    head = (
        entry.kind,
        *entry.source,
        entry.booked_on.isoformat(),
        entry.memo[:MEMO],
        "" if corrects is None else corrects,
    )
    return hashlib.sha256("|".join(str(part) for part in (*head, lines)).encode()).hexdigest()


def _order(line: Line) -> tuple[int, int]:
    return line.account_id, line.amount


def month_of(day: date) -> tuple[str, date, date]:
    """The period that a day belongs to: its code, first and last day."""
    last = calendar.monthrange(day.year, day.month)[1]
    return f"{day:%Y-%m}", day.replace(day=1), day.replace(day=last)


def parts_of(code: str) -> tuple[OwnerKind, str, str]:
    """An account's code as owner kind, owner code and purpose; `Invalid` for what is no such code."""
    kind, _first, rest = code.partition(":")
    owner, _second, purpose = rest.rpartition(":")
    if kind not in set(OwnerKind) or not owner or not purpose:
        raise Invalid(Problem("account", _("账户应写作 类别:编号:用途，如 fund:resident:basic；收到 %s") % code))
    return OwnerKind(kind), owner, purpose
