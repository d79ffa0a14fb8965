"""What makes a person's data acceptable, and the keys a person is found by. Pure."""

from catchment.rooms.people.rules.keys import search_keys
from catchment.rooms.people.rules.soundness import IDENTIFIER_LABELS, checked, field_of

__all__ = ["IDENTIFIER_LABELS", "checked", "field_of", "search_keys"]
