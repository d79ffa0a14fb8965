"""Insurance and category of every synthetic resident, the same each time: shares near those of a county."""

from collections.abc import Iterator
from datetime import date

from django.db import connection

from catchment.rooms.people.models import Person, PersonIdentifier
from catchment.rooms.people.types import IdentifierSystem

SINCE = date(2015, 1, 1)
_EMPLOYEES, _EXTREME, _SUBSISTENCE = 19, 6, 34
"""In 100 of the insured; in 1,000 of those whom residents' insurance covers. Own round figures."""


def is_synthetic() -> bool:
    """Whether the people here are invented: only then may anything about them be."""
    with connection.cursor() as cursor:
        cursor.execute("select exists (select from twin_build where finished_at is not null)")
        row = cursor.fetchone()
    return bool(row and row[0])


def invented() -> Iterator[tuple[int, str, str, date, str]]:
    """For each resident: person, insurance, category, since when, source."""
    numbers = PersonIdentifier.objects.filter(system=IdentifierSystem.INSURANCE).values_list("person_id", flat=True)
    insured = set(numbers)
    for key in Person.objects.order_by("pk").values_list("pk", flat=True).iterator(chunk_size=5000):
        insurance = _insurance(key) if key in insured else "none"
        yield key, insurance, _category(key) if insurance == "resident" else "resident", SINCE, "twin"


def _insurance(key: int) -> str:
    return "employee" if _draw(key, 1) % 100 < _EMPLOYEES else "resident"


def _category(key: int) -> str:
    draw = _draw(key, 2) % 1000
    if draw < _EXTREME:
        return "extreme-poverty"
    return "subsistence" if draw < _EXTREME + _SUBSISTENCE else "resident"


def _draw(key: int, what: int) -> int:
    """A number that looks random and depends on the person alone."""
    return (key * 2_654_435_761 + what * 40_503) % 4_294_967_291 >> 7
