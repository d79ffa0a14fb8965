"""What stays in sight of a person on every page about them."""

from collections.abc import Iterable
from dataclasses import asdict
from typing import Any

from catchment.rooms.record import queries
from catchment.rooms.record.types import Alert
from catchment.rooms.staff.types import Banner

LOOKS = {"allergy": ("red", "alert-triangle"), "critical-result": ("red", "alert-circle")}


def shown(banner: Banner, alerts: Iterable[Alert] = (), more: Iterable[tuple[str, Any]] = ()) -> dict[str, Any]:
    """The banner's content with what must not be overlooked: alerts of the record, then those of higher rooms."""
    return {**asdict(banner), "alerts": [*map(_look, alerts), *(alert for _name, found in more for alert in found)]}


def alerts_of(*, person_id: int) -> dict[str, Any]:
    """The allergies, for the banner of other rooms' pages."""
    return {"alerts": list(map(_look, queries.allergy_alerts(person_id)))}


def _look(alert: Alert) -> dict[str, str]:
    colour, icon = LOOKS[alert.code]
    return {"text": alert.display, "colour": colour, "icon": icon}
