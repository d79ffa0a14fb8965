"""A grouping scheme as the groupers use it: groups in the order they are tried, code lists, CC levels, options."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from catchment.standards.drg.conditions import Condition

NEVER_EXCLUDED = "999"

OPTIONS: Mapping[str, tuple[str, ...]] = {
    "missing_age": ("invalid", "zero"),
    "missing_age_days": ("invalid", "zero"),
    "newborn_weight_zero": ("accepted", "invalid"),
    "ambiguity": ("off", "main", "any"),
}
"""The readings a scheme may choose; the first of each is the default (reading of CHS-DRG 1.1 by default)."""


@dataclass(frozen=True)
class Drg:
    code: str
    name: str
    split: Condition


@dataclass(frozen=True)
class Adrg:
    code: str
    name: str
    kind: str
    rule: Condition
    drgs: tuple[Drg, ...]


@dataclass(frozen=True)
class Mdc:
    """A major category; `ambiguous_at` is the place among its ADRGs where the ambiguity group is tried, or None."""

    code: str
    name: str
    entry: Condition
    adrgs: tuple[Adrg, ...]
    ambiguous_at: int | None = None

    @property
    def ambiguity_group(self) -> str:
        return f"{self.code.removeprefix('MDC')}QY"


@dataclass(frozen=True)
class Evidence:
    """A result that supports documenting a diagnosis: its code, the comparison with `value` in `unit`."""

    result: str
    operator: str
    value: float
    unit: str
    dx_code: str
    note: str


ListKey = tuple[str, int]


@dataclass(frozen=True)
class Scheme:
    """All of a scheme. `dx_lists` and `proc_lists` by (MDC or ADRG, number); `levels` MCC or CC by diagnosis code.

    `sites` gives by MDC the body site of each of its codes; `cc_groups` and `pdx_groups` the exclusion groups of
    CC codes and of principal diagnoses; `dx_map` and `proc_map` clinical codes to NHSA codes.
    """

    name: str
    digest: str
    options: Mapping[str, str]
    mdcs: tuple[Mdc, ...]
    dx_lists: Mapping[ListKey, frozenset[str]]
    proc_lists: Mapping[ListKey, frozenset[str]]
    sites: Mapping[str, Mapping[str, str]]
    levels: Mapping[str, str]
    cc_groups: Mapping[str, str]
    pdx_groups: Mapping[str, str]
    valid_procs: frozenset[str]
    dx_names: Mapping[str, str] = field(default_factory=dict)
    proc_names: Mapping[str, str] = field(default_factory=dict)
    dx_map: Mapping[str, str] = field(default_factory=dict)
    proc_map: Mapping[str, str] = field(default_factory=dict)
    evidence: tuple[Evidence, ...] = ()

    def option(self, name: str) -> str:
        """The value chosen for an option of `OPTIONS`, else its default."""
        return self.options.get(name, OPTIONS[name][0])

    def drgs(self) -> Iterator[tuple[Mdc, Adrg, Drg]]:
        """Every group with what it stands in, in the order of trial."""
        for mdc in self.mdcs:
            for adrg in mdc.adrgs:
                for drg in adrg.drgs:
                    yield mdc, adrg, drg

    def counts(self) -> dict[str, int]:
        """How many of everything the scheme holds."""
        return {
            "mdc": len(self.mdcs),
            "adrg": sum(len(mdc.adrgs) for mdc in self.mdcs),
            "drg": sum(1 for _ in self.drgs()),
            "mcc": sum(level == "MCC" for level in self.levels.values()),
            "cc": sum(level == "CC" for level in self.levels.values()),
            "exclusion_codes": len(self.pdx_groups),
            "exclusion_groups": len(set(self.pdx_groups.values())),
            "valid_procedures": len(self.valid_procs),
            "diagnosis_entries": sum(map(len, self.dx_lists.values())),
            "procedure_entries": sum(map(len, self.proc_lists.values())),
            "mapped_codes": len(self.dx_map) + len(self.proc_map),
        }
