"""What a set of indicators is made of. A set is the content of one edition of the rulebook, read from YAML."""

from collections.abc import Iterator, Mapping
from enum import StrEnum
from functools import cached_property
from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from catchment.standards.measures.periods import PeriodKind
from catchment.standards.measures.tables import FACTS, LEVELS, PLACES, names_in
from catchment.standards.risk.definition import DefinitionError, Expression
from catchment.standards.risk.grammar import parse

SCALES = {"%": 100.0, "‰": 1000.0}
TEN_THOUSAND = 10_000.0
ANSWERS = {"yes": 1.0, "partly": 0.5, "no": 0.0}


class Kind(StrEnum):
    """How a value comes from its parts. `rate` is per ten thousand; `growth` compares with the year before."""

    RATIO = "ratio"
    MEAN = "mean"
    RATE = "rate"
    COUNT = "count"
    GROWTH = "growth"
    QUALITATIVE = "qualitative"
    COMPOSITE = "composite"


class Direction(StrEnum):
    UP = "up"
    DOWN = "down"
    TO_TARGET = "to-target"
    NONE = "none"


class Mark(StrEnum):
    """Whether the official text was read, or the formula rebuilt from knowledge; `local` is a county's own."""

    SOURCED = "sourced"
    RECONSTRUCTED = "reconstructed"
    LOCAL = "local"


class Window(StrEnum):
    """Which days count: those of the period, of the same period a year before, of the one or two years to its end, all
    up to its end, or any.
    """

    IN = "in"
    PREVIOUS = "previous"
    YEAR = "year"
    TWO_YEARS = "two-years"
    END = "end"
    ALL = "all"


class Place(StrEnum):
    """Whose place a row counts for: where it happened, where the person lives, the sender, the receiver."""

    FACILITY = "facility"
    RESIDENCE = "residence"
    FROM = "from"
    TO = "to"


class Home(StrEnum):
    """When one asks where a person lived and which facility answered for them: on the row's day, or at the end."""

    DAY = "day"
    END = "end"


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Extra(_Strict):
    """One more column of a row: what another table says under the same key (its person, its visit).

    `take` is how many there are, a sum, the least or greatest, or the newest; where there are none, 0 for `count` and
    `sum`, unknown for the others.
    """

    name: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    table: str
    by: str = "person_key"
    where: str = "true"
    take: Literal["count", "sum", "min", "max", "last"] = "count"
    of: str = ""
    window: Window = Window.IN

    @model_validator(mode="after")
    def _sound(self) -> Self:
        _require_table(self.table)
        if self.by not in FACTS[self.table].columns:
            raise ValueError(f"{self.name}: {self.table} has no column {self.by}")
        if (self.take == "count") != (self.of == ""):
            raise ValueError(f"{self.name}: `of` says what is taken, for all but count")
        for expression in self.expressions():
            _require_names(expression, names_in(self.table), self.table)
        return self

    def expressions(self) -> list[Expression]:
        """What decides on a row and what is taken from it."""
        return [parse(text, f"{self.name} of {self.table}") for text in (self.where, self.of) if text]

    def names(self) -> frozenset[str]:
        """Every name that is read."""
        return frozenset({self.by}.union(*(one.names for one in self.expressions())))


class Selection(_Strict):
    """Rows of one table that are counted or summed.

    `count` is the column whose different values count (empty: every row); `sum` an expression that is added up instead,
    and divided by `divide`. `day` is the column on which the window looks (empty: the table's own). `home` left out is
    the row's day where days of a period count, the end where all that has come about by then does.
    """

    table: str
    where: str = "true"
    also: tuple[Extra, ...] = ()
    count: str = ""
    sum: str = ""
    divide: float = Field(default=1, gt=0)
    window: Window = Window.IN
    day: str = ""
    home: Home | None = None
    place: Place = Place.FACILITY

    @model_validator(mode="after")
    def _sound(self) -> Self:
        _require_table(self.table)
        fact, names = FACTS[self.table], names_in(self.table)
        if self.count and self.sum:
            raise ValueError(f"{self.table}: either count or sum")
        for column in filter(None, (self.count, self.day)):
            _require_names(parse(column, self.table), names, self.table)
        wanted = {Place.FROM: "from_facility_id", Place.TO: "to_facility_id", Place.RESIDENCE: "person_key"}
        wanted[Place.FACILITY] = "facility_id" if self.table != "areas" else "area_code"
        if wanted[self.place] not in fact.columns:
            raise ValueError(f"{self.table} has no place {self.place.value}")
        for extra in self.also:
            if extra.by not in fact.columns:
                raise ValueError(f"{extra.name}: {self.table} has no column {extra.by}")
            names |= {extra.name}
        for expression in self.expressions():
            _require_names(expression, names, self.table)
        return self

    def expressions(self) -> Iterator[Expression]:
        """What decides on a row and what is added up."""
        yield parse(self.where, self.table)
        if self.sum:
            yield parse(self.sum, self.table)

    @property
    def home_at(self) -> Home:
        """When the person's place is asked for."""
        lasting = self.window in {Window.END, Window.ALL} or not (self.day or FACTS[self.table].day)
        return self.home or (Home.END if lasting else Home.DAY)

    def names(self) -> frozenset[str]:
        """Every name that is read."""
        found = {self.count, self.day, *(extra.by for extra in self.also)} - {""}
        return frozenset(found.union(*(one.names for one in self.expressions())))


class Part(_Strict):
    """One part of a value: a named selection, perhaps narrowed or counted otherwise; a supplied figure; or a formula.

    `and` narrows the named selection. `figure` is the code of a figure from outside, of this period or (`before`)
    of the year before. `formula` is an expression over the measure's `parts`. `zh` and `en` say what it counts.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)
    select: str = ""
    narrowed: str = Field(default="", alias="and")
    count: str | None = None
    sum: str | None = None
    divide: float | None = None
    window: Window | None = None
    place: Place | None = None
    figure: str = ""
    before: bool = False
    formula: str = ""
    zh: str = ""
    en: str = ""

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        if sum(map(bool, (self.select, self.figure, self.formula))) != 1:
            raise ValueError("one of select, figure, formula")
        return self


class Source(_Strict):
    """Where figures come from. `present` is what the facts hold when it feeds them; without it they never do."""

    code: str
    zh: str
    en: str
    holder: str = ""
    present: Part | None = None


class Figure(_Strict):
    """A figure that somebody outside supplies. `adds`: the months of a year make the year when all are there."""

    code: str
    zh: str
    en: str
    unit: str = ""
    source: str
    adds: bool = False


class Count(_Strict):
    """The parts that a value is made of."""

    numerator: Part
    denominator: Part | None = None
    parts: Mapping[str, Part] = Field(default_factory=dict)
    value: str = ""

    def all(self) -> dict[str, Part]:
        """Every part by name."""
        own = {"numerator": self.numerator, **self.parts}
        return own if self.denominator is None else {**own, "denominator": self.denominator}


class Measure(_Strict):
    """One indicator. `counted` is how it is counted, `otherwise` what stands in while a source in `needs` is missing.

    `compare` are the levels at which places can be compared fairly: none where they differ by what they are for.
    `target` is the number to reach; `near` the number up to which it is amber, or for `to-target` the distance allowed.
    """

    code: str = Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9.\-]*$", max_length=40)
    zh: str
    en: str
    dimension: str = ""
    unit: str = ""
    kind: Kind
    direction: Direction = Direction.NONE
    counted: Count | None = None
    needs: tuple[str, ...] = ()
    otherwise: Count | None = None
    digits: int = Field(default=2, ge=0, le=6)
    periods: tuple[PeriodKind, ...] = tuple(PeriodKind)
    levels: tuple[str, ...] = LEVELS
    compare: tuple[str, ...] = LEVELS
    source: str = ""
    reference: str = ""
    formula_zh: str = ""
    mark: Mark
    tag: str = ""
    note: str = ""
    target: float | None = None
    near: float | None = None
    target_source: str = ""

    @model_validator(mode="after")
    def _sound(self) -> Self:
        if (self.kind is Kind.QUALITATIVE) != (self.counted is None):
            raise ValueError(f"{self.code}: a measure is either answered (qualitative) or counted")
        unknown = {*self.levels, *self.compare} - set(LEVELS)
        if unknown:
            raise ValueError(f"{self.code}: levels are {', '.join(LEVELS)}")
        for count in filter(None, (self.counted, self.otherwise)):
            self._check(count)
        return self

    def _check(self, count: Count) -> None:
        if self.kind not in {Kind.COUNT, Kind.COMPOSITE} and count.denominator is None:
            raise ValueError(f"{self.code}: needs a denominator")
        for name, part in count.all().items():
            if part.formula:
                _require_names(parse(part.formula, f"{self.code}.{name}"), frozenset(count.parts), "its parts")
        if count.value:
            _require_names(parse(count.value, self.code), frozenset(count.all()), "its parts")

    @property
    def scale(self) -> float:
        """By what numerator ÷ denominator is multiplied."""
        return TEN_THOUSAND if self.kind is Kind.RATE else SCALES.get(self.unit, 1.0)


class MeasureSet(_Strict):
    """The content of one edition: indicators with the selections, sources and figures that they name."""

    zh: str
    en: str
    reference: str = ""
    sources: tuple[Source, ...] = ()
    figures: tuple[Figure, ...] = ()
    selections: Mapping[str, Selection] = Field(default_factory=dict)
    measures: tuple[Measure, ...] = ()

    @model_validator(mode="after")
    def _sound(self) -> Self:
        for kind, rows in (("sources", self.sources), ("figures", self.figures), ("measures", self.measures)):
            codes = [row.code for row in rows]
            twice = sorted({code for code in codes if codes.count(code) > 1})
            if twice:
                raise ValueError(f"{kind}: {', '.join(twice)} stands there twice")
        sources, figures = {one.code for one in self.sources}, {one.code for one in self.figures}
        for figure in self.figures:
            _require({figure.source}, sources, f"figure {figure.code}", "sources")
        for source in self.sources:
            if source.present:
                self.selection(source.present)
        for measure in self.measures:
            _require(set(measure.needs), sources, measure.code, "sources")
            for part in measure_parts(measure):
                _require({part.figure} - {""}, figures, measure.code, "figures")
                if part.select:
                    self.selection(part, measure.code)
        return self

    @cached_property
    def by_code(self) -> dict[str, Measure]:
        return {measure.code: measure for measure in self.measures}

    @cached_property
    def source_by_code(self) -> dict[str, Source]:
        return {source.code: source for source in self.sources}

    @cached_property
    def figure_by_code(self) -> dict[str, Figure]:
        return {figure.code: figure for figure in self.figures}

    def selection(self, part: Part, where: str = "") -> Selection:
        """The selection that a part names, with what it narrows or counts otherwise."""
        _require({part.select}, set(self.selections), where, "selections")
        changed = {name: getattr(part, name) for name in ("count", "sum", "divide", "window", "place")}
        given = self.selections[part.select].model_dump(mode="python")
        given.update({name: value for name, value in changed.items() if value is not None})
        if part.sum:
            given["count"] = ""
        if part.narrowed:
            given["where"] = f"({given['where']}) and ({part.narrowed})"
        return Selection.model_validate(given)


def measure_parts(measure: Measure) -> list[Part]:
    """Every part of a measure, of what stands in for it too."""
    return [part for count in (measure.counted, measure.otherwise) if count for part in count.all().values()]


def _require_table(name: str) -> None:
    if name not in FACTS:
        raise ValueError(f"no table {name}; there are {', '.join(FACTS)}")


def _require(wanted: set[str], known: set[str], where: str, kind: str) -> None:
    missing = sorted(wanted - known)
    if missing:
        raise ValueError(f"{where}: no {', '.join(missing)} among {kind}; there are {', '.join(sorted(known))}")


def _require_names(expression: Expression, known: frozenset[str], table: str) -> None:
    missing = sorted(expression.names - known)
    if missing:
        raise DefinitionError(
            f"{expression.text!r}: {', '.join(missing)} is not in {table}: {', '.join(sorted(known))}"
        )


__all__ = [
    "ANSWERS", "PLACES", "Count", "Direction", "Extra", "Figure", "Kind", "Mark", "Measure", "MeasureSet", "Part",
    "Place", "Selection", "Source", "Window", "measure_parts",
]  # fmt: skip
