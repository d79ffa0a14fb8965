"""What claims came to: by facility, month, kind and insurance. Other rooms build budgets and indicators on it."""

from datetime import date
from typing import Any

from django.db.models import Count, F, Sum
from django.db.models.functions import TruncMonth

from catchment.rooms.claims.models import Claim, Settlement
from catchment.rooms.claims.types import SpendingLine, State
from catchment.rooms.places.types import Level

OUTSIDE = (Level.CITY, Level.PROVINCE)


def fund_spending(
    since: date, until: date, *, facility_id: int | None = None, person_ids: Any = None
) -> list[SpendingLine]:
    """Settled claims whose stay or visit ended between the two days, both included, summed up; cancelled ones left out.

    `person_ids` (a list or a subquery) restricts it to these people: those of a network, of a township. A line is one
    facility, month of discharge, kind and insurance. `in_county` is false for hospitals of the city or province.
    """
    rows = Settlement.objects.filter(cancelled_at__isnull=True, claim__ends_on__range=(since, until))
    if facility_id is not None:
        rows = rows.filter(claim__facility_id=facility_id)
    if person_ids is not None:
        rows = rows.filter(claim__person_id__in=person_ids)
    named: Any = rows.values(
        place=F("claim__facility_id"), name=F("claim__facility__name"), place_level=F("claim__facility__level"),
        month=TruncMonth("claim__ends_on"), kind=F("claim__kind"), insured=F("claim__insurance"),
    )  # fmt: skip
    summed = named.annotate(
        claims=Count("pk"), days=Sum("claim__days"), total=Sum("claim__total"), basics=Sum("basic"),
        seriouses=Sum("serious"), aids=Sum("aid"), patients=Sum("patient"),
    )  # fmt: skip
    return [_line(row) for row in summed.order_by("month", "name", "kind", "insured")]


def states_between(since: date, until: date, *, facility_id: int | None = None) -> dict[str, int]:
    """How many claims of stays and visits that ended in these days stand in which state."""
    rows = Claim.objects.filter(ends_on__range=(since, until))
    if facility_id is not None:
        rows = rows.filter(facility_id=facility_id)
    counted = dict(rows.values_list("state").annotate(n=Count("pk")))
    return {state.value: counted.get(state.value, 0) for state in State}


def _line(row: dict[str, Any]) -> SpendingLine:
    return SpendingLine(
        facility_id=row["place"], facility=row["name"], in_county=row["place_level"] not in OUTSIDE, month=row["month"],
        kind=row["kind"], insurance=row["insured"], claims=row["claims"], days=row["days"], total=row["total"],
        basic=row["basics"], serious=row["seriouses"], aid=row["aids"], patient=row["patients"],
    )  # fmt: skip
