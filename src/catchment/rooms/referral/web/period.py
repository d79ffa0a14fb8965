"""Periods that figures are counted over, and the way back from a figure to what it was counted from."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from catchment.kernel.actor import Actor
from catchment.rooms.referral import queries
from catchment.rooms.referral.models import Referral

CHOICES: dict[str, Promise] = {
    "30": _("近30天"),
    "90": _("近90天"),
    "year": _("今年"),
    "12m": _("近12个月"),
}
WHAT: dict[str, Promise] = {
    "sent": _("发出"),
    "up": _("上转"),
    "down": _("下转"),
    "accepted": _("已接收"),
    "declined": _("未接收"),
    "arrived": _("已到诊"),
    "effective": _("有效转诊"),
}


@dataclass(frozen=True, slots=True)
class Period:
    """From the first day to the last, both included, in local time."""

    first: date
    last: date
    code: str = ""

    def query(self, **more: str) -> str:
        """The address's part that opens what was counted in this period."""
        return urlencode({"first": self.first.isoformat(), "last": self.last.isoformat(), **more})


@dataclass(frozen=True, slots=True)
class Counted:
    """The referrals behind one figure, and what the figure was."""

    rows: QuerySet[Referral]
    period: Period
    what: Promise
    words: str


def period_of(given: Mapping[str, Any], now: datetime) -> Period:
    """The period that was asked for; the last twelve months otherwise. Days that are none are passed over."""
    today = timezone.localdate(now)
    first, last = _day(given.get("first")), _day(given.get("last"))
    if first and last and first <= last:
        return Period(first, last)
    code = str(given.get("period", "12m"))
    if code in {"30", "90"}:
        return Period(today - timedelta(days=int(code) - 1), today, code)
    if code == "year":
        return Period(today.replace(month=1, day=1), today, code)
    return Period(_month_start(today.year - 1, today.month + 1), today, "12m")


def whole_months(period: Period) -> Period:
    """The period widened to whole months: with free days, two periods would tell one day by their difference."""
    return Period(*queries.whole_months(period.first, period.last), period.code)


def month_of(period: Period, month: date) -> Period:
    """The part of the period that falls into the month."""
    after = _month_start(month.year, month.month + 1)
    return Period(max(period.first, month), min(period.last, after - timedelta(days=1)))


def counted_from(actor: Actor, given: Mapping[str, Any], now: datetime) -> Counted | None:
    """What a figure's link opens; `None` when the address names no figure."""
    what = str(given.get("counted", ""))
    if what not in WHAT:
        return None
    period = period_of(given, now)
    named = {name: str(given.get(name, "")) for name in ("place", "target", "refusal")}
    rows = queries.sent_between(actor, period.first, period.last)
    found = queries.counted(rows, what, direction=str(given.get("way", "")), **named)
    words = " → ".join(part for part in (named["place"], named["target"]) if part)
    if named["refusal"]:
        words = _("不接收的理由：%s") % queries.reason_words("refusal", named["refusal"], period.last)
    return Counted(found, period, WHAT[what], words)


def _month_start(year: int, month: int) -> date:
    return date(year + (month - 1) // 12, (month - 1) % 12 + 1, 1)


def _day(text: Any) -> date | None:
    try:
        return parse_date(str(text)) if text else None
    except ValueError:
        return None
