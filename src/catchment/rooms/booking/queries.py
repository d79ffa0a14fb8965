"""Slots and beds: what is free, a service's week, a ward's beds."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from django.db.models import Count, Min, Q, QuerySet
from django.utils import timezone

from catchment.rooms.booking.models import Bed, Slot
from catchment.rooms.booking.types import BedState, Quota, SlotState


@dataclass(frozen=True, slots=True)
class Openings:
    """What a service can offer: its next free slot, how many are free, how many beds are free."""

    next_slot: datetime | None = None
    slots: int = 0
    beds: int = 0


@dataclass(slots=True)
class Sitting:
    """Slots that follow each other without a gap, of one doctor where one is named."""

    starts_at: datetime
    ends_at: datetime
    doctor: str
    slots: list[Slot] = field(default_factory=list)

    def counts(self) -> Counter[tuple[str, str]]:
        """How many slots by quota and state."""
        return Counter((slot.quota, slot.state) for slot in self.slots)


def free_slots(
    service_id: int, *, quotas: tuple[str, ...], now: datetime, until: datetime | None = None
) -> QuerySet[Slot]:
    """Free slots from now on that these quotas may take, earliest first; kept ones once their time is up."""
    open_to = Q(quota__in=quotas) | Q(release_at__lte=now)
    rows = Slot.objects.filter(open_to, service_id=service_id, state=SlotState.FREE, starts_at__gt=now)
    if until is not None:
        rows = rows.filter(starts_at__lte=until)
    return rows.order_by("starts_at", "id")


def openings(service_ids: list[int], *, quotas: tuple[str, ...], now: datetime) -> dict[int, Openings]:
    """What each of the services can offer, in two queries."""
    open_to = Q(quota__in=quotas) | Q(release_at__lte=now)
    slots = (
        Slot.objects.filter(open_to, service_id__in=service_ids, state=SlotState.FREE, starts_at__gt=now)
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


def week_of(service_id: int, monday: date) -> list[list[Sitting]]:
    """The sittings of each of the seven days from `monday` on, closed slots among them. One query."""
    begins = timezone.make_aware(datetime.combine(monday, time.min))
    rows = Slot.objects.filter(
        service_id=service_id, starts_at__gte=begins, starts_at__lt=begins + timedelta(weeks=1)
    ).select_related("post__practitioner")
    days: list[list[Sitting]] = [[] for _day in range(7)]
    latest: dict[int | None, Sitting] = {}
    for slot in rows.order_by("starts_at", "id"):
        day = days[(timezone.localdate(slot.starts_at) - monday).days]
        sitting = latest.get(slot.post_id)
        if sitting is None or sitting not in day or sitting.ends_at != slot.starts_at:
            doctor = slot.post.practitioner.name if slot.post else ""
            sitting = latest[slot.post_id] = Sitting(slot.starts_at, slot.ends_at, doctor)
            day.append(sitting)
        sitting.ends_at = slot.ends_at
        sitting.slots.append(slot)
    return days


def usual_session(service_id: int) -> dict[str, int]:
    """Minutes, slots by quota and release hours of the service's latest sitting; empty where there was none."""
    latest = Slot.objects.filter(service_id=service_id).order_by("-starts_at", "-id").only("starts_at").first()
    if latest is None:
        return {}
    day = timezone.localdate(latest.starts_at)
    slots = week_of(service_id, day - timedelta(days=day.weekday()))[day.weekday()][-1].slots
    counts = Counter(slot.quota for slot in slots)
    early = [slots[0].starts_at - slot.release_at for slot in slots if slot.release_at]
    return {
        **{quota.value: counts[quota] for quota in Quota},
        "minutes": round((slots[0].ends_at - slots[0].starts_at).total_seconds() / 60),
        **({"release_hours": round(early[0].total_seconds() / 3600)} if early else {}),
    }


def beds(facility_id: int, *, service_code: str = "", state: str = "") -> QuerySet[Bed]:
    """A facility's beds by ward and code, of one ward and one state where given."""
    rows = Bed.objects.filter(facility_id=facility_id).select_related("service")
    if service_code:
        rows = rows.filter(service__code=service_code)
    if state:
        rows = rows.filter(state=state)
    return rows.order_by("service__code", "code", "id")


def bed_counts(facility_id: int) -> dict[int, Counter[str]]:
    """How many beds each ward of the facility has, by state. One query."""
    rows = Bed.objects.filter(facility_id=facility_id).order_by().values_list("service_id", "state")
    found: dict[int, Counter[str]] = {}
    for service_id, state, count in rows.annotate(n=Count("id")):
        found.setdefault(service_id, Counter())[state] = count
    return found
