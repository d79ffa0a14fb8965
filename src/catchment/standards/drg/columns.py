"""The columnar grouper: a table of discharges in, their groups out, by the same rules as the row grouper.

Codes become whole numbers once per table; a list is an array of booleans over those numbers; every rule is tried on all
records that are still open in its MDC at once.
"""

from typing import Any

import numpy as np
import pyarrow as pa

from catchment.standards.drg import grouping
from catchment.standards.drg.codes import Bools, Index, Ints
from catchment.standards.drg.column_facts import ColumnFacts
from catchment.standards.drg.record import DECIMAL, LISTS, TEXT, WHOLE
from catchment.standards.drg.scheme import Mdc, Scheme

INPUT = pa.schema(
    [
        *((name, pa.string()) for name in TEXT),
        *((name, pa.float64()) for name in (*WHOLE, *DECIMAL)),
        *((name, pa.list_(pa.string())) for name in LISTS),
    ]
)
OUTPUT = pa.schema([(name, pa.string()) for name in ("id", "status", "mdc", "adrg", "drg")])


class Engine:
    """A scheme made ready for columns; make it once, then call `group` for every table."""

    def __init__(self, scheme: Scheme) -> None:
        self.scheme = scheme
        self.index = Index(scheme)
        self.outcomes = _outcomes(scheme)
        self.names = {name: _numbered(name, self.outcomes) for name in ("status", "mdc", "adrg", "drg")}
        self.place = {(one["status"], one["drg"]): at for at, one in enumerate(self.outcomes)}

    def group(self, table: Any, *, clinical: bool = False, rejected: Bools | None = None) -> Any:
        """The groups of a table of schema `INPUT`, as a table of schema `OUTPUT`, row for row.

        Rows marked in `rejected` are passed by with that status. Text comes out in dictionary form but for `id`.
        """
        found = self.places(table, clinical=clinical)
        if rejected is not None:
            found[rejected] = self.place[grouping.REJECTED, grouping.NO_DRG]
        ids = table.column("id").combine_chunks().fill_null("")
        named = {
            name: pa.DictionaryArray.from_arrays(number[found], words) for name, (words, number) in self.names.items()
        }
        return pa.table({"id": ids, **named})

    def places(self, table: Any, *, clinical: bool = False) -> Ints:
        """For each row the place of its outcome in `outcomes`."""
        facts = ColumnFacts(self.index, table, clinical=clinical)
        found = np.full(len(table), self.place[grouping.UNGROUPED, grouping.NO_DRG], np.int64)
        open_rows = np.flatnonzero(~facts.invalid)
        found[facts.invalid] = self.place[grouping.INVALID, grouping.NO_DRG]
        for mdc in self.scheme.mdcs:
            if not open_rows.size:
                break
            entered = facts.holds(mdc.entry, open_rows)
            left = self._inside(mdc, facts, open_rows[entered], found)
            open_rows = np.concatenate([open_rows[~entered], left])
        return found

    def _inside(self, mdc: Mdc, facts: "ColumnFacts", rows: Ints, found: Ints) -> Ints:
        """Group what the MDC takes; gives the rows that it leaves."""
        for at, adrg in enumerate(mdc.adrgs):
            if not rows.size:
                break
            if at == mdc.ambiguous_at:
                rows = self._take(
                    facts.ambiguous[rows], rows, found, self.place[grouping.AMBIGUOUS, mdc.ambiguity_group]
                )
            hit = facts.holds(adrg.rule, rows)
            if hit.any():
                matched = rows[hit]
                for drg in adrg.drgs:
                    held = facts.holds(drg.split, matched)
                    matched = self._take(held, matched, found, self.place[grouping.OK, drg.code])
                rows = np.concatenate([rows[~hit], matched])
        return rows

    def _take(self, held: Bools, rows: Ints, found: Ints, place: int) -> Ints:
        found[rows[held]] = place
        return rows[~held]


def _numbered(name: str, outcomes: list[dict[str, str]]) -> tuple[list[str], Any]:
    """The different words of a column, and for each outcome the place of its word."""
    words = sorted({one[name] for one in outcomes})
    place = {word: at for at, word in enumerate(words)}
    return words, np.array([place[one[name]] for one in outcomes], np.int32)


def _outcomes(scheme: Scheme) -> list[dict[str, str]]:
    """Every outcome there is: those without a group, then the groups."""
    none = {"mdc": grouping.NO_MDC, "adrg": grouping.NO_ADRG, "drg": grouping.NO_DRG}
    found = [{"status": status, **none} for status in (grouping.UNGROUPED, grouping.INVALID, grouping.REJECTED)]
    for mdc in scheme.mdcs:
        ambiguous = {"mdc": mdc.code, "adrg": grouping.AMBIGUITY_ADRG, "drg": mdc.ambiguity_group}
        found.append({"status": grouping.AMBIGUOUS, **ambiguous})
    for mdc, adrg, drg in scheme.drgs():
        found.append({"status": grouping.OK, "mdc": mdc.code, "adrg": adrg.code, "drg": drg.code})
    return found
