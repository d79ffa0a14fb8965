"""What stays in sight of a person on every page about them."""

from collections.abc import Iterable
from dataclasses import asdict
from typing import Any

from catchment.rooms.record.types import Alert
from catchment.rooms.staff.types import Banner

LOOKS = {"allergy": ("red", "alert-triangle"), "critical-result": ("red", "alert-circle")}


def shown(banner: Banner, alerts: Iterable[Alert] = (), more: Iterable[tuple[str, Any]] = ()) -> dict[str, Any]:
    """The banner's content with what must not be overlooked: alerts of the record, then those of higher rooms."""
    own = [{"text": one.display, "colour": LOOKS[one.code][0], "icon": LOOKS[one.code][1]} for one in alerts]
    return {**asdict(banner), "alerts": [*own, *(alert for _name, found in more for alert in found)]}
