"""Free slots and beds."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Min, Q, QuerySet

from catchment.rooms.booking.models import Bed, Slot
from catchment.rooms.booking.types import BedState


@dataclass(frozen=True, slots=True)
class Openings:
    """What a service can offer: its next free slot, how many are free, how many beds are free."""

    next_slot: datetime | None = None
    slots: int = 0
    beds: int = 0


def free_slots(
    service_id: int, *, quotas: tuple[str, ...], now: datetime, until: datetime | None = None
) -> QuerySet[Slot]:
    """Free slots from now on that these quotas may take, earliest first; kept ones once their time is up."""
    open_to = Q(quota__in=quotas) | Q(release_at__lte=now)
    rows = Slot.objects.filter(open_to, service_id=service_id, free=True, starts_at__gt=now)
    if until is not None:
        rows = rows.filter(starts_at__lte=until)
    return rows.order_by("starts_at", "id")


def openings(service_ids: list[int], *, quotas: tuple[str, ...], now: datetime) -> dict[int, Openings]:
    """What each of the services can offer, in two queries."""
    open_to = Q(quota__in=quotas) | Q(release_at__lte=now)
    slots = (
        Slot.objects.filter(open_to, service_id__in=service_ids, free=True, starts_at__gt=now)
        .values_list("service_id")
        .annotate(first=Min("starts_at"), n=Count("id"))
    )
    beds = dict(
        Bed.objects.filter(service_id__in=service_ids, state=BedState.FREE)
        .values_list("service_id")
        .annotate(n=Count("id"))
    )
    found = {key: (first, n) for key, first, n in slots}
    return {key: Openings(*found.get(key, (None, 0)), beds.get(key, 0)) for key in service_ids}
