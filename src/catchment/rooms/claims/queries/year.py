"""Which encounters of a year still want a claim."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from catchment.rooms.claims.models import Claim
from catchment.rooms.claims.types import State
from catchment.rooms.record.models import Encounter
from catchment.rooms.record.types import EncounterClass, EncounterStatus


def unclaimed(
    year: int, *, outpatients: bool, until: date | None = None, after: int = 0, limit: int = 1000
) -> list[int]:
    """Keys of encounters that ended in the year, cost something and have no claim yet, above `after`, in order.

    `until`: the last day of the year that counts; all of them when left out.
    """
    rows = _ended(year, until, outpatients=outpatients).filter(pk__gt=after)
    bare = rows.filter(~Exists(Claim.objects.filter(encounter_id=OuterRef("pk"))))
    return list(bare.order_by("pk").values_list("pk", flat=True)[:limit])


def count_of_year(year: int, *, outpatients: bool, until: date | None = None) -> int:
    """How many encounters of the year want a claim, those that have one included."""
    return _ended(year, until, outpatients=outpatients).count()


def left_over(year: int, until: date | None, states: Sequence[State]) -> list[int]:
    """Claims of the year's encounters, up to `until`, that stand in these states, in order of their days."""
    days = (date(year, 1, 1), until or date(year, 12, 31))
    rows = Claim.objects.filter(source="encounter", state__in=states, ends_on__range=days)
    return list(rows.order_by("ends_on", "pk").values_list("pk", flat=True))


def _ended(year: int, until: date | None, *, outpatients: bool) -> QuerySet[Encounter]:
    days = (date(year, 1, 1), until + timedelta(days=1) if until else date(year + 1, 1, 1))
    first, last = (timezone.make_aware(datetime.combine(day, time.min)) for day in days)
    rows = Encounter.objects.filter(
        status=EncounterStatus.FINISHED, ended_at__gte=first, ended_at__lt=last, cost_fen__gt=0, facility__isnull=False
    )
    return rows if outpatients else rows.filter(klass=EncounterClass.INPATIENT)
