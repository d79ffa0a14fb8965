"""What must not be overlooked of a person, on every page about them."""

from catchment.rooms.record.models import Allergy
from catchment.rooms.record.rules import VOID
from catchment.rooms.record.types import Alert

GONE = (*VOID, "inactive", "resolved")


def allergy_alerts(person_id: int) -> list[Alert]:
    """Every living allergy once, in one query."""
    rows = Allergy.objects.filter(person_id=person_id).exclude(status__in=GONE).order_by("display", "-at")
    return [Alert("allergy", row.display, row.reaction, row.at) for row in rows.distinct("display")]
