"""Filters that say the codes of screening in the reader's words."""

from django import template

from catchment.kernel.ui.words import worded
from catchment.rooms.screening import queries
from catchment.rooms.screening.models import Case
from catchment.rooms.screening.rules import words

register = template.Library()


worded(register, "case_state", words.STATES)
worded(register, "case_verb", words.VERBS)


@register.filter
def case_mark(code: str) -> str:
    """The colour of a state's mark."""
    return words.STATE_MARKS.get(code, "blue")  # type: ignore[call-overload,no-any-return]


@register.filter
def case_words(case: Case) -> str:
    """The programme and the band of a case."""
    return " · ".join(queries.words_of(case))
