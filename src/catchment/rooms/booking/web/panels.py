"""What booking shows on pages of lower rooms."""

from datetime import date
from typing import Any

from catchment.kernel.actor import Actor
from catchment.rooms.booking import rules


def at_facility(*, facility_id: int, day: date, actor: Actor) -> dict[str, Any] | None:
    """The way to a facility's slots and beds, for its page; `None` for who does not run them."""
    del day
    return {"template": "booking/at_facility.html"} if rules.runs(actor, facility_id) else None
