"""How small a count of people a reader of the map may see."""

from datetime import date

from catchment.kernel.actor import Actor
from catchment.rooms.places.models import Catchment


def least_shown(day: date) -> int:
    """Counts of people below this number are hidden, by the day's edition."""
    return 5


def areas_open_to(actor: Actor) -> frozenset[str]:
    """Codes of the areas whose people the acting post cares for, so that nothing about them is small to it."""
    if not actor.may("record.read"):
        return frozenset()
    rows = Catchment.objects.filter(facility_id__in=actor.scope or {actor.facility_id or 0})
    return frozenset(rows.values_list("area__code", flat=True))
