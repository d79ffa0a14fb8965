"""Filters that say the codes of referral in the reader's words."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django import template
from django.utils.dateparse import parse_datetime

from catchment.kernel.ui.tags import span
from catchment.kernel.ui.words import worded
from catchment.rooms.referral.rules import words

register = template.Library()


worded(register, "state_word", words.STATES)
worded(register, "advice_word", words.ADVICE_STATES)
worded(register, "direction_word", words.DIRECTIONS)
worded(register, "urgency_word", words.URGENCIES)
worded(register, "level_word", words.LEVELS)
worded(register, "part_word", words.PARTS)
worded(register, "verb_word", words.VERBS)
worded(register, "advice_verb_word", words.ADVICE_VERBS)
worded(register, "message_word", words.MESSAGES)
worded(register, "role_word", words.ROLES)
worded(register, "flag_word", words.FLAGS)
worded(register, "next_word", words.NEXT)


@register.filter
def state_mark(code: str) -> str:
    """The colour of a state's mark: red asks for a person now, green is done, blue is information."""
    return words.STATE_MARKS.get(code, "blue")  # type: ignore[call-overload,no-any-return]


@register.filter
def in_order(summary: Mapping[str, list[dict[str, Any]]]) -> list[tuple[str, list[dict[str, Any]]]]:
    """The parts of a snapshot as a doctor reads them, allergies first; JSON columns keep no order."""
    return [(part, summary[part]) for part in words.PARTS if part in summary]


@register.filter
def moment(text: str) -> datetime | None:
    """The moment that a snapshot holds as ISO 8601 text."""
    return parse_datetime(text) if text else None


@register.filter
def span_word(length: timedelta) -> str:
    """A length of time in its largest fitting unit."""
    return span(length)
