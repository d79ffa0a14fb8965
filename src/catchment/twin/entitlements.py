"""Categories for medical assistance of the synthetic residents, the same each time: shares near those of a county."""

from collections.abc import Iterator
from datetime import date

from django.db import connection

from catchment.rooms.people.models import Coverage
from catchment.rooms.people.types import Insurance

SINCE = date(2015, 1, 1)
_EXTREME, _SUBSISTENCE = 6, 34
"""In 1,000 of those whom residents' insurance covers. Own round figures."""


def is_synthetic() -> bool:
    """Whether the people here are invented: only then may anything about them be."""
    with connection.cursor() as cursor:
        cursor.execute("select exists (select from twin_build where finished_at is not null)")
        row = cursor.fetchone()
    return bool(row and row[0])


def invented() -> Iterator[tuple[int, str, date, str]]:
    """For each resident of a category: person, category, since when, source."""
    rows = Coverage.objects.filter(kind=Insurance.RESIDENT).order_by("person_id").values_list("person_id", flat=True)
    for key in rows.iterator(chunk_size=5000):
        category = _category(key)
        if category:
            yield key, category, SINCE, "twin"


def _category(key: int) -> str:
    """Drawn from a number that looks random and depends on the person alone."""
    draw = ((key * 2_654_435_761) % 4_294_967_291 >> 7) % 1000
    if draw < _EXTREME:
        return "extreme-poverty"
    return "subsistence" if draw < _EXTREME + _SUBSISTENCE else ""
