"""What screening shows on pages of lower rooms."""

from typing import Any

from django.utils import timezone

from catchment.kernel import clock
from catchment.kernel.actor import Actor
from catchment.rooms.people.models import Person
from catchment.rooms.screening import queries


def messages_of(*, person_id: int, **_facts: Any) -> dict[str, Any] | None:
    """What the plans under way tell a resident on their own page; `None` without any."""
    messages = queries.messages_of(person_id)
    return {"template": "screening/parts/messages.html", "messages": messages} if messages else None


def of_person(*, person: Person, actor: Actor, **_facts: Any) -> dict[str, Any] | None:
    """Every programme's models of the person; `None` for a post that sees none or where nobody has looked yet."""
    if not actor.may("screening.read"):
        return None
    now = clock.now()
    programmes = queries.programmes_of(person.pk, now)
    if not programmes:
        return None
    day = timezone.localdate(clock.now())
    return {
        "template": "screening/parts/panel.html",
        "person": person,
        "programmes": programmes,
        "looked_at": queries.last_looked(now),
        "verified": queries.inputs_edition(day).verified and queries.programmes_edition(day).verified,
    }
