"""The columnar grouper: a table of discharges in, their groups out, by the same rules as the row grouper.

Codes become whole numbers once per table; a list is an array of booleans over those numbers; every rule is tried on all
records that are still open in its MDC at once.
"""

from collections.abc import Iterable, Mapping
from functools import cached_property, lru_cache
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from catchment.standards.drg import grouping
from catchment.standards.drg.conditions import OPERATORS, All, Compared, Condition, Denied, Either, Flag, Listed
from catchment.standards.drg.record import DECIMAL, LISTS, NEWBORN_DAYS, SEXES, TEXT, WHOLE
from catchment.standards.drg.scheme import NEVER_EXCLUDED, Mdc, Scheme

Bools = NDArray[np.bool_]
Ints = NDArray[np.int64]

INPUT = pa.schema(
    [
        *((name, pa.string()) for name in TEXT),
        *((name, pa.float64()) for name in (*WHOLE, *DECIMAL)),
        *((name, pa.list_(pa.string())) for name in LISTS),
    ]
)
OUTPUT = pa.schema([(name, pa.string()) for name in ("id", "status", "mdc", "adrg", "drg")])
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
            return self._converted[_array(found)]
        return _array(pc.index_in(codes, value_set=self._known).fill_null(self.unknown)).astype(np.int64)

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


class Engine:
    """A scheme made ready for columns; make it once, then call `group` for every table."""

    def __init__(self, scheme: Scheme) -> None:
        self.scheme = scheme
        dx = [scheme.levels, scheme.cc_groups, scheme.pdx_groups, *scheme.sites.values(), *scheme.dx_lists.values()]
        self.dx = Codes({code for codes in dx for code in codes}, scheme.dx_map)
        procs = [scheme.valid_procs, *scheme.proc_lists.values()]
        self.procs = Codes({code for codes in procs for code in codes}, scheme.proc_map)
        groups = sorted({*scheme.cc_groups.values(), *scheme.pdx_groups.values()})
        number = {group: at for at, group in enumerate(groups)} | {NEVER_EXCLUDED: UNLIKE_ANY}
        self.levels = self.dx.values({code: LEVELS[level] for code, level in scheme.levels.items()}, 0)
        self.cc_groups = self.dx.values({code: number[group] for code, group in scheme.cc_groups.items()}, UNLIKE_ANY)
        self.pdx_groups = self.dx.values({code: number[group] for code, group in scheme.pdx_groups.items()}, NO_GROUP)
        self.valid = self.procs.member(scheme.valid_procs)
        self.outcomes = _outcomes(scheme)
        self.place = {(one["status"], one["drg"]): at for at, one in enumerate(self.outcomes)}
        self.member = lru_cache(maxsize=None)(self._member)

    def group(self, table: Any, *, clinical: bool = False, rejected: Bools | None = None) -> Any:
        """The groups of a table of schema `INPUT`, as a table of schema `OUTPUT`, row for row.

        Rows marked in `rejected` are passed by with that status. Text comes out in dictionary form but for `id`.
        """
        found = self.places(table, clinical=clinical)
        if rejected is not None:
            found[rejected] = self.place[grouping.REJECTED, grouping.NO_DRG]
        ids = table.column("id").combine_chunks().fill_null("")
        named = {name: self._named(name, found) for name in ("status", "mdc", "adrg", "drg")}
        return pa.table({"id": ids, **named})

    def places(self, table: Any, *, clinical: bool = False) -> Ints:
        """For each row the place of its outcome in `outcomes`."""
        facts = ColumnFacts(self, table, clinical=clinical)
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

    def _named(self, name: str, found: Ints) -> Any:
        words = sorted({one[name] for one in self.outcomes})
        number = np.array([words.index(one[name]) for one in self.outcomes], np.int32)
        return pa.DictionaryArray.from_arrays(number[found], words)

    def _member(self, of_diagnoses: bool, owner: str, number: int) -> Bools:
        codes = self.dx if of_diagnoses else self.procs
        lists = self.scheme.dx_lists if of_diagnoses else self.scheme.proc_lists
        return codes.member(lists.get((owner, number), ()))


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


class ColumnFacts:
    """What the rules ask of all records of a table; whole-table answers are kept for the table's lifetime."""

    def __init__(self, engine: Engine, table: Any, *, clinical: bool) -> None:
        self.engine, self.table, self.size = engine, table, len(table)
        self.pdx = engine.dx.numbers(_column(table, "pdx"), clinical=clinical)
        self.odx, self.odx_rows = self._flat("odx", engine.dx, clinical=clinical)
        self.procs, self.proc_rows = self._flat("procs", engine.procs, clinical=clinical)
        self.main = np.full(self.size, engine.procs.unknown, np.int64)
        self.main[self.proc_rows[::-1]] = self.procs[::-1]
        self.invalid = self._invalid() | (self._unmapped() if clinical else False)
        self._whole: dict[Any, Bools] = {}

    def _flat(self, name: str, codes: Codes, *, clinical: bool) -> tuple[Ints, Ints]:
        column = _column(self.table, name)
        return codes.numbers(pc.list_flatten(column), clinical=clinical), _array(pc.list_parent_indices(column))

    def _unmapped(self) -> Bools:
        found: Bools = (self.pdx < 0) & self.given("pdx")
        found[self.odx_rows[self.odx < 0]] = True
        found[self.proc_rows[self.procs < 0]] = True
        return found

    def given(self, name: str) -> Bools:
        return _array(_column(self.table, name).is_valid())

    def number(self, name: str) -> NDArray[np.float64]:
        """A column of numbers, unknown as NaN."""
        found: NDArray[np.float64] = _column(self.table, name).to_numpy(zero_copy_only=False)
        return found

    @cached_property
    def numbers(self) -> dict[str, NDArray[np.float64]]:
        age, days, weight = self.number("age"), self.number("age_days"), self.number("weight_g")
        age = np.where(np.isnan(age), 0.0, age)
        if self.engine.scheme.option("missing_age_days") == "zero":
            days = np.where(np.isnan(days) & (age == 0), 0.0, days)
        weight = np.where(weight == 0, np.nan, weight)
        los, icu = self.number("los"), self.number("icu_hours")
        return {"AGE_YEARS": age, "AGE_DAYS": days, "WEIGHT_G": weight, "LOS": los, "ICU_HOURS": icu}

    def text(self, fact: str) -> Any:
        name = {"SEX": "sex", "DEPT": "dept", "DISCHARGE_WAY": "discharge_way"}[fact]
        return _column(self.table, name)

    def _invalid(self) -> Bools:
        option = self.engine.scheme.option
        age, days, weight = self.number("age"), self.number("age_days"), self.number("weight_g")
        newborn = ~(age > 0) & ~(days > NEWBORN_DAYS)
        no_weight = np.isnan(weight) | ((weight == 0) & (option("newborn_weight_zero") == "invalid"))
        invalid: Bools = ~_array(pc.is_in(self.text("SEX"), value_set=pa.array(list(SEXES)))) | ~self.given("pdx")
        invalid |= newborn & no_weight
        if option("missing_age") == "invalid":
            invalid |= np.isnan(age)
        if option("missing_age_days") == "invalid":
            invalid |= ~(age > 0) & np.isnan(days)
        return invalid

    def holds(self, condition: Condition, rows: Ints) -> Bools:
        """Which of the rows meet the condition."""
        match condition:
            case All(parts):
                return np.logical_and.reduce([self.holds(part, rows) for part in parts])
            case Either(parts):
                return np.logical_or.reduce([self.holds(part, rows) for part in parts])
            case Denied(part):
                return ~self.holds(part, rows)
            case Listed("PDX" | "MP" as place, owner, number):
                member = self.engine.member(place == "PDX", owner, number)
                return member[(self.pdx if place == "PDX" else self.main)[rows]]
            case Flag("ALWAYS" | "ANY"):
                return np.ones(len(rows), bool)
        if condition not in self._whole:
            self._whole[condition] = self._everywhere(condition)
        return self._whole[condition][rows]

    def _everywhere(self, condition: Condition) -> Bools:
        match condition:
            case Listed(place, owner, number):
                member = self.engine.member(condition.of_diagnoses, owner, number)
                if place == "AP":
                    return self._any(self.proc_rows[member[self.procs]])
                found = self._any(self.odx_rows[member[self.odx]])
                return found if place == "ODX" else found | member[self.pdx]
            case Compared(fact, sign, value, owner):
                if isinstance(value, str):
                    return self._text_compared(fact, sign, value)
                numbers = self._sites(owner) if fact == "SITES" else self.numbers[fact]
                compared: Bools = OPERATORS[sign](numbers, value) & ~np.isnan(numbers)
                return compared
            case Flag(name):
                return self._flag(name)
        raise TypeError(condition)

    def _text_compared(self, fact: str, sign: str, value: str) -> Bools:
        texts = self.text(fact)
        wanted = [text for text, sex in SEXES.items() if sex == value] if fact == "SEX" else [value]
        known = pc.is_in(texts, value_set=pa.array(list(SEXES))) if fact == "SEX" else texts.is_valid()
        same = _array(pc.is_in(texts, value_set=pa.array(wanted, pa.string())))
        return same if sign == "=" else ~same & _array(known)

    def _flag(self, name: str) -> Bools:
        valid = self.engine.valid
        match name:
            case "MAIN_PROC_VALID":
                return valid[self.main]
            case "ANY_PROC_VALID":
                return self._any(self.proc_rows[valid[self.procs]])
            case "NO_VALID_PROC":
                return ~self._any(self.proc_rows[valid[self.procs]])
        wanted = [LEVELS[level] for level in name.split("_OR_")]
        return self._any(self.odx_rows[np.isin(self.kept_levels, wanted)])

    @cached_property
    def kept_levels(self) -> Ints:
        """The CC level of each other diagnosis, 0 where it has none or is excluded by the principal diagnosis."""
        own = self.engine.pdx_groups[self.pdx][self.odx_rows]
        return np.where(self.engine.cc_groups[self.odx] == own, 0, self.engine.levels[self.odx])

    @cached_property
    def ambiguous(self) -> Bools:
        return self._flag("MAIN_PROC_VALID" if self.engine.scheme.option("ambiguity") == "main" else "ANY_PROC_VALID")

    def _any(self, rows: Ints) -> Bools:
        found = np.zeros(self.size, bool)
        found[rows] = True
        return found

    def _sites(self, mdc: str) -> NDArray[np.float64]:
        known = self.engine.scheme.sites.get(mdc, {})
        names = sorted(set(known.values()))
        by_code = self.engine.dx.values({code: names.index(site) for code, site in known.items()}, -1)
        total = np.zeros(self.size)
        for site in range(len(names)):
            total += self._any(self.odx_rows[by_code[self.odx] == site]) | (by_code[self.pdx] == site)
        return total


def _column(table: Any, name: str) -> Any:
    column = table.column(name)
    return column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column


def _array(values: Any) -> Any:
    return values.to_numpy(zero_copy_only=False)
