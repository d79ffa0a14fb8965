"""That a referral left the house on paper."""

from datetime import datetime

from catchment.kernel import audit
from catchment.kernel.actor import Actor
from catchment.rooms.referral.models import Referral


def note_print(*, actor: Actor, now: datetime, referral: Referral) -> None:
    """Note in the audit that the form was printed, by whom."""
    actor.require("referral.print")
    audit.record(
        actor=actor, event="referral.print", at=now, person_id=referral.person_id, subject=("referral", referral.pk)
    )
