"""What claims show on pages of lower and higher rooms: a stay in progress, a resident's own bills."""

from datetime import date
from typing import Any

from django.utils import timezone

from catchment.kernel import clock, wall
from catchment.kernel.actor import Actor
from catchment.kernel.errors import NotFound
from catchment.rooms.claims import queries
from catchment.rooms.claims.web.shares import parts_of
from catchment.rooms.people.models import Person

SYSTEM = "claims-statistics"


def of_person(*, person: Person, actor: Actor, **_facts: Any) -> dict[str, Any] | None:
    """The group of a stay in progress as it would be now, what such cases usually cost and last; `None` without one.

    For orientation only: it never says what may be spent.
    """
    if not actor.may("claims.guide"):
        return None
    today = timezone.localdate(clock.now())
    try:
        stay = queries.stay_in_progress(person, today)
    except NotFound:
        return None
    if stay is None:
        return None
    with wall.acting(SYSTEM):
        usual = queries.usual_of(stay.group, today)
    return {"template": "claims/parts/stay.html", "stay": stay, "usual": usual}


def bills_of(*, person_id: int, **_facts: Any) -> dict[str, Any] | None:
    """A resident's own settled bills with who paid what and why; `None` without any."""
    bills = queries.bills_of(person_id)
    if not bills:
        return None
    told = [(one, one.claim, parts_of(one.claim, one)) for one in bills]
    return {"template": "claims/parts/bills.html", "bills": told}


def diagnoses_matching(*, text: str, day: date, limit: int) -> list[tuple[str, str]]:
    """Codes and names of the scheme by which stays are grouped that fit what is typed on a visit's form."""
    return queries.codes_matching(text, day, limit=limit)
