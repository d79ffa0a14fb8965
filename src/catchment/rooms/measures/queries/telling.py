"""Which values may be told to who sees figures only, and outside the county: none that names a few people."""

from collections.abc import Iterable, Mapping

from catchment.rooms.consent.rules import told, told_shares
from catchment.rooms.measures.models import Value
from catchment.standards.measures.definition import Count, Kind, Measure, MeasureSet
from catchment.standards.measures.evaluating import Status

Spot = tuple[str, str]
"""The code of a measure and of a place."""


def too_small(content: MeasureSet, rows: Iterable[Value], smallest: int) -> frozenset[Spot]:
    """Of all values of one level: those to withhold, so that no small count is told or can be reckoned back.

    Counts of people and events are kept; sums of money are withheld where too few people stand behind them. Figures
    that somebody supplied are as public as they were.
    """
    by_code: dict[str, dict[str, Value]] = {}
    for row in rows:
        if row.status == Status.VALUED and not row.by_figures and row.code in content.by_code:
            by_code.setdefault(row.code, {})[row.place] = row
    return frozenset(
        (code, place)
        for code, values in by_code.items()
        for place in _of_measure(content, content.by_code[code], values, smallest)
    )


def _of_measure(content: MeasureSet, measure: Measure, values: Mapping[str, Value], smallest: int) -> set[str]:
    count = measure.counted
    if count is None:
        return set()
    if _counts(content, count, "numerator"):
        if count.denominator is None:
            kept = told({place: round(row.numerator or 0) for place, row in values.items()}, smallest=smallest)
            return {place for place, number in kept.items() if number is None}
        if _counts(content, count, "denominator") and all(_is_share(row) for row in values.values()):
            shares = {place: (round(row.numerator or 0), round(row.denominator or 0)) for place, row in values.items()}
            both = told_shares(shares, smallest=smallest).items()
            return {place for place, share in both if share.numerator is None or share.denominator is None}
    return {place for place, row in values.items() if _few(content, count, measure, row, smallest)}


def _few(content: MeasureSet, count: Count, measure: Measure, row: Value, smallest: int) -> bool:
    counts = [name for name in count.all() if _counts(content, count, name)]
    numbers = [row.parts.get(name) or 0 for name in counts]
    if measure.kind is Kind.RATIO and _is_share(row) and "numerator" in counts:
        numbers.append((row.denominator or 0) - (row.numerator or 0))
    return any(0 < number < smallest for number in numbers)


def _is_share(row: Value) -> bool:
    return (row.numerator or 0) <= (row.denominator or 0)


def _counts(content: MeasureSet, count: Count, name: str) -> bool:
    """Whether a part is a count of people or events."""
    part = count.all()[name]
    return bool(part.select) and not content.selection(part).sum
