"""Diagnoses and medicines by what is typed, for the forms that ask for them."""

from datetime import date

from catchment.kernel import panels
from catchment.kernel.errors import NotFound
from catchment.rooms.record.rules import MEDICINES, Medicine, MedicinesRule
from catchment.rooms.rulebook import queries as rulebook
from catchment.standards.terms import matching

PLACE = "diagnoses"
"""The place at which higher rooms answer with codes and names that fit a `text` on a `day`."""


def diagnoses_matching(text: str, day: date, *, limit: int = 8) -> list[tuple[str, str]]:
    """Codes and names by code, name, pinyin or initials: of every list that a room has, the shorter lists first."""
    found: dict[str, str] = {}
    for _name, told in panels.gather(PLACE, text=text, day=day, limit=limit):
        for code, name in told:
            if name not in found.values():
                found.setdefault(code, name)
    return list(found.items())[:limit]


def medicines_matching(text: str, day: date, *, limit: int = 8) -> list[Medicine]:
    """Medicines of the day's list by name, pinyin, initials or ATC code; none where there is no list."""
    try:
        known = rulebook.rule_on(MEDICINES, day, MedicinesRule).medicines
    except NotFound:
        return []
    numbered = {f"{one.code} {place}": one for place, one in enumerate(known)}
    names = {key: one.zh for key, one in numbered.items()}
    return [numbered[key] for key in matching(names, text, limit=limit)]
