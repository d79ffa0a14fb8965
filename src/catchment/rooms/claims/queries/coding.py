"""Finding codes of diagnoses and procedures by code, Chinese words, pinyin or initials, from the scheme in use."""

from collections.abc import Mapping
from datetime import date

from catchment.kernel.errors import NotFound
from catchment.rooms.claims.queries.context import Books
from catchment.rooms.claims.queries.grouping import scheme_named
from catchment.standards.terms import matching

SHORTEST = 2


def codes_matching(text: str, day: date, *, procedures: bool = False, limit: int = 8) -> list[tuple[str, str]]:
    """Codes and names that fit the text best, of the scheme by which stays of the day are grouped.

    A code that begins with the text comes first. None for less than two characters, or where there is no scheme.
    """
    names = _names(day, procedures=procedures) if len(text.strip()) >= SHORTEST else {}
    return list(matching(names, text, limit=limit).items())


def _names(day: date, *, procedures: bool) -> Mapping[str, str]:
    try:
        scheme = scheme_named(Books().payment(day)[0].scheme)
    except NotFound:
        return {}
    return scheme.proc_names if procedures else scheme.dx_names
