"""Filters that say the codes of claims in the reader's words."""

from django import template

from catchment.kernel.ui.words import worded
from catchment.rooms.claims.rules import words

register = template.Library()


for _name in ("state", "verb", "kind", "insurance", "people", "way", "cost", "layer", "finding", "worth", "grouped"):
    _table = {"people": "PEOPLE", "grouped": "GROUPED"}.get(_name, f"{_name.upper()}S")
    worded(register, f"claim_{_name}", getattr(words, _table))
worded(register, "claim_statement", words.STATEMENTS)
worded(register, "claim_review", words.REVIEWS)
worded(register, "claim_method", words.METHODS)
worded(register, "claim_purpose", words.PURPOSES)


@register.filter
def claim_mark(code: str) -> str:
    """The colour of a state's mark."""
    return words.STATE_MARKS.get(code, "blue")
