"""Filters that say the codes of referral in the reader's words."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django import template
from django.utils.dateparse import parse_datetime

from catchment.kernel.ui.tags import span
from catchment.rooms.referral.rules import words

register = template.Library()


def _worded(name: str, table: Mapping[str, object]) -> None:
    register.filter(name, lambda code: table.get(code, code))


_worded("state_word", words.STATES)
_worded("advice_word", words.ADVICE_STATES)
_worded("direction_word", words.DIRECTIONS)
_worded("urgency_word", words.URGENCIES)
_worded("level_word", words.LEVELS)
_worded("part_word", words.PARTS)
_worded("verb_word", words.VERBS)
_worded("advice_verb_word", words.ADVICE_VERBS)
_worded("message_word", words.MESSAGES)
_worded("role_word", words.ROLES)
_worded("flag_word", words.FLAGS)
_worded("next_word", words.NEXT)


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
