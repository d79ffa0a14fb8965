"""Small cells: which counts of people may be told, so that no few are named, nor reckoned back from sums.

A count from one to below the smallest is withheld, and with it as many others as keep it from being found by adding
and taking away. None at all is told. What is known besides of how large a cell can be is not reckoned with.
"""

from collections.abc import Collection, Hashable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

Key = TypeVar("Key", bound=Hashable)
Line = tuple[Hashable, tuple[Hashable, ...]]
"""A total and the parts that add up to it."""
Unknown = dict[Hashable, list[tuple[Line, frozenset[Hashable]]]]
"""At every hidden cell its lines with their hidden cells."""
ZERO = 1e-9
TOTAL = "total"


@dataclass(frozen=True, slots=True)
class Share:
    """How many of how many; `None` where it is withheld, and no rate without both."""

    numerator: int | None
    denominator: int | None

    @property
    def rate(self) -> float | None:
        """The share from 0 to 1; `None` when either is withheld, or nobody was counted."""
        if self.numerator is None or not self.denominator:
            return None
        return self.numerator / self.denominator


def withheld(
    cells: Mapping[Any, int],
    sums: Iterable[tuple[Any, Collection[Any]]] = (),
    *,
    smallest: int,
    unshown: Collection[Any] = (),
) -> frozenset[Any]:
    """The cells not to tell.

    `sums`: totals with the parts that add up to them, where both are among the cells. `unshown`: cells that nobody
    prints, such as the rest of a share; a small one is kept from being reckoned back all the same.
    """
    small = {key for key, count in cells.items() if 0 < count < smallest}
    lines: list[Line] = [(total, tuple(parts)) for total, parts in sums]
    hidden: set[Any] = small | set(unshown)
    while weak := _weak(cells, lines, small, hidden, smallest):
        unknown = _unknown(lines, hidden)
        fresh = {_next(cells, unknown, one, hidden) for one in weak} - {None}
        if not fresh:
            return frozenset(cells)
        hidden |= fresh
    return frozenset(key for key in cells if key in hidden and key not in unshown)


def told(counts: Mapping[Key, int], *, smallest: int, total: bool = True) -> dict[Key, int | None]:
    """Counts as they may be told, `None` for what is withheld. `total`: their sum is told beside them."""
    cells = {("part", key): count for key, count in counts.items()}
    sums = [(TOTAL, tuple(cells))] if total else []
    everything = {TOTAL: sum(counts.values())} if total else {}
    hidden = withheld({**cells, **everything}, sums, smallest=smallest)
    return {key: None if ("part", key) in hidden else count for key, count in counts.items()}


def told_shares(shares: Mapping[Key, tuple[int, int]], *, smallest: int, total: bool = True) -> dict[Key, Share]:
    """Numerators and denominators as they may be told; those who are not in the numerator are kept as well.

    `total`: the sums of both over all lines are told beside them.
    """
    cells: dict[Any, int] = {}
    for key, (part, whole) in shares.items():
        cells |= {("of", key): whole, ("in", key): part, ("rest", key): whole - part}
    unshown = [("rest", key) for key in shares]
    sums: list[tuple[Any, list[Any]]] = [(("of", key), [("in", key), ("rest", key)]) for key in shares]
    if total:
        for side in ("in", "of"):
            parts = [(side, key) for key in shares]
            cells[f"all {side}", TOTAL] = sum(cells[part] for part in parts)
            sums.append(((f"all {side}", TOTAL), parts))
    hidden = withheld(cells, sums, smallest=smallest, unshown=unshown)
    return {
        key: Share(None if ("in", key) in hidden else part, None if ("of", key) in hidden else whole)
        for key, (part, whole) in shares.items()
    }


def _weak(cells: Mapping[Any, int], lines: list[Line], small: set[Any], hidden: set[Any], smallest: int) -> set[Any]:
    """Small cells that can still be found: reckoned back, or together fewer than the smallest beside a told total."""
    weak = _reckoned(lines, hidden) & small
    for total, parts in lines:
        kept = [part for part in parts if part in hidden and part in small]
        if kept and total not in hidden and sum(cells[part] for part in parts if part in hidden) < smallest:
            weak.add(kept[0])
    return weak


def _next(cells: Mapping[Any, int], unknown: Unknown, weak: Any, hidden: set[Any]) -> Any | None:
    """The smallest told cell, none of them zero, of the line that gives the weak one away with the fewest unknowns."""
    joined = sorted(_joined(unknown, weak), key=lambda held: len(held[1]))
    for group in (*(parts for (_total, parts), _held in joined), tuple(total for (total, _parts), _held in joined)):
        found = [key for key in group if key not in hidden and cells[key]]
        if found:
            return min(found, key=lambda key: (cells[key], str(key)))
    return None


def _unknown(lines: list[Line], hidden: set[Hashable]) -> Unknown:
    """At every hidden cell the lines that it stands in, each with all of its hidden cells."""
    at: Unknown = {}
    for line in lines:
        held = (line, frozenset(hidden.intersection((line[0], *line[1]))))
        for key in held[1]:
            at.setdefault(key, []).append(held)
    return at


def _joined(unknown: Unknown, weak: Hashable) -> list[tuple[Line, frozenset[Hashable]]]:
    """The lines that hang together with a cell through cells that are hidden, nearest first."""
    reached, seen, ahead = {}, {weak}, [weak]
    while ahead:
        for held in unknown.get(ahead.pop(), []):
            if id(held) not in reached:
                reached[id(held)] = held
                fresh = held[1] - seen
                seen |= fresh
                ahead += fresh
    return list(reached.values())


def _reckoned(lines: list[Line], hidden: set[Hashable]) -> set[Hashable]:
    """The hidden cells that follow from what is told: those alone in a row of the lines' reduced form.

    The unknown that stands in the fewest rows is solved for first, which keeps long tables short work.
    """
    rows = [{key: 1.0 if key == total else -1.0 for key in (total, *parts) if key in hidden} for total, parts in lines]
    places: dict[Hashable, set[int]] = {}
    for number, row in enumerate(rows):
        for key in row:
            places.setdefault(key, set()).add(number)
    for number in sorted(range(len(rows)), key=lambda one: len(rows[one])):
        row = rows[number]
        if row:
            pivot = min(row, key=lambda key: len(places[key]))
            for other in places[pivot] - {number}:
                _take_away(rows[other], row, rows[other][pivot] / row[pivot], other, places)
    return {key for row in rows if len(row) == 1 for key in row}


def _take_away(
    row: dict[Hashable, float],
    solved: dict[Hashable, float],
    times: float,
    number: int,
    places: dict[Hashable, set[int]],
) -> None:
    """Subtract a solved row from another, and keep where each unknown stands."""
    for key, value in solved.items():
        left = row.get(key, 0.0) - times * value
        if abs(left) > ZERO:
            row[key] = left
            places[key].add(number)
        else:
            row.pop(key, None)
            places[key].discard(number)
