"""What the rules ask of all records of a table at once."""

from functools import cached_property
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from catchment.standards.drg.codes import LEVELS, Bools, Codes, Index, Ints, array_of, column_of
from catchment.standards.drg.conditions import OPERATORS, All, Compared, Condition, Denied, Either, Flag, Listed
from catchment.standards.drg.record import NEWBORN_DAYS, SEXES


class ColumnFacts:
    """What the rules ask of all records of a table; whole-table answers are kept for the table's lifetime."""

    def __init__(self, index: Index, table: Any, *, clinical: bool) -> None:
        self.index, self.table, self.size = index, table, len(table)
        self.pdx = index.dx.numbers(column_of(table, "pdx"), clinical=clinical)
        self.odx, self.odx_rows = self._flat("odx", index.dx, clinical=clinical)
        self.procs, self.proc_rows = self._flat("procs", index.procs, clinical=clinical)
        self.main = np.full(self.size, index.procs.unknown, np.int64)
        self.main[self.proc_rows[::-1]] = self.procs[::-1]
        self.invalid = self._invalid() | (self._unmapped() if clinical else False)
        self._whole: dict[Any, Bools] = {}

    def _flat(self, name: str, codes: Codes, *, clinical: bool) -> tuple[Ints, Ints]:
        column = column_of(self.table, name)
        return codes.numbers(pc.list_flatten(column), clinical=clinical), array_of(pc.list_parent_indices(column))

    def _unmapped(self) -> Bools:
        found: Bools = (self.pdx < 0) & self.given("pdx")
        found[self.odx_rows[self.odx < 0]] = True
        found[self.proc_rows[self.procs < 0]] = True
        return found

    def given(self, name: str) -> Bools:
        return array_of(column_of(self.table, name).is_valid())

    def number(self, name: str) -> NDArray[np.float64]:
        """A column of numbers, unknown as NaN."""
        found: NDArray[np.float64] = column_of(self.table, name).to_numpy(zero_copy_only=False)
        return found

    @cached_property
    def numbers(self) -> dict[str, NDArray[np.float64]]:
        age, days, weight = self.number("age"), self.number("age_days"), self.number("weight_g")
        age = np.where(np.isnan(age), 0.0, age)
        if self.index.scheme.option("missing_age_days") == "zero":
            days = np.where(np.isnan(days) & (age == 0), 0.0, days)
        weight = np.where(weight == 0, np.nan, weight)
        los, icu = self.number("los"), self.number("icu_hours")
        return {"AGE_YEARS": age, "AGE_DAYS": days, "WEIGHT_G": weight, "LOS": los, "ICU_HOURS": icu}

    def text(self, fact: str) -> Any:
        name = {"SEX": "sex", "DEPT": "dept", "DISCHARGE_WAY": "discharge_way"}[fact]
        return column_of(self.table, name)

    def _invalid(self) -> Bools:
        option = self.index.scheme.option
        age, days, weight = self.number("age"), self.number("age_days"), self.number("weight_g")
        newborn = ~(age > 0) & ~(days > NEWBORN_DAYS)
        no_weight = np.isnan(weight) | ((weight == 0) & (option("newborn_weight_zero") == "invalid"))
        invalid: Bools = ~array_of(pc.is_in(self.text("SEX"), value_set=pa.array(list(SEXES)))) | ~self.given("pdx")
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
                return self._all(parts, rows)
            case Either(parts):
                some: Bools = np.logical_or.reduce([self.holds(part, rows) for part in parts])
                return some
            case Denied(part):
                return ~self.holds(part, rows)
            case Listed("PDX" | "MP" as place, owner, number):
                member = self.index.member(place == "PDX", owner, number)
                return member[(self.pdx if place == "PDX" else self.main)[rows]]
            case Flag("ALWAYS" | "ANY"):
                return np.ones(len(rows), bool)
        if condition not in self._whole:
            self._whole[condition] = self._everywhere(condition)
        return self._whole[condition][rows]

    def _all(self, parts: tuple[Condition, ...], rows: Ints) -> Bools:
        """Each part is asked only of the rows that met those before it."""
        held = self.holds(parts[0], rows)
        for part in parts[1:]:
            still = np.flatnonzero(held)
            held[still] = self.holds(part, rows[still])
        return held

    def _everywhere(self, condition: Condition) -> Bools:
        match condition:
            case Listed(place, owner, number):
                member = self.index.member(condition.of_diagnoses, owner, number)
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
        same = array_of(pc.is_in(texts, value_set=pa.array(wanted, pa.string())))
        return same if sign == "=" else ~same & array_of(known)

    def _flag(self, name: str) -> Bools:
        valid = self.index.valid
        match name:
            case "MAIN_PROC_VALID":
                return valid[self.main]
            case "ANY_PROC_VALID":
                return self._any(self.proc_rows[valid[self.procs]])
            case "NO_VALID_PROC":
                return ~self._any(self.proc_rows[valid[self.procs]])
        kept = self.kept_levels > 0 if name == "MCC_OR_CC" else self.kept_levels == LEVELS[name]
        return self._any(self.odx_rows[kept])

    @cached_property
    def kept_levels(self) -> Ints:
        """The CC level of each other diagnosis, 0 where it has none or is excluded by the principal diagnosis."""
        own = self.index.pdx_groups[self.pdx][self.odx_rows]
        return np.where(self.index.cc_groups[self.odx] == own, 0, self.index.levels[self.odx])

    @cached_property
    def ambiguous(self) -> Bools:
        return self._flag("MAIN_PROC_VALID" if self.index.scheme.option("ambiguity") == "main" else "ANY_PROC_VALID")

    def _any(self, rows: Ints) -> Bools:
        found = np.zeros(self.size, bool)
        found[rows] = True
        return found

    def _sites(self, mdc: str) -> NDArray[np.float64]:
        by_code = self.index.sites(mdc)
        site, main = by_code[self.odx], by_code[self.pdx]
        sited = np.flatnonzero(site >= 0)
        rows, site = self.odx_rows[sited], site[sited]
        total = np.zeros(self.size)
        for one in range(by_code.max() + 1):
            total += self._any(rows[site == one]) | (main == one)
        return total
