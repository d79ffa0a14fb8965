"""Pure rules of screening: how inputs are had, which programmes there are, the table of steps."""

from collections.abc import Mapping

from pydantic import BaseModel

from catchment.rooms.screening.rules.inputs import INPUTS, InputsRule
from catchment.rooms.screening.rules.programmes import PROGRAMMES, Programme, ProgrammesRule
from catchment.rooms.screening.rules.steps import CASE

SCHEMAS: Mapping[str, type[BaseModel]] = {INPUTS: InputsRule, PROGRAMMES: ProgrammesRule}
__all__ = ["CASE", "INPUTS", "PROGRAMMES", "SCHEMAS", "InputsRule", "Programme", "ProgrammesRule"]
