"""The codes of a scheme as whole numbers, and its lists, levels and exclusion groups as arrays over those numbers."""

from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from catchment.standards.drg.scheme import NEVER_EXCLUDED, Scheme

Bools = NDArray[np.bool_]
Ints = NDArray[np.int64]
LEVELS = {"MCC": 2, "CC": 1}
NO_GROUP, UNLIKE_ANY = -1, -2


class Codes:
    """Codes as whole numbers; the number after the last stands for every code that the scheme does not name."""

    def __init__(self, codes: Iterable[str], mapping: Mapping[str, str]) -> None:
        self.number = {code: at for at, code in enumerate(sorted(set(codes)))}
        self.unknown = len(self.number)
        self._known = pa.array(list(self.number), pa.string())
        self._clinical = pa.array(list(mapping), pa.string())
        self._converted = np.array([self.number.get(code, self.unknown) for code in mapping.values()] + [-1], np.int64)

    def numbers(self, codes: Any, *, clinical: bool = False) -> Ints:
        """The number of each code; of clinical codes -1 where one has no NHSA code. Nulls count as unknown codes."""
        if clinical:
            found = pc.index_in(codes, value_set=self._clinical).fill_null(len(self._clinical))
            converted: Ints = self._converted[array_of(found)]
            return converted
        numbers: Ints = array_of(pc.index_in(codes, value_set=self._known).fill_null(self.unknown)).astype(np.int64)
        return numbers

    def member(self, codes: Iterable[str]) -> Bools:
        """Which numbers stand for one of the codes."""
        found = np.zeros(self.unknown + 1, bool)
        found[[self.number[code] for code in codes]] = True
        return found

    def values(self, mapping: Mapping[str, int], otherwise: int) -> Ints:
        """A value by number."""
        found = np.full(self.unknown + 1, otherwise, np.int64)
        found[[self.number[code] for code in mapping]] = list(mapping.values())
        return found


class Index:
    """A scheme's lists over numbers. Exclusion groups are equal only where both sides name the same group."""

    def __init__(self, scheme: Scheme) -> None:
        self.scheme = scheme
        dx = [scheme.levels, scheme.cc_groups, scheme.pdx_groups, *scheme.sites.values(), *scheme.dx_lists.values()]
        self.dx = Codes({code for codes in dx for code in codes}, scheme.dx_map)
        procs = [scheme.valid_procs, *scheme.proc_lists.values()]
        self.procs = Codes({code for codes in procs for code in codes}, scheme.proc_map)
        groups = sorted({*scheme.cc_groups.values(), *scheme.pdx_groups.values()})
        number = {group: at for at, group in enumerate(groups)} | {NEVER_EXCLUDED: UNLIKE_ANY}
        own = {code: number[group] for code, group in scheme.pdx_groups.items() if group != NEVER_EXCLUDED}
        self.levels = self.dx.values({code: LEVELS[level] for code, level in scheme.levels.items()}, 0)
        self.cc_groups = self.dx.values({code: number[group] for code, group in scheme.cc_groups.items()}, UNLIKE_ANY)
        self.pdx_groups = self.dx.values(own, NO_GROUP)
        self.valid = self.procs.member(scheme.valid_procs)
        self.member = lru_cache(maxsize=None)(self._member)
        self.sites = lru_cache(maxsize=None)(self._sites)

    def _member(self, of_diagnoses: bool, owner: str, number: int) -> Bools:
        codes = self.dx if of_diagnoses else self.procs
        lists = self.scheme.dx_lists if of_diagnoses else self.scheme.proc_lists
        return codes.member(lists.get((owner, number), ()))

    def _sites(self, mdc: str) -> Ints:
        """By diagnosis the number of its body site in the MDC's list, -1 without one."""
        known = self.scheme.sites.get(mdc, {})
        names = sorted(set(known.values()))
        return self.dx.values({code: names.index(site) for code, site in known.items()}, -1)


def column_of(table: Any, name: str) -> Any:
    column = table.column(name)
    return column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column


def array_of(values: Any) -> NDArray[Any]:
    found: NDArray[Any] = values.to_numpy(zero_copy_only=False)
    return found
