"""What a risk model or screening rule is made of. A definition is one edition of one model, read from YAML."""

import ast
import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

Scalar = float | bool | str


class DefinitionError(ValueError):
    """A definition file that cannot be used; the message names the file, the field and the way out."""


class Kind(StrEnum):
    """What a column holds. `list` and `object` are spread over one number column for each element."""

    NUMBER = "number"
    BOOLEAN = "boolean"
    CHOICE = "choice"
    LIST = "list"
    OBJECT = "object"


class Status(StrEnum):
    """How an assessment ended. Only `assessed` carries a value."""

    ASSESSED = "assessed"
    OUT_OF_POPULATION = "out_of_population"
    NOT_APPLICABLE = "not_applicable"
    MISSING = "missing"
    REJECTED = "rejected"


class Decides(StrEnum):
    """What must be known for a person to count as assessed: every value, any of them, or the band."""

    ALL = "all"
    ANY = "any"
    BAND = "band"


@dataclass(frozen=True, slots=True)
class Expression:
    """A checked expression of the definition language and the names it reads."""

    text: str
    tree: ast.expr
    names: frozenset[str]


@dataclass(frozen=True, slots=True)
class Alternative:
    """Another column from which an input can be had, such as the same quantity in another unit.

    Without a formula it is only read by the formula of its neighbour.
    """

    name: str
    kind: Kind
    unit: str
    formula: Expression | None
    choices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Input:
    """One typed input. `low` and `high` are both allowed values; `also` are codes allowed outside them.

    `only`, where given, lists every number allowed.
    """

    name: str
    kind: Kind
    zh: str
    unit: str = ""
    low: float | None = None
    high: float | None = None
    choices: tuple[str, ...] = ()
    also: tuple[float, ...] = ()
    only: tuple[float, ...] = ()
    optional: bool = False
    modifiable: bool = False
    reference: Expression | None = None
    needed_when: Expression | None = None
    alternatives: tuple[Alternative, ...] = ()
    parent: str = ""


@dataclass(frozen=True, slots=True)
class Step:
    """One row of a step table: the comparison that must hold, with its edge; `operator` is empty for the rest."""

    operator: str
    edge: float
    result: Scalar


@dataclass(frozen=True, slots=True)
class Steps:
    """A point table: the first step that holds gives the result; with `by`, one table for each choice."""

    of: Expression
    by: str
    tables: Mapping[str, tuple[Step, ...]]


@dataclass(frozen=True, slots=True)
class Choices:
    """A table from the value of a choice to its result."""

    of: Expression
    results: Mapping[str, Scalar]


@dataclass(frozen=True, slots=True)
class Cases:
    """A decision table read from the top: the first rule that holds decides; an unknown rule leaves it unknown."""

    rules: tuple[tuple[Expression, Scalar], ...]
    otherwise: Scalar | None


@dataclass(frozen=True, slots=True)
class Grid:
    """A two-way decision table."""

    rows: Expression
    columns: Expression
    cells: Mapping[tuple[str, str], Scalar]


@dataclass(frozen=True, slots=True)
class Curve:
    """Points joined by straight lines; beyond the first and last point the value stays."""

    of: Expression
    points: tuple[tuple[float, float], ...]


@dataclass(frozen=True, slots=True)
class Lookup:
    """Columns `take` of the reference table `table`, joined on the columns `on`; read as `<name>_<column>`."""

    table: str
    on: Mapping[str, Expression]
    take: tuple[str, ...]


Rule = Expression | Steps | Choices | Cases | Grid | Curve | Lookup


@dataclass(frozen=True, slots=True)
class Band:
    """One band: its key in results, its Chinese name, what is to be done, and how well that is evidenced."""

    key: str
    zh: str
    rule: Expression
    action: str = ""
    evidence: str = ""


@dataclass(frozen=True, slots=True)
class Condition:
    """A named condition with the text shown when it holds (alerts, exclusions) or fails (population)."""

    key: str
    rule: Expression
    zh: str
    status: Status = Status.OUT_OF_POPULATION


@dataclass(frozen=True, slots=True)
class Definition:
    """One edition of one model. `until` is the first day on which it is no longer in force."""

    model: str
    edition: str
    zh: str
    en: str
    citation: str
    evidence: str
    population_zh: str
    starts: dt.date
    until: dt.date | None
    note: str
    inputs: tuple[Input, ...]
    population: tuple[Condition, ...]
    exclusions: tuple[Condition, ...]
    steps: Mapping[str, Rule]
    criteria: Mapping[str, Rule]
    parts: Mapping[str, Rule]
    results: Mapping[str, Rule]
    value: Mapping[str, Expression]
    bands: tuple[Band, ...]
    alerts: tuple[Condition, ...]
    decides: Decides
    explains: str
    single: bool

    def columns(self) -> tuple[Input, ...]:
        """Every scalar column of the model, elements of lists and objects in their place."""
        return tuple(one for one in self.inputs if one.kind not in {Kind.LIST, Kind.OBJECT})

    def names(self) -> tuple[str, ...]:
        """Every column name that a file may carry for this model, alternatives and whole lists included."""
        own = [one.name for one in self.inputs]
        return tuple(dict.fromkeys(own + [other.name for one in self.inputs for other in one.alternatives]))
