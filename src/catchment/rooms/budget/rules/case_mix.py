"""Whether a place's case-mix index rises within the same diseases, beyond its own past and the others. Pure."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from catchment.rooms.budget.rules.editions import WatchItem
from catchment.rooms.budget.rules.watching import sure
from catchment.rooms.budget.types import Sign
from catchment.standards.reasons import Reason

QUARTERS = 4


@dataclass(frozen=True, slots=True)
class Weighed:
    """Cases of one facility, quarter (year × 4 + 0 to 3) and ADRG: their number, weights, squares; those with a CC."""

    facility_id: int
    facility: str
    quarter: int
    adrg: str
    cases: int
    weight: Fraction
    squared: Fraction
    heavy: int


@dataclass(frozen=True, slots=True)
class Drift:
    """A quarter beside the four before it.

    Indices are weight a case; `within` is their ratio inside the same ADRGs, with its variance. What it leaves of the
    rise comes from other diseases than before, which no coding brings about.
    """

    cases: int
    heavy: int
    now: Fraction
    before: Fraction
    within: Fraction
    variance: float


def drifts(item: WatchItem, rows: Sequence[Weighed], year: int, until: date) -> list[Sign]:
    """Places where a quarter of the year is heavier within the same ADRGs by more than the line, each by its worst.

    The rise counts beyond that of the other places in the same quarter: new weights or a new season are nobody's sign.
    Quarters that are not over before `until` are not judged.
    """
    found: dict[int, Sign] = {}
    places = {row.facility_id: row.facility for row in rows}
    over = [at for at in range(QUARTERS) if _end(year, at) <= until]
    for place, name in places.items():
        own, others = _split(rows, place)
        for at in over:
            sign = _seen(item, (place, name), own, others, year, at)
            if sign is not None and (place not in found or sign.value > found[place].value):
                found[place] = sign
    return sorted(found.values(), key=lambda sign: -sign.value)


def drift(rows: Iterable[Weighed], quarter: int, least: int) -> Drift | None:
    """One quarter beside the four before; `None` where either has fewer cases than `least` to compare."""
    now, before = _sums(rows, {quarter}), _sums(rows, set(range(quarter - QUARTERS, quarter)))
    known = [adrg for adrg in now if adrg in before]
    cases = sum(now[adrg].cases for adrg in known)
    if cases < least or sum(one.cases for one in before.values()) < least:
        return None
    expected = sum((before[adrg].weight / before[adrg].cases * now[adrg].cases for adrg in known), Fraction(0))
    chance = sum(_chance(now[adrg], before[adrg]) for adrg in known)
    return Drift(
        cases,
        sum(now[adrg].heavy for adrg in known),
        _index(now.values()),
        _index(before.values()),
        sum((now[adrg].weight for adrg in known), Fraction(0)) / expected,
        chance / float(expected) ** 2,
    )


def _seen(
    item: WatchItem, place: tuple[int, str], own: list[Weighed], others: list[Weighed], year: int, at: int
) -> Sign | None:
    quarter = year * QUARTERS + at
    mine = drift(own, quarter, item.least)
    if mine is None:
        return None
    beside = drift(others, quarter, item.least)
    theirs = beside.within if beside is not None else Fraction(1)
    value = 100 * (mine.within - max(theirs, Fraction(1)))
    chance = mine.variance + (beside.variance if beside is not None else 0.0)
    if value <= Fraction(item.limit) or not sure(item, value / 100, chance):
        return None
    told = {
        "quarter": at + 1, "now": f"{float(mine.now):.3f}", "before": f"{float(mine.before):.3f}",
        "within": _points(mine.within), "beside": None if beside is None else _points(theirs),
        "heavy": mine.heavy, "cases": mine.cases,
    }  # fmt: skip
    return Sign(
        watch=item.watch, facility_id=place[0] or None, facility=place[1], value=value, before=None,
        limit=Fraction(item.limit), counted=mine.heavy, of=mine.cases, why=Reason("case-mix", told),
        since=date(year, at * 3 + 1, 1), until=_end(year, at),
    )  # fmt: skip


def _chance(now: Weighed, before: Weighed) -> float:
    """How far the weights of these cases may lie from the mean of the earlier ones by chance, squared."""
    cases = now.cases + before.cases
    mean = (now.weight + before.weight) / cases
    spread = max(Fraction(0), (now.squared + before.squared) / cases - mean**2)
    return float(spread * now.cases * (1 + Fraction(now.cases, before.cases)))


def _split(rows: Iterable[Weighed], place: int) -> tuple[list[Weighed], list[Weighed]]:
    own: list[Weighed] = []
    others: list[Weighed] = []
    for row in rows:
        (own if row.facility_id == place else others).append(row)
    return own, others


def _sums(rows: Iterable[Weighed], quarters: set[int]) -> dict[str, Weighed]:
    sums: dict[str, list[Weighed]] = defaultdict(list)
    for row in rows:
        if row.quarter in quarters:
            sums[row.adrg].append(row)
    return {
        adrg: Weighed(
            0, "", 0, adrg, sum(one.cases for one in group), sum((one.weight for one in group), Fraction(0)),
            sum((one.squared for one in group), Fraction(0)), sum(one.heavy for one in group),
        )
        for adrg, group in sums.items()
    }  # fmt: skip


def _index(sums: Iterable[Weighed]) -> Fraction:
    known = list(sums)
    return sum((one.weight for one in known), Fraction(0)) / sum(one.cases for one in known)


def _end(year: int, at: int) -> date:
    return date(year + (at + 1) // QUARTERS, (at + 1) % QUARTERS * 3 + 1, 1)


def _points(ratio: Fraction) -> str:
    return f"{float(100 * (ratio - 1)):.1f}"
