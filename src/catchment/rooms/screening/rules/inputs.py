"""The edition `screening.inputs`: how each input of the risk models is had from the facts."""

from collections.abc import Iterator, Mapping
from typing import Annotated, Any, Literal, Self

from pydantic import Field, model_validator

from catchment.rooms.rulebook.rules import Rule
from catchment.standards.risk.definition import DefinitionError, Kind
from catchment.standards.risk.grammar import parse

INPUTS = "screening.inputs"
Days = Annotated[int, Field(gt=0, le=36_525)]
Codes = Annotated[tuple[str, ...], Field(min_length=1)]
Answer = bool | float | str | None


class Item(Rule):
    """One way to an input. The same name again is the next way, asked where the ways before it know nothing."""

    name: str = Field(pattern="^[a-z][a-z0-9_]*$")
    zh: str

    @property
    def kind(self) -> Kind:
        """What the input holds."""
        return Kind.BOOLEAN


class AgeItem(Item):
    """Age in whole years on the day asked about."""

    way: Literal["age"] = Field(alias="from")

    @property
    def kind(self) -> Kind:
        return Kind.NUMBER


class SexItem(Item):
    way: Literal["sex"] = Field(alias="from")

    @property
    def kind(self) -> Kind:
        return Kind.CHOICE


class AreaItem(Item):
    """Whether the person lives in an area whose code, past the first `skip` digits, begins so."""

    way: Literal["area"] = Field(alias="from")
    prefixes: Codes
    skip: int = Field(default=0, ge=0, le=12)


class ConstantItem(Item):
    """What is the same for the whole county."""

    way: Literal["constant"] = Field(alias="from")
    value: bool | float | str = Field(alias="is")

    @property
    def kind(self) -> Kind:
        return kind_of_value(self.value)


class MeasurementItem(Item):
    """The newest number under any of the codes, at most so many days old; `units` gives each unit's factor."""

    way: Literal["measurement"] = Field(alias="from")
    codes: Codes
    within_days: Days
    units: Mapping[str, float] = Field(min_length=1)

    @property
    def kind(self) -> Kind:
        return Kind.NUMBER


class AnswerItem(Item):
    """The newest coded answer to any of the questions; `values` says what each answer means, null for unknown."""

    way: Literal["answer"] = Field(alias="from")
    codes: Codes
    within_days: Days
    values: Mapping[str, Answer] = Field(min_length=1)

    @property
    def kind(self) -> Kind:
        return kind_of_value(next(value for value in self.values.values() if value is not None))


class ConditionItem(Item):
    """Whether a diagnosis whose code begins so was ever made, or is active.

    `absent: "no"` says that the source is complete enough for none to mean no; `basis` says why.
    """

    way: Literal["condition"] = Field(alias="from")
    prefixes: Codes
    when: Literal["ever", "active"] = "ever"
    absent: Literal["no", "unknown"] = "unknown"
    basis: str = ""


class MedicineItem(Item):
    """Whether a medicine whose ATC code begins so was prescribed within so many days; `absent` as for diagnoses."""

    way: Literal["medicine"] = Field(alias="from")
    prefixes: Codes
    within_days: Days
    absent: Literal["no", "unknown"] = "unknown"
    basis: str = ""


class FormulaItem(Item):
    """An expression of the risk models' language over inputs given above it."""

    way: Literal["formula"] = Field(alias="from")
    formula: str = Field(alias="is")
    gives: Literal["number", "boolean", "choice"] = "number"

    @property
    def kind(self) -> Kind:
        return Kind(self.gives)


AnyItem = Annotated[
    AgeItem | SexItem | AreaItem | ConstantItem | MeasurementItem | AnswerItem | ConditionItem | MedicineItem
    | FormulaItem,
    Field(discriminator="way"),
]  # fmt: skip


class InputsRule(Rule):
    """All inputs, in order; formulas read only what stands above them."""

    inputs: tuple[AnyItem, ...]

    @model_validator(mode="after")
    def sound(self) -> Self:
        """Formulas are in the language and read known names; every way to a name gives the same kind of value."""
        kinds: dict[str, Kind] = {}
        for item in self.inputs:
            _check(item, kinds)
            if kinds.setdefault(item.name, item.kind) is not item.kind:
                raise ValueError(f"{item.name}: one way gives a {kinds[item.name]}, another a {item.kind}")
        return self

    def names(self) -> tuple[str, ...]:
        """Every input's name once, in order."""
        return tuple(dict.fromkeys(item.name for item in self.inputs))

    def ways(self, name: str) -> tuple[Any, ...]:
        """The ways to one input, first choice first."""
        return tuple(item for item in self.inputs if item.name == name)

    def only(self, names: frozenset[str]) -> "InputsRule":
        """The inputs of these names and what their formulas read."""
        wanted = set(names)
        for item in reversed(self.inputs):
            if item.name in wanted and isinstance(item, FormulaItem):
                wanted |= parse(item.formula, item.name).names
        return InputsRule.model_construct(inputs=tuple(item for item in self.inputs if item.name in wanted))


def kind_of_value(value: Answer) -> Kind:
    """What a constant or an answer is."""
    if isinstance(value, bool):
        return Kind.BOOLEAN
    return Kind.CHOICE if isinstance(value, str) else Kind.NUMBER


def _check(item: Any, known: Mapping[str, Kind]) -> None:
    if isinstance(item, FormulaItem):
        try:
            names = parse(item.formula, item.name).names
        except DefinitionError as error:
            raise ValueError(str(error)) from None
        if names - set(known):
            raise ValueError(f"{item.name}: the formula reads {', '.join(sorted(names - set(known)))}, not given above")
    if isinstance(item, AnswerItem):
        kinds = {kind_of_value(value) for value in item.values.values() if value is not None}
        if len(kinds) != 1:
            raise ValueError(f"{item.name}: answers must all mean the same kind of value, and one must mean something")
    if isinstance(item, ConditionItem | MedicineItem) and item.absent == "no" and not item.basis:
        raise ValueError(f"{item.name}: say in `basis` why the absence of an entry means no")


def codes_of(rule: InputsRule) -> Iterator[str]:
    """Every observation code that the edition reads."""
    for item in rule.inputs:
        if isinstance(item, MeasurementItem | AnswerItem):
            yield from item.codes
