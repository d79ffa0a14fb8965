"""The letter back."""

from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from catchment.kernel.actor import Actor
from catchment.kernel.errors import Invalid, Problem
from catchment.kernel.flow import Outcome, Step
from catchment.rooms.booking import actions as booking
from catchment.rooms.referral import queries
from catchment.rooms.referral.actions.drafting import write_letter
from catchment.rooms.referral.actions.stepping import take_step
from catchment.rooms.referral.models import Referral
from catchment.rooms.referral.types import LetterForm


def answer_referral(*, actor: Actor, now: datetime, referral_id: int, letter: LetterForm) -> Referral:
    """Send the discharge letter and plan back: what was found and done, and what the primary doctor should do.

    Raises `Invalid` when neither a diagnosis nor the course, or no plan for the primary doctor, is written.
    """
    if not letter.diagnoses and not letter.course.strip():
        raise Invalid(Problem("diagnoses", _("请写明诊断或诊治经过")))
    if not letter.advice.strip():
        raise Invalid(Problem("advice", _("请写明基层医生接下来要做什么")))

    def effects(referral: Referral, _step: Step) -> Outcome:
        write_letter(actor=actor, now=now, referral=referral, letter=letter)
        if referral.booking is not None:
            booking.vacate_bed(actor=actor, now=now, booking=referral.booking)
        referral.answered_at = now
        hours = queries.times_on(now.date()).take_over_hours
        return Outcome(due_at=now + timedelta(hours=hours), detail={"diagnoses": len(letter.diagnoses)})

    return take_step(actor=actor, now=now, referral_id=referral_id, verb="answer", effects=effects)
