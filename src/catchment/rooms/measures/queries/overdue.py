"""Work that is past its due time, by where it lies."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q

from catchment.kernel import wall
from catchment.rooms.board.models import WorkItem
from catchment.rooms.board.types import WorkState
from catchment.rooms.places.models import Area
from catchment.rooms.places.types import Level


@dataclass(frozen=True, slots=True)
class Overdue:
    """How much open work of a facility is past its due time, of how much."""

    facility: str
    code: str
    late: int
    open: int


def overdue(area: Area, now: datetime, *, most: int = 8) -> list[Overdue]:
    """The facilities within an area that hold late work, most first; counted over all of it, whoever asks."""
    with wall.acting("county-map"):
        rows = WorkItem.objects.filter(_within(area), state=WorkState.OPEN)
        counted = rows.values_list("facility__name", "facility__code").annotate(
            late=Count("id", filter=Q(due_at__lt=now)), n=Count("id")
        )
        return [Overdue(*row) for row in counted.filter(late__gt=0).order_by("-late", "facility__code")[:most]]


def _within(area: Area) -> Q:
    own = Q(facility__area=area) | Q(facility__area__parent=area)
    return own | Q(facility__area__parent__parent=area) if area.level == Level.COUNTY else own
