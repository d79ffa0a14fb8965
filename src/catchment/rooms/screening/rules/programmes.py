"""The edition `screening.programmes`: which models are run over whom, which bands ask for what, by whom and when."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Annotated, Any, Literal, Self

from pydantic import Field, model_validator

from catchment.rooms.rulebook.rules import Rule
from catchment.standards.risk.catalogue import UnknownModelError, definition
from catchment.standards.risk.definition import Definition

PROGRAMMES = "screening.programmes"
Days = Annotated[int, Field(gt=0, le=3_660)]
Code = Annotated[str, Field(pattern="^[a-z][a-z0-9-]*$", max_length=40)]


class Population(Rule):
    """Whom a programme is for. `without` and `having` name inputs that must certainly not, or certainly, hold."""

    min_age: int = Field(ge=0, le=130)
    max_age: int = Field(ge=0, le=130)
    sex: Literal["", "male", "female"] = ""
    areas: tuple[str, ...] = ()
    without: tuple[str, ...] = ()
    having: tuple[str, ...] = ()

    @model_validator(mode="after")
    def ordered(self) -> Self:
        if self.max_age < self.min_age:
            raise ValueError(f"max_age {self.max_age} is below min_age {self.min_age}")
        return self


class PlanItem(Rule):
    """One thing to be done, due so many days after the case was opened."""

    code: Code
    zh: str
    en: str
    days: Days


class BandRule(Rule):
    """A band that asks for action: how pressing, and the plan. Bands stand from the gravest to the least."""

    model: str
    band: str
    priority: Literal["urgent", "ordinary"] = "ordinary"
    plan: tuple[PlanItem, ...] = Field(min_length=1)


class Programme(Rule):
    """One programme. An assessment holds for `interval_days` after the newest measurement or answer it rests on, an
    ended case after its end; `message` goes to the resident.

    A facility is given at most `most_open` cases at a time, the gravest first, 0 for no limit; the rest follow later.
    """

    code: Code
    zh: str
    en: str
    models: tuple[str, ...] = Field(min_length=1)
    population: Population
    interval_days: Days
    most_open: int = Field(default=0, ge=0)
    acts: Literal["doctor", "facility", "centre"] = "doctor"
    bands: tuple[BandRule, ...]
    message: str

    @model_validator(mode="after")
    def known(self) -> Self:
        """Models and their bands exist, and a band that acts is of one of the programme's models."""
        for model in self.models:
            _definition(model)
        for one in self.bands:
            if one.model not in self.models:
                raise ValueError(f"{self.code}: band {one.band} is of {one.model}, which the programme does not run")
            bands = [band.key for band in _definition(one.model).bands]
            if one.band not in bands:
                raise ValueError(f"{self.code}: {one.model} has no band {one.band}; it has {', '.join(bands)}")
        return self

    def acting_models(self) -> tuple[str, ...]:
        """The models that can ask for something to be done, each once."""
        return tuple(dict.fromkeys(one.model for one in self.bands))

    def holds_after(self, day: date) -> date:
        """The last day on which an assessment has run out on `day`: one that rests on a later one still holds."""
        return day - timedelta(days=self.interval_days)

    def acting(self, model: str, band: str) -> tuple[int, BandRule] | None:
        """The rule of a band and its rank, 0 the gravest; `None` where the band asks for nothing."""
        for rank, one in enumerate(self.bands):
            if (one.model, one.band) == (model, band):
                return rank, one
        return None


class Clocks(Rule):
    """Days from one state to the next step, and how long after that the township centre is asked."""

    inform_days: Days
    reach_days: Days
    test_days: Days
    confirm_days: Days
    enrol_days: Days
    escalate_days: Days


class ReasonItem(Rule):
    """One coded reason for which a person drops out, in force from `since` to the day before `until`."""

    list: Literal["refusal", "no-contact", "departure"]
    code: str
    zh: str
    en: str
    since: date = date(2000, 1, 1)
    until: date | None = None


class ProgrammesRule(Rule):
    """All programmes, with the clocks and the reasons that they share."""

    clocks: Clocks
    reasons: tuple[ReasonItem, ...]
    programmes: tuple[Programme, ...]

    @model_validator(mode="after")
    def once(self) -> Self:
        codes = [one.code for one in self.programmes]
        if len(set(codes)) != len(codes):
            raise ValueError("two programmes have the same code")
        return self

    def programme(self, code: str) -> Programme | None:
        return next((one for one in self.programmes if one.code == code), None)

    def models(self) -> tuple[str, ...]:
        """Every model of every programme, once."""
        return tuple(dict.fromkeys(model for one in self.programmes for model in one.models))

    def reasons_on(self, name: str, day: date) -> list[ReasonItem]:
        """The reasons of one list that are in force on the day."""
        return [
            one
            for one in self.reasons
            if one.list == name and one.since <= day and (one.until is None or day < one.until)
        ]


def input_names(programmes: tuple[Programme, ...]) -> Iterator[str]:
    """Every input that the programmes' models and populations read."""
    for one in programmes:
        yield from one.population.without
        yield from one.population.having
        for model in one.models:
            yield from _definition(model).names()


def _definition(model: str) -> Definition:
    try:
        return definition(model)
    except UnknownModelError as error:
        raise ValueError(str(error)) from None


def eligible(population: Population, wide: Any) -> Any:
    """Whether a gathered person belongs to the population, as a column; unknown counts as not."""
    import ibis

    parts = [wide["i__age_years"] >= population.min_age, wide["i__age_years"] <= population.max_age]
    if population.sex:
        parts.append(wide["i__sex"] == population.sex)
    if population.areas:
        parts.append(_any([wide.area_code.startswith(prefix) for prefix in population.areas]))
    parts += [~ibis.coalesce(wide[f"i__{name}"], False) for name in population.without]
    parts += [ibis.coalesce(wide[f"i__{name}"], False) for name in population.having]
    found = parts[0]
    for one in parts[1:]:
        found &= one
    return ibis.coalesce(found, False)


def _any(conditions: list[Any]) -> Any:
    found = conditions[0]
    for one in conditions[1:]:
        found |= one
    return found
