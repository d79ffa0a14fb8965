"""Filters that say the codes and factors of the budget in the reader's words."""

from typing import Any

from django import template
from django.utils.translation import gettext as _

from catchment.kernel.ui.words import reasoned, worded
from catchment.rooms.budget.rules import words

register = template.Library()


worded(register, "budget_state", words.STATES)
worded(register, "budget_verb", words.VERBS)
worded(register, "budget_part", words.PARTS)
worded(register, "budget_step", words.STEPS)
worded(register, "budget_level", words.LEVELS)
worded(register, "budget_choice", words.CHOICES)
worded(register, "budget_place", words.PLACES)
worded(register, "budget_from", words.FROM)
worded(register, "watch_word", words.WATCHES)
worded(register, "event_word", words.EVENTS)
worded(register, "finding_state", words.FINDINGS)
worded(register, "budget_posting", words.POSTINGS)
reasoned(register, "budget", words.WHY)


@register.filter
def tag_words(tag: str) -> str:
    """How far a number can be trusted, in words."""
    told = words.TAGS.get(tag)
    if told is not None:
        return str(told)
    named = (words.SOURCES.get(key, key) for key in tag.removeprefix("S:").split(", "))
    return _("来源：%s") % _("、").join(map(str, named))


@register.filter
def times(factor: Any) -> str:
    """A factor with four decimals."""
    return f"{float(factor):.4f}"
