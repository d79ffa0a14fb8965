"""Who is entitled to medical assistance, by which categories, and what of the lists could not be taken."""

from collections.abc import Collection
from datetime import date

from django.db.models import Count, Q

from catchment.kernel.fates import Fate
from catchment.rooms.claims.models import Entitlement, IncomingRow
from catchment.rooms.claims.queries.context import ORDINARY, Books
from catchment.rooms.claims.rules.assistance import SOURCE
from catchment.rooms.claims.types import Insurance
from catchment.rooms.people.models import PersonIdentifier
from catchment.rooms.people.types import NATIONAL


def categories_on(day: date) -> dict[str, str]:
    """The categories that the editions of the day's layers know, with their names; not the ordinary one."""
    books = Books()
    rules = [books.layers(kind, day)[0] for kind in books.frame(day).layers if kind is not Insurance.NONE]
    return {one.category: one.zh for rule in rules for one in rule.categories if one.category != ORDINARY}


def people_by_number(numbers: Collection[str]) -> dict[str, tuple[int, str]]:
    """Person and name by national number; people merged are those kept."""
    rows = PersonIdentifier.objects.filter(system__in=NATIONAL, value__in=numbers).select_related("person__merged_into")
    found = {row.value: row.person.merged_into or row.person for row in rows}
    return {number: (person.pk, person.name) for number, person in found.items()}


def entitled_on(day: date) -> dict[str, int]:
    """How many people are of which category on a day."""
    rows = Entitlement.objects.filter(Q(until__isnull=True) | Q(until__gt=day), since__lte=day)
    return dict(rows.values_list("category").annotate(n=Count("person_id", distinct=True)).order_by("category"))


def unentitled_rows(limit: int = 200) -> list[IncomingRow]:
    """Rows of lists that stand rejected, the newest first."""
    rows = IncomingRow.objects.filter(source__startswith=SOURCE, fate=Fate.REJECTED)
    return list(rows.order_by("-received_at", "pk")[:limit])
