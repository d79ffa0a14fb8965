"""Filters that say the codes of screening in the reader's words."""

from collections.abc import Mapping

from django import template

from catchment.rooms.screening import queries
from catchment.rooms.screening.models import Case
from catchment.rooms.screening.rules import words

register = template.Library()


def _worded(name: str, table: Mapping[str, object]) -> None:
    register.filter(name, lambda code: table.get(code, code))


_worded("case_state", words.STATES)
_worded("case_verb", words.VERBS)


@register.filter
def case_mark(code: str) -> str:
    """The colour of a state's mark."""
    return words.STATE_MARKS.get(code, "blue")  # type: ignore[call-overload,no-any-return]


@register.filter
def case_words(case: Case) -> str:
    """The programme and the band of a case."""
    return " · ".join(queries.words_of(case))
