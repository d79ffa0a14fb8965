"""Filters that say amounts and the codes of claims in the reader's words."""

from collections.abc import Mapping

from django import template

from catchment.rooms.claims.rules import words
from catchment.standards import money

register = template.Library()


def _worded(name: str, table: Mapping[str, object]) -> None:
    register.filter(name, lambda code: table.get(code, code))


for _name in ("state", "verb", "kind", "insurance", "people", "way", "cost", "layer", "finding", "worth", "grouped"):
    _table = {"people": "PEOPLE", "grouped": "GROUPED"}.get(_name, f"{_name.upper()}S")
    _worded(f"claim_{_name}", getattr(words, _table))
_worded("claim_statement", words.STATEMENTS)
_worded("claim_review", words.REVIEWS)
_worded("claim_method", words.METHODS)
_worded("claim_purpose", words.PURPOSES)


@register.filter
def claim_mark(code: str) -> str:
    """The colour of a state's mark."""
    return words.STATE_MARKS.get(code, "blue")


@register.filter
def yuan(amount: int | None) -> str:
    """Fen as yuan with two decimals and commas."""
    return "—" if amount is None else money.yuan(amount)
