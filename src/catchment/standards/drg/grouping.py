"""The row grouper: one record through the scheme's groups in their order, the first that holds wins."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from catchment.standards.drg import record as records
from catchment.standards.drg.conditions import OPERATORS, All, Compared, Condition, Denied, Either, Flag, Listed
from catchment.standards.drg.record import Record, RecordError
from catchment.standards.drg.scheme import NEVER_EXCLUDED, Adrg, Drg, Mdc, Scheme

OK, AMBIGUOUS, UNGROUPED, INVALID, REJECTED = "ok", "ambiguous", "ungrouped", "invalid", "rejected"
NO_MDC, NO_ADRG, NO_DRG = "0000", "00", "0000"
AMBIGUITY_ADRG = "QY"


@dataclass(frozen=True)
class Grouped:
    """What a record was grouped to; `reason` says why when it was not."""

    id: str
    status: str
    mdc: str = NO_MDC
    adrg: str = NO_ADRG
    drg: str = NO_DRG
    reason: str = ""


@dataclass(frozen=True)
class Complication:
    """An other diagnosis with a CC level; `excluded_by`: the group it shares with the principal one, or empty."""

    code: str
    level: str
    group: str
    excluded_by: str

    @property
    def kept(self) -> bool:
        return not self.excluded_by


def group(scheme: Scheme, record: Record, *, clinical: bool = False) -> Grouped:
    """Group one record; `clinical` converts its codes to NHSA codes first and makes it invalid where one has none."""
    try:
        record = records.converted(record, scheme) if clinical else record
    except RecordError as error:
        return Grouped(record.id, INVALID, reason=str(error))
    invalid = records.problem(record, scheme)
    if invalid:
        return Grouped(record.id, INVALID, reason=invalid)
    return first_match(Facts(scheme, record))


def first_match(facts: "Facts") -> Grouped:
    """The first group that holds for a valid record."""
    for mdc in facts.scheme.mdcs:
        found = _inside(mdc, facts) if facts.holds(mdc.entry) else None
        if found:
            return found
    return Grouped(facts.record.id, UNGROUPED, reason="no MDC takes the principal diagnosis and procedures")


def _inside(mdc: Mdc, facts: "Facts") -> Grouped | None:
    for at, adrg in enumerate(mdc.adrgs):
        if at == mdc.ambiguous_at and facts.ambiguous:
            return Grouped(facts.record.id, AMBIGUOUS, mdc.code, AMBIGUITY_ADRG, mdc.ambiguity_group)
        drg = split(adrg, facts) if facts.holds(adrg.rule) else None
        if drg:
            return Grouped(facts.record.id, OK, mdc.code, adrg.code, drg.code)
    return None


def split(adrg: Adrg, facts: "Facts") -> Drg | None:
    """The first group of the ADRG whose split holds."""
    return next((drg for drg in adrg.drgs if facts.holds(drg.split)), None)


class Facts:
    """What the rules ask of one record."""

    def __init__(self, scheme: Scheme, record: Record) -> None:
        self.scheme, self.record = scheme, record
        self.texts = {
            "SEX": records.SEXES.get(record.sex or ""),
            "DEPT": record.dept,
            "DISCHARGE_WAY": record.discharge_way,
        }
        self.numbers = {
            "AGE_YEARS": 0.0 if record.age is None else record.age,
            "AGE_DAYS": self._age_days(),
            "WEIGHT_G": record.weight_g or None,
            "LOS": record.los,
            "ICU_HOURS": record.icu_hours,
        }

    def _age_days(self) -> float | None:
        taken_as_zero = self.scheme.option("missing_age_days") == "zero" and not self.record.age
        return 0.0 if taken_as_zero and self.record.age_days is None else self.record.age_days

    def holds(self, condition: Condition) -> bool:
        """Whether the record meets the condition."""
        match condition:
            case All(parts):
                return all(self.holds(part) for part in parts)
            case Either(parts):
                return any(self.holds(part) for part in parts)
            case Denied(part):
                return not self.holds(part)
            case Listed():
                return any(True for _ in self.listed(condition))
            case Compared():
                return self._compared(condition)
            case Flag(name):
                return self._flag(name)

    def listed(self, condition: Listed) -> Iterator[str]:
        """The codes of the record that stand at the condition's place and are in its list."""
        lists = self.scheme.dx_lists if condition.of_diagnoses else self.scheme.proc_lists
        wanted = lists.get((condition.owner, condition.number), frozenset())
        return (code for code in self.at(condition.place) if code in wanted)

    def at(self, place: str) -> tuple[str, ...]:
        """The codes at PDX, ODX, ADX, MP or AP."""
        record = self.record
        match place:
            case "PDX":
                return record.dx[:1]
            case "ODX":
                return record.odx
            case "ADX":
                return record.dx
            case "MP":
                return record.procs[:1]
        return record.procs

    def sites(self, mdc: str) -> dict[str, str]:
        """The record's diagnoses that have a body site in the MDC's list, with it."""
        known = self.scheme.sites.get(mdc, {})
        return {code: known[code] for code in self.record.dx if code in known}

    @cached_property
    def complications(self) -> tuple[Complication, ...]:
        """Every other diagnosis that is a CC or MCC of the scheme, kept or excluded by the principal diagnosis."""
        own = self.scheme.pdx_groups.get(self.record.pdx or "", "")
        codes = [code for code in self.record.odx if code in self.scheme.levels]
        return tuple(self._complication(code, own) for code in codes)

    def _complication(self, code: str, own: str) -> Complication:
        theirs = self.scheme.cc_groups.get(code, NEVER_EXCLUDED)
        excluded = own if own == theirs != NEVER_EXCLUDED else ""
        return Complication(code, self.scheme.levels[code], theirs, excluded)

    @cached_property
    def ambiguous(self) -> bool:
        """Whether the scheme sends the record to the ambiguity group where one is tried."""
        return self._flag("MAIN_PROC_VALID" if self.scheme.option("ambiguity") == "main" else "ANY_PROC_VALID")

    def _compared(self, condition: Compared) -> bool:
        if condition.fact == "SITES":
            value: object = len(set(self.sites(condition.owner).values()))
        else:
            value = (self.texts | self.numbers)[condition.fact]
        return value is not None and bool(OPERATORS[condition.operator](value, condition.value))

    def _flag(self, name: str) -> bool:
        valid = self.scheme.valid_procs
        match name:
            case "MAIN_PROC_VALID":
                return any(code in valid for code in self.record.procs[:1])
            case "ANY_PROC_VALID":
                return any(code in valid for code in self.record.procs)
            case "NO_VALID_PROC":
                return not any(code in valid for code in self.record.procs)
            case "ALWAYS" | "ANY":
                return True
        levels = ("MCC", "CC") if name == "MCC_OR_CC" else (name,)
        return any(one.kept and one.level in levels for one in self.complications)
