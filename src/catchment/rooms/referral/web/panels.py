"""What referral shows on pages of lower rooms."""

from datetime import date
from typing import Any

from catchment.kernel.actor import Actor
from catchment.rooms.people.models import Person
from catchment.rooms.referral import queries


def of_person(*, person: Person, actor: Actor, **_facts: Any) -> dict[str, Any] | None:
    """What is under way for the person, and the way to begin another; `None` for a post that sees no referrals."""
    if not actor.may("referral.read"):
        return None
    return {
        "template": "referral/parts/panel.html",
        "live": queries.live_referrals(person.pk),
        "may_send": actor.may("referral.create") and person.deceased_on is None,
    }


def diagnoses_matching(*, text: str, day: date, limit: int) -> list[tuple[str, str]]:
    """Codes and names of the referral catalogue that fit what is typed on a visit's form."""
    return [(one.prefix, one.name) for one in queries.diagnoses_matching(text, day, limit)]
