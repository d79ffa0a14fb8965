"""Filters that say the codes and amounts of the budget in the reader's words."""

from collections.abc import Mapping
from typing import Any

from django import template
from django.utils.translation import gettext as _

from catchment.rooms.budget.rules import words
from catchment.standards.money import yuan as in_yuan

register = template.Library()


def _worded(name: str, table: Mapping[str, object]) -> None:
    register.filter(name, lambda code: table.get(code, code))


_worded("budget_state", words.STATES)
_worded("budget_verb", words.VERBS)
_worded("budget_part", words.PARTS)
_worded("budget_step", words.STEPS)
_worded("budget_level", words.LEVELS)
_worded("budget_choice", words.CHOICES)
_worded("budget_place", words.PLACES)
_worded("budget_from", words.FROM)
_worded("watch_word", words.WATCHES)
_worded("event_word", words.EVENTS)
_worded("finding_state", words.FINDINGS)


@register.filter
def yuan(fen: Any) -> str:
    """Fen as yuan with commas and two decimals; a dash for nothing known."""
    return "—" if fen in (None, "") else in_yuan(int(fen))


@register.filter
def tag_words(tag: str) -> str:
    """How far a number can be trusted, in words."""
    told = words.TAGS.get(tag)
    return str(told) if told is not None else _("来源 %s") % tag.removeprefix("S:")


@register.filter
def times(factor: Any) -> str:
    """A factor with four decimals."""
    return f"{float(factor):.4f}"
