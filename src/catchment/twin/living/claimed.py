"""The latest stays at the desks of money: some to check, some to settle, some sent back; special reviews asked for.

How many of each is chosen so that every state is seen; these are no shares of any county.
"""

from dataclasses import replace
from datetime import datetime

from django.utils import timezone

from catchment.kernel.actor import Actor
from catchment.rooms.claims import actions, queries
from catchment.rooms.claims.models import Claim
from catchment.rooms.claims.types import Kind, State, Told
from catchment.twin.living.crew import Crew

DESK = "cao.bingan"
STAYS, MISREAD, DRAFTED, REVIEWS = 12, 2, 3, 3
WAITING = (State.DRAFTED, State.CHECKED, State.REJECTED)
WHY = "重症，住院期间多次会诊，费用主要为抢救和监护"


def leave_waiting(now: datetime) -> None:
    """Leave the latest stays of the lead hospital at its desk; nothing is added where some wait already."""
    today = timezone.localdate(now)
    crew = Crew(today)
    desk = crew.actor(crew.of_cast(DESK))
    if not _waiting(desk):
        keys = queries.unclaimed(today.year, outpatients=False)
        told, _left = queries.from_encounters(keys)
        _take(desk, now, [one for one in told if one.facility_id == desk.here][-STAYS:])
    _ask_reviews(desk, now, today.year)


def _waiting(desk: Actor) -> bool:
    return Claim.objects.filter(facility_id=desk.here, state__in=WAITING).exists()


def _take(desk: Actor, now: datetime, told: list[Told]) -> None:
    misread = [replace(one, total=sum(line.amount for line in one.lines) * 10) for one in told[:MISREAD]]
    claims = actions.make_claims(actor=desk, now=now, told=[*misread, *told[MISREAD:]])
    checked = [claim.pk for claim in claims][: max(MISREAD, len(claims) - DRAFTED)]
    if checked:
        actions.check_claims(actor=desk, now=now, claim_ids=checked)


def _ask_reviews(desk: Actor, now: datetime, year: int) -> None:
    """For the dearest stays of the year, as many as the year allows, once."""
    rule, _edition, _verified = queries.Books().payment(timezone.localdate(now))
    asked, allowed = queries.review_room(desk.here, year, rule.review_permille)
    settled = Claim.objects.filter(facility_id=desk.here, ends_on__year=year, kind=Kind.INPATIENT, state=State.SETTLED)
    for claim in settled.order_by("-total", "pk")[: 0 if asked else min(REVIEWS, allowed)]:
        actions.ask_review(actor=desk, now=now, claim_id=claim.pk, code="high-cost", text=WHY)
