"""Lists of referrals and of requests for advice."""

from django.db.models import Prefetch, Q, QuerySet

from catchment.kernel.actor import Actor
from catchment.rooms.people.models import Person
from catchment.rooms.referral.models import Advice, Referral
from catchment.rooms.referral.queries.view import visible
from catchment.rooms.referral.types import LIVE_STATES

SIDES = ("from_facility", "to_facility", "to_service")


def referrals(
    actor: Actor,
    *,
    side: str = "",
    state: str = "",
    direction: str = "",
    person_id: int | None = None,
    text: str = "",
) -> QuerySet[Referral]:
    """Referrals this actor may see, newest first. `side`: `sent` or `received` by the actor's facility.

    The people are asked for apart, of the rows shown alone; what was sent along is left where it is.
    """
    actor.require("referral.read")
    rows = (
        Referral.objects.filter(visible(actor)).select_related(*SIDES).defer("summary").order_by("-created_at", "-id")
    )
    rows = rows.prefetch_related(Prefetch("person", Person.objects.select_related("area")))
    if side == "sent":
        rows = rows.filter(from_facility_id=actor.here)
    if side == "received":
        rows = rows.filter(to_facility_id=actor.here)
    if text:
        rows = rows.filter(Q(person__name__startswith=text) | Q(number__startswith=text.upper()))
    exact = {"state": state, "direction": direction, "person_id": person_id}
    return rows.filter(**{name: value for name, value in exact.items() if value})


def live_referrals(person_id: int) -> list[Referral]:
    """A person's referrals that are under way, whoever sent them: shown before another is begun."""
    rows = Referral.objects.filter(person_id=person_id, state__in=[state.value for state in LIVE_STATES])
    return list(rows.select_related(*SIDES).defer("summary").order_by("-created_at"))


def advices(actor: Actor, *, person_id: int | None = None) -> QuerySet[Advice]:
    """Requests for advice that the actor's facility asked or is asked, newest first."""
    actor.require("advice.read")
    rows = Advice.objects.filter(Q(from_facility_id=actor.here) | Q(holder_facility_id=actor.here))
    if person_id is not None:
        rows = rows.filter(person_id=person_id)
    return rows.select_related("person__area", "from_facility", "to_service__facility").order_by("-created_at")
