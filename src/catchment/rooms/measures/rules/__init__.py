"""How editions of indicators are read, and their words."""

from catchment.rooms.measures.rules.editions import DEFAULT, SCHEMAS, SETS, key_of, read_set
from catchment.rooms.measures.rules.words import (
    ANSWER_WORDS,
    DIRECTIONS,
    KINDS,
    LEVEL_WORDS,
    LIGHTS,
    MARKS,
    PERIOD_WORDS,
    STATUSES,
    shown,
)

__all__ = [
    "ANSWER_WORDS",
    "DEFAULT",
    "DIRECTIONS",
    "KINDS",
    "LEVEL_WORDS",
    "LIGHTS",
    "MARKS",
    "PERIOD_WORDS",
    "SCHEMAS",
    "SETS",
    "STATUSES",
    "key_of",
    "read_set",
    "shown",
]
