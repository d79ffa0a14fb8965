"""The figures of referral as they may leave the county: small counts withheld, and what would give them back."""

from collections import defaultdict
from collections.abc import Hashable, Iterable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any, TypeVar

from catchment.kernel.actor import Actor
from catchment.rooms.consent.rules import told, withheld
from catchment.rooms.referral.queries.statistics import COUNTED, Figures, PlaceFlow, Report

SPLITS = (("sent", ("up", "down")), ("sent", ("accepted",)), ("sent", ("declined",)), ("sent", ("arrived",)))
INSIDE = (*SPLITS, ("arrived", ("effective",)))
"""Counts that are parts of another: those left over are people too."""
Line = TypeVar("Line", bound=Figures)
Key = tuple[Hashable, ...]


def may_open(actor: Actor) -> bool:
    """Whether figures open for this actor: who does not see the cases sees aggregates only."""
    return actor.may("referral.read")


def whole_months(first: date, last: date) -> tuple[date, date]:
    """A period widened to whole months: with free days, two periods would tell one day by their difference."""
    after = date(last.year + last.month // 12, last.month % 12 + 1, 1)
    return first.replace(day=1), after - timedelta(days=1)


def to_tell(report: Report, smallest: int) -> Report:
    """The report without counts below `smallest` and without what gives them back, all its tables taken together."""
    table = _Table()
    table.figures(("all",), report.totals)
    for name, lines in (("month", report.months), ("place", report.places)):
        for number, line in enumerate(lines):
            table.figures((name, number), line)
        table.margin(name, len(lines), report.totals)
    _cross(table, report)
    _flow(table, report)
    hidden = withheld(table.cells, table.sums, smallest=smallest, unshown=table.unshown)
    return replace(
        report,
        totals=_figures(report.totals, ("all",), hidden),
        months=tuple(_figures(line, ("month", n), hidden) for n, line in enumerate(report.months)),
        places=tuple(_figures(line, ("place", n), hidden) for n, line in enumerate(report.places)),
        rates={key: _rate(key, pair, hidden) for key, pair in report.rates.items()},
        flows=tuple(_told_flow(flow, hidden) for flow in report.flows),
        refusals=tuple(told({code: n or 0 for code, n in report.refusals}, smallest=smallest, total=False).items()),
    )


class _Table:
    """Cells, how they add up, and those that stand for what is left over and are printed nowhere."""

    def __init__(self) -> None:
        self.cells: dict[Key, int] = {}
        self.sums: list[tuple[Key, list[Key]]] = []
        self.unshown: set[Key] = set()

    def add(self, total: Key, parts: Iterable[Key]) -> None:
        """Parts of a total, with a cell of its own for what they leave over."""
        known = list(parts)
        rest: Key = ("rest", len(self.sums))
        self.cells[rest] = max(0, self.cells[total] - sum(self.cells[part] for part in known))
        self.unshown.add(rest)
        self.sums.append((total, [*known, rest]))

    def figures(self, line: Key, figures: Figures) -> None:
        """One line's counts, each with the one that it is a part of."""
        self.cells.update({(*line, what): getattr(figures, what) or 0 for what in COUNTED})
        for whole, parts in INSIDE:
            self.add((*line, whole), [(*line, part) for part in parts])

    def margin(self, name: str, lines: int, totals: Figures) -> None:
        """The lines of a table beside the line of all."""
        for what in COUNTED:
            if getattr(totals, what) is not None:
                self.add(("all", what), [(name, number, what) for number in range(lines)])


def _cross(table: _Table, report: Report) -> None:
    """Places by months: both margins are told."""
    sides: dict[Key, list[Key]] = defaultdict(list)
    places = {line.place: number for number, line in enumerate(report.places)}
    months = {line.month: number for number, line in enumerate(report.months)}
    for (place, month), (good, sent) in report.rates.items():
        for what, count in (("effective", good), ("sent", sent)):
            key: Key = ("rate", place, month, what)
            table.cells[key] = count or 0
            if place in places:
                sides["place", places[place], what].append(key)
            else:
                table.unshown.add(key)
            sides["month", months[month], what].append(key)
        table.add(("rate", place, month, "sent"), [("rate", place, month, "effective")])
    for margin, parts in sides.items():
        table.add(margin, parts)


def _flow(table: _Table, report: Report) -> None:
    """From place to place: what a place sent, and what went up and down, are told elsewhere."""
    sides: dict[Key, list[Key]] = defaultdict(list)
    places = {line.place: number for number, line in enumerate(report.places)}
    for flow in report.flows:
        key = _of(flow)
        table.cells[key] = flow.n or 0
        if flow.source in places:
            sides["place", places[flow.source], "sent"].append(key)
        if flow.direction in COUNTED:
            sides["all", flow.direction].append(key)
    for margin, parts in sides.items():
        table.add(margin, parts)


def _of(flow: PlaceFlow) -> Key:
    return ("flow", flow.source, flow.target, flow.direction)


def _told_flow(flow: PlaceFlow, hidden: frozenset[Key]) -> PlaceFlow:
    return replace(flow, n=None) if _of(flow) in hidden else flow


def _rate(key: Key, pair: tuple[int | None, int | None], hidden: frozenset[Key]) -> tuple[int | None, int | None]:
    good, sent = (
        None if ("rate", *key, what) in hidden else n for what, n in zip(("effective", "sent"), pair, strict=True)
    )
    return good, sent


def _figures(line: Line, key: Key, hidden: frozenset[Key]) -> Line:
    """The line with what is withheld left out; times go with the count of those accepted."""
    gone: dict[str, Any] = {what: None for what in COUNTED if (*key, what) in hidden}
    if "accepted" in gone:
        gone |= {"accept_hours": None, "accept_median": None}
    return replace(line, **gone)
