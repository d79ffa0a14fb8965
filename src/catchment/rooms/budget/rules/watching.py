"""When a figure crosses its line. Pure: counts in, signs out."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import partial

from catchment.rooms.budget.rules.editions import WatchItem
from catchment.rooms.budget.types import Sign, Watch
from catchment.standards.reasons import Reason


@dataclass(frozen=True, slots=True, kw_only=True)
class Count:
    """What was counted at one place in some months: `counted` of `of`, by so many events.

    `variance` is that of the share `counted` ÷ `of` over its events.
    """

    counted: int
    of: int
    events: int = 0
    variance: float = 0.0

    @property
    def percent(self) -> Fraction:
        return Fraction(100 * self.counted, self.of)


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One place's count now, and in the same months a year before."""

    facility_id: int | None
    facility: str
    now: Count
    before: Count


def signs(item: WatchItem, figures: list[Figure]) -> list[Sign]:
    """The figures that cross the line, the worst first.

    Places with too few events to judge are passed over, and so is what lies within `sure` standard errors of chance.
    """
    judge: dict[Watch, Callable[[WatchItem, Figure], Sign | None]] = {
        Watch.UNDER_SERVICE: _dropped,
        Watch.REFUSED_SEVERE: _above,
        Watch.READMISSION: _above,
        Watch.UPCODING: _risen,
        Watch.UNSUPPORTED: partial(_unlike_peers, peers=figures),
        Watch.COST_SHIFT: _risen,
        Watch.OUTFLOW: _risen,
    }
    found = [sign for one in figures if (sign := judge[item.watch](item, one)) is not None]
    return sorted(found, key=lambda sign: -sign.value)


def sure(item: WatchItem, difference: Fraction | float, variance: float) -> bool:
    """Whether a difference is larger than so many of its standard errors; any is where the rule asks for none."""
    return float(difference) >= float(item.sure) * math.sqrt(max(0.0, variance))


def _dropped(item: WatchItem, one: Figure) -> Sign | None:
    """Events per head, `of` being the heads: how far below the place's own year before, in per cent."""
    now, before = one.now, one.before
    if before.counted < item.least or not now.of or not before.of:
        return None
    expected = Fraction(before.counted * now.of, before.of)
    drop = 100 * (1 - now.counted / expected)
    if not sure(item, expected - now.counted, float(expected) + now.counted):
        return None
    counts = {"before": before.counted, "now": now.counted, "heads_before": before.of, "heads": now.of}
    return _sign(item, one, drop, None, Reason("dropped", {"drop": _one(drop), **counts}))


def _above(item: WatchItem, one: Figure) -> Sign | None:
    """A share of what happened, in per cent, against a fixed line."""
    if one.now.of < item.least:
        return None
    value = one.now.percent
    if not sure(item, (value - Fraction(item.limit)) / 100, one.now.variance):
        return None
    before = one.before.percent if one.before.of else None
    told = {"counted": one.now.counted, "of": one.now.of, "value": _one(value)}
    return _sign(item, one, value, before, Reason("above", told))


def _risen(item: WatchItem, one: Figure) -> Sign | None:
    """A share in per cent: how many points above the same months a year before. `of` may be fen or cases."""
    if min(one.now.events, one.before.events) < item.least or not one.now.of or not one.before.of:
        return None
    now, before = one.now.percent, one.before.percent
    if not sure(item, (now - before) / 100, one.now.variance + one.before.variance):
        return None
    told = {"before": _one(before), "now": _one(now), "rise": _one(now - before)}
    return _sign(item, one, now - before, before, Reason("risen", told))


def _unlike_peers(item: WatchItem, one: Figure, peers: list[Figure]) -> Sign | None:
    """A share in per cent: how many points above its own year before and above the other places now, both."""
    if one.now.of < item.least:
        return None
    now, before = one.now.percent, one.before if one.before.of >= item.least else None
    beside = _together([other.now for other in peers if other.facility_id != one.facility_id], item.least)
    known = [each for each in (before, beside) if each is not None]
    if not known or not all(
        sure(item, (now - each.percent) / 100, one.now.variance + each.variance) for each in known
    ):  # fmt: skip
        return None
    told = {
        "now": _one(now), "counted": one.now.counted, "of": one.now.of,
        "own": None if before is None else _one(before.percent),
        "beside": None if beside is None else _one(beside.percent),
    }  # fmt: skip
    rise = now - max(each.percent for each in known)
    return _sign(item, one, rise, None if before is None else before.percent, Reason("unlike-peers", told))


def _together(others: Sequence[Count], least: int) -> Count | None:
    """The other places as one; `None` where they are too few to compare with. Their share's variance is binomial."""
    counted, of = sum(one.counted for one in others), sum(one.of for one in others)
    if of < least:
        return None
    share = counted / of
    return Count(counted=counted, of=of, variance=share * (1 - share) / of)


def _sign(item: WatchItem, one: Figure, value: Fraction, before: Fraction | None, why: Reason) -> Sign | None:
    limit = Fraction(item.limit)
    if value <= limit:
        return None
    return Sign(
        watch=item.watch, facility_id=one.facility_id, facility=one.facility, value=value, before=before, limit=limit,
        counted=one.now.counted, of=one.now.of, why=why,
    )  # fmt: skip


def _one(value: Fraction) -> str:
    return f"{float(value):.1f}"
