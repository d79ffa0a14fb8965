"""What makes a person's data acceptable, the keys a person is found by, and how old a person is. Pure."""

from catchment.rooms.people.rules.ages import age_on
from catchment.rooms.people.rules.doubles import COMPARES, has_part, why_not_decided
from catchment.rooms.people.rules.keys import search_keys
from catchment.rooms.people.rules.soundness import IDENTIFIER_LABELS, checked, field_of

__all__ = [
    "COMPARES", "IDENTIFIER_LABELS", "age_on", "checked", "field_of", "has_part", "search_keys", "why_not_decided",
]  # fmt: skip
