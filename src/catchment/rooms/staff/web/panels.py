"""What staff shows on pages of lower rooms."""

from datetime import date, datetime
from typing import Any

from catchment.kernel.actor import Actor
from catchment.rooms.people.models import Person
from catchment.rooms.staff import queries
from catchment.rooms.staff.models import CareResponsibility
from catchment.rooms.staff.rules import role_label
from catchment.rooms.staff.web import doctor

MOST = 100


def at_facility(*, facility_id: int, day: date, actor: Actor) -> dict[str, Any] | None:
    """Who works at the facility that day, for its page; `None` where nobody does."""
    if not actor.may("places.read"):
        return None
    posts = queries.posts_at(facility_id, day)
    lines = [
        {
            "name": post.practitioner.name,
            "title": post.practitioner.title,
            "role": role_label(post.role),
            "service": post.service.name if post.service else "",
            "since": post.since,
        }
        for post in posts[:MOST]
    ]
    more = max(0, len(posts) - MOST)
    return {"template": "staff/at_facility.html", "lines": lines, "more": more} if lines else None


def doctor_of(*, person_id: int, day: date) -> dict[str, Any] | None:
    """Who answers for the person on a day, for the banner; `None` where nobody does."""
    held = queries.responsible_post(person_id, day)
    return _in_banner(held) if held else None


def keeping_of(*, person: Person, now: datetime, **_facts: Any) -> dict[str, Any]:
    """Who answers for the person, for the page on which that is put right, and what of it stands in the banner."""
    told = doctor.stood(person, now)
    present = told["present"]
    return {**told, "banner": _in_banner(present) if present else {}}


def _in_banner(held: CareResponsibility) -> dict[str, Any]:
    return {"doctor_name": held.post.practitioner.name, "contracted": held.contracted}
