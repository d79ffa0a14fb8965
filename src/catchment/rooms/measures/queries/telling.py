"""Which values may be told to who sees figures only, and outside the county: none that names a few people."""

from collections.abc import Iterable, Mapping

from catchment.rooms.consent.rules import told, told_shares
from catchment.rooms.measures.models import Value
from catchment.standards.measures.definition import Count, Kind, Measure, MeasureSet
from catchment.standards.measures.evaluating import Status
from catchment.standards.measures.tables import FACTS

Spot = tuple[str, str]
"""The code of a measure and of a place."""
SUMS = frozenset({"numerator", "denominator"})


def too_small(content: MeasureSet, rows: Iterable[Value], smallest: int) -> frozenset[Spot]:
    """Of all values of one level: those to withhold, so that no small count is told or can be reckoned back.

    Counts of people and of what befell them are kept; sums of money are withheld where too few people stand behind
    them. Posts, beds and facilities are no secret, and figures that somebody supplied are as public as they were. A
    composite is told by its sums, however few one of its parts counts: `small_parts` says which of them to keep.
    """
    if not smallest:
        return frozenset()
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


def small_parts(content: MeasureSet, count: Count, row: Value, smallest: int) -> frozenset[str]:
    """Names of the parts not to tell beside the sums of a told value: none, or all but the sums when one is small."""
    inner = set(count.all()) - SUMS
    few = any(0 < (row.parts.get(name) or 0) < smallest for name in inner if _counts(content, count, name))
    return frozenset(inner) if few else frozenset()


def _few(content: MeasureSet, count: Count, measure: Measure, row: Value, smallest: int) -> bool:
    if measure.kind is Kind.COMPOSITE:
        return any(0 < (number or 0) < smallest for number in (row.numerator, row.denominator))
    counts = [name for name in count.all() if _counts(content, count, name)]
    numbers = [row.parts.get(name) or 0 for name in counts]
    if measure.kind is Kind.RATIO and _is_share(row) and "numerator" in counts:
        numbers.append((row.denominator or 0) - (row.numerator or 0))
    return any(0 < number < smallest for number in numbers)


def _is_share(row: Value) -> bool:
    return (row.numerator or 0) <= (row.denominator or 0)


def _counts(content: MeasureSet, count: Count, name: str) -> bool:
    """Whether a part is a count of people or of what befell them."""
    part = count.all()[name]
    if not part.select:
        return False
    selection = content.selection(part)
    about_people = selection.table == "people" or FACTS[selection.table].has_person
    return about_people and not selection.sum
