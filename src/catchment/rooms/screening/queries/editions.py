"""The editions of screening in force on a day, read once."""

from datetime import date
from functools import lru_cache

from catchment.rooms.rulebook import queries as rulebook
from catchment.rooms.rulebook.types import EditionValue
from catchment.rooms.screening.rules import INPUTS, PROGRAMMES, InputsRule, Programme, ProgrammesRule
from catchment.rooms.screening.rules.programmes import ReasonItem, input_names


def inputs_edition(day: date) -> EditionValue:
    """The edition that says where inputs come from."""
    return rulebook.edition_on(INPUTS, day)


def programmes_edition(day: date) -> EditionValue:
    """The edition of programmes."""
    return rulebook.edition_on(PROGRAMMES, day)


def inputs_on(day: date) -> InputsRule:
    """How inputs are had on the day, all that the edition knows."""
    return _inputs(inputs_edition(day).version, day)


def programmes_on(day: date) -> ProgrammesRule:
    """The programmes of the day."""
    return _programmes(programmes_edition(day).version, day)


def inputs_for(programmes: tuple[Programme, ...], day: date) -> InputsRule:
    """Only those inputs that the programmes' models and populations read."""
    wanted = frozenset(input_names(programmes)) | {"age_years", "sex"}
    return inputs_on(day).only(wanted)


def reasons_of(name: str, day: date) -> list[ReasonItem]:
    """The coded reasons of one list that are in force on the day."""
    return programmes_on(day).reasons_on(name, day)


@lru_cache(maxsize=8)
def _inputs(_version: str, day: date) -> InputsRule:
    return InputsRule.model_validate(inputs_edition(day).content)


@lru_cache(maxsize=8)
def _programmes(_version: str, day: date) -> ProgrammesRule:
    return ProgrammesRule.model_validate(programmes_edition(day).content)
