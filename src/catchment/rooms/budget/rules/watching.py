"""When a figure crosses its line. Pure: counts in, signs out."""

from dataclasses import dataclass
from fractions import Fraction

from django.utils.translation import gettext as _

from catchment.rooms.budget.rules.editions import WatchItem
from catchment.rooms.budget.types import Sign, Watch


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """What was counted at one place: `counted` of `of` now, and in the same months a year before; `events` in each."""

    facility_id: int | None
    facility: str
    counted: int
    of: int
    counted_before: int = 0
    of_before: int = 0
    events: int = 0
    events_before: int = 0


def signs(item: WatchItem, figures: list[Figure]) -> list[Sign]:
    """The figures that cross the line, the worst first; places with too few events to judge are passed over."""
    judge = {
        Watch.UNDER_SERVICE: _dropped,
        Watch.REFUSED_SEVERE: _above,
        Watch.READMISSION: _above,
        Watch.UPCODING: _risen,
        Watch.COST_SHIFT: _risen,
        Watch.OUTFLOW: _risen,
    }[item.watch]
    found = [sign for one in figures if (sign := judge(item, one)) is not None]
    return sorted(found, key=lambda sign: -sign.value)


def _dropped(item: WatchItem, one: Figure) -> Sign | None:
    """Events per head, `of` being the heads: how far below the place's own year before, in per cent."""
    if one.counted_before < item.least or not one.of or not one.of_before:
        return None
    before, now = Fraction(one.counted_before, one.of_before), Fraction(one.counted, one.of)
    drop = 100 * (1 - now / before)
    why = _(
        "人均服务量比上年同期下降 %(drop)s%%：%(before)d 次 → %(now)d 次（参保 %(heads_before)d → %(heads)d 人）"
    ) % {
        "drop": _one(drop),
        "before": one.counted_before,
        "now": one.counted,
        "heads_before": one.of_before,
        "heads": one.of,
    }
    return _sign(item, one, drop, None, why)


def _above(item: WatchItem, one: Figure) -> Sign | None:
    """A share of what happened, in per cent, against a fixed line."""
    if one.of < item.least:
        return None
    value = Fraction(100 * one.counted, one.of)
    before = Fraction(100 * one.counted_before, one.of_before) if one.of_before else None
    why = _("%(counted)d ÷ %(of)d = %(value)s%%") % {"counted": one.counted, "of": one.of, "value": _one(value)}
    return _sign(item, one, value, before, why)


def _risen(item: WatchItem, one: Figure) -> Sign | None:
    """A share in per cent: how many points above the same months a year before. `of` may be fen or cases."""
    if min(one.events, one.events_before) < item.least or not one.of or not one.of_before:
        return None
    now, before = Fraction(100 * one.counted, one.of), Fraction(100 * one.counted_before, one.of_before)
    why = _("占比 %(before)s%% → %(now)s%%，升高 %(rise)s 个百分点") % {
        "before": _one(before),
        "now": _one(now),
        "rise": _one(now - before),
    }
    return _sign(item, one, now - before, before, why)


def _sign(item: WatchItem, one: Figure, value: Fraction, before: Fraction | None, why: str) -> Sign | None:
    limit = Fraction(item.limit)
    if value <= limit:
        return None
    return Sign(
        watch=item.watch, facility_id=one.facility_id, facility=one.facility, value=value, before=before, limit=limit,
        counted=one.counted, of=one.of, why=why,
    )  # fmt: skip


def _one(value: Fraction) -> str:
    return f"{float(value):.1f}"
