"""What a scheme chooses among readings: settings of `scheme.OPTIONS`, and named points of the tables put otherwise.

A choice is a name and a value, in options.csv or on the command line. `rule:PV1` sets the rule of an ADRG, `entry:MDCY`
that of an MDC, `split:AH15` that of a group; `dx:PV1` or `dx:PV1:2` takes a diagnosis list from a file of the folder,
`proc:...` a procedure list; `exclusion:J68.200` sets the exclusion group of a principal diagnosis;
`leave_out_source` leaves out rows by their `src`; `ambiguity_mdcs` names the MDCs that have an ambiguity group, parted
by `|` (all that have medical ADRGs when not given).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from catchment.standards.drg.scheme import OPTIONS
from catchment.standards.drg.tables import Problem, Tables

KINDS = ("rule", "entry", "split", "dx", "proc", "exclusion")
PLAIN = (*OPTIONS, "leave_out_source", "ambiguity_mdcs")


@dataclass
class Choices:
    """The choices made; `used` grows as the compiler meets the points they name."""

    plain: dict[str, str]
    used: set[str] = field(default_factory=set)

    @property
    def sources_left_out(self) -> set[str]:
        return set(self.plain.get("leave_out_source", "").split("|")) - {""}

    def ambiguous_in(self, mdc: str) -> bool:
        """Whether the MDC has an ambiguity group."""
        named = self.plain.get("ambiguity_mdcs", mdc).split("|")
        return self.plain.get("ambiguity", "off") != "off" and mdc in named

    def instead(self, kind: str, name: str, otherwise: str) -> str:
        """The choice for one point, else what the table says."""
        self.used.add(f"{kind}:{name}")
        return self.plain.get(f"{kind}:{name}", otherwise)

    def named(self, kind: str) -> dict[str, str]:
        """All choices of one kind by the name of their point."""
        found = {key: value for key, value in self.plain.items() if key.startswith(f"{kind}:")}
        self.used |= set(found)
        return {key.removeprefix(f"{kind}:"): value for key, value in found.items()}

    def lists(self, tables: Tables, kind: str) -> dict[str, set[str]]:
        """The code lists that are taken from files of their own, by owner and number."""
        column = f"{kind}_code"
        found = {}
        for name, file in self.named(kind).items():
            if file not in {path.name for path in tables.folder.iterdir()}:
                tables.problems.append(
                    Problem("options.csv", 0, f"{kind}:{name} names {file!r}, which is not in the folder")
                )
                continue
            found[name if ":" in name else f"{name}:1"] = {row[column] for row in tables.rows(file) if row[column]}
        return found

    def check_all_used(self, tables: Tables) -> None:
        """A choice about a point that the scheme does not have is a problem."""
        for name in self.plain:
            if ":" in name and name not in self.used:
                tables.problems.append(Problem("options.csv", 0, f"{name}: the scheme has no such group"))


def read(tables: Tables, given: Mapping[str, str]) -> Choices:
    """The choices of options.csv and those given beside it, which go before; unknown ones become problems."""
    chosen = tables.pairs("options.csv", "option", "value") | dict(given)
    for name, value in chosen.items():
        if name.partition(":")[0] not in KINDS and name not in PLAIN:
            told = f"there is no option {name!r}; choose one of {', '.join(PLAIN)}, {':…, '.join(KINDS)}:…"
            tables.problems.append(Problem("options.csv", 0, told))
        elif name in OPTIONS and value not in OPTIONS[name]:
            told = f"{name} is {value!r}, not one of {', '.join(OPTIONS[name])}"
            tables.problems.append(Problem("options.csv", 0, told))
    return Choices(chosen)
