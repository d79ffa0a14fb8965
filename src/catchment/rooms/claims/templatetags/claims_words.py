"""Filters that say the codes of claims in the reader's words."""

from collections.abc import Iterator, Mapping
from typing import Any

from django import template
from django.utils.translation import gettext as _

from catchment.kernel.ui.words import reasoned, worded
from catchment.rooms.claims.rules import DISCHARGES, discharge_code, words
from catchment.standards.money import yuan

register = template.Library()


for _name in ("state", "verb", "kind", "insurance", "people", "way", "cost", "layer", "finding", "worth", "grouped"):
    _table = {"people": "PEOPLE", "grouped": "GROUPED"}.get(_name, f"{_name.upper()}S")
    worded(register, f"claim_{_name}", getattr(words, _table))
worded(register, "claim_statement", words.STATEMENTS)
worded(register, "claim_review", words.REVIEWS)
worded(register, "claim_review_kind", words.REVIEW_KINDS)
worded(register, "claim_dispute", words.DISPUTES)
worded(register, "claim_method", words.METHODS)
worded(register, "claim_purpose", words.PURPOSES)
worded(register, "claim_taken_back", words.TAKEN_BACK)
reasoned(register, "claim", words.WHY)


@register.filter
def claim_discharge(told: str) -> str:
    """The way of leaving in words; what nobody knows as it was told."""
    return str(DISCHARGES.get(discharge_code(told), told))


@register.filter
def claim_mark(code: str) -> str:
    """The colour of a state's mark."""
    return words.STATE_MARKS.get(code, "blue")


@register.filter
def claim_changes(changed: Mapping[str, list[Any]]) -> Iterator[tuple[Any, str, str]]:
    """What mending changed: each field with old and new in words."""
    for name, (old, new) in changed.items():
        yield words.FIELDS.get(name, name), _told(name, old), _told(name, new)


def _told(name: str, value: Any) -> str:
    if name == "lines":
        return _("；").join(f"{words.COSTS[one['category']]} {one['name']} {_amounts(one)}" for one in value)
    if name == "discharge_way":
        return str(DISCHARGES.get(discharge_code(value), value))
    if isinstance(value, list):
        return _("、").join(one["code"] for one in value)
    return yuan(value) if name == "total" else str(value or "")


def _amounts(line: Mapping[str, Any]) -> str:
    parts = ((_("自费"), line["excluded"]), (_("先行自付"), line["first_pay"]))
    more = _("，").join(f"{word} {yuan(amount)}" for word, amount in parts if amount)
    return yuan(line["amount"]) + (_("（%(more)s）") % {"more": more} if more else "")
