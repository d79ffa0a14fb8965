"""Who a claim is about, as far as the reader may know it."""

from collections.abc import Sequence

from catchment.kernel.actor import Actor
from catchment.rooms.claims.models import Claim, Claimant
from catchment.rooms.claims.types import State
from catchment.rooms.people import queries as people


def called(actor: Actor, claims: Sequence[Claim]) -> dict[int, str]:
    """The name on each claim where the walls show it, else the office's pseudonym of the person; by the claim's key."""
    names = dict(Claimant.objects.filter(claim__in=claims).values_list("claim_id", "name"))
    hidden = [claim for claim in claims if claim.pk not in names]
    pseudonyms = people.pseudonyms(actor, (claim.person_id for claim in hidden)) if hidden else {}
    return names | {claim.pk: pseudonyms[claim.person_id] for claim in hidden}


def may_inquire(claim: Claim) -> bool:
    """Whether there is an occasion to take the claim up as a case: the rules found something, or it was sent back."""
    return bool(claim.findings) or claim.state == State.REJECTED
