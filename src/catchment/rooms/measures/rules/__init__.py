"""How editions of indicators are read, their words, what is too small to be told outside."""

from catchment.rooms.measures.rules.editions import DEFAULT, SCHEMAS, SETS, SMALL_CELLS, SmallCellRule, key_of, read_set
from catchment.rooms.measures.rules.words import (
    ANSWER_WORDS,
    DIRECTIONS,
    KINDS,
    LEVEL_WORDS,
    LIGHTS,
    MARKS,
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
    "SCHEMAS",
    "SETS",
    "SMALL_CELLS",
    "STATUSES",
    "SmallCellRule",
    "key_of",
    "read_set",
    "shown",
]
