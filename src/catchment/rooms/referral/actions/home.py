"""Home again: a named post takes the person over; the first follow-up closes the loop."""

from datetime import datetime

from django.utils.translation import gettext as _

from catchment.kernel.actor import Actor
from catchment.kernel.errors import Invalid, Problem
from catchment.kernel.flow import Outcome, Step
from catchment.rooms.referral import queries
from catchment.rooms.referral.actions.sending import say
from catchment.rooms.referral.actions.stepping import due_in, is_back, take_step
from catchment.rooms.referral.models import Referral, ReturnLetter
from catchment.rooms.referral.types import MessageKind
from catchment.rooms.staff.models import Post


def take_over_referral(
    *, actor: Actor, now: datetime, referral_id: int, post_id: int | None = None, note: str = ""
) -> Referral:
    """Take the person over by a named post (the actor's own unless another of the network is named).

    A down-referral that is taken over counts as arrived and answered: the township has the person and says so.
    """

    def effects(referral: Referral, _step: Step) -> Outcome:
        referral.taken_over_by = _post(post_id or actor.post_id)
        referral.taken_over_at = now
        if is_back(referral):
            referral.arrived_at = referral.arrived_at or now
            referral.answered_at = referral.answered_at or now
        if note.strip():
            say(actor=actor, now=now, referral=referral, kind=MessageKind.NOTE, text=note)
        days = _follow_up_days(referral, now)
        return Outcome(due_at=due_in(now, days=days), detail={"post": referral.taken_over_by_id, "days": days})

    return take_step(actor=actor, now=now, referral_id=referral_id, verb="take-over", effects=effects)


def follow_up_referral(*, actor: Actor, now: datetime, referral_id: int, note: str) -> Referral:
    """Note the first follow-up; the loop is closed."""
    if not note.strip():
        raise Invalid(Problem("note", _("请写明随访情况")))

    def effects(referral: Referral, _step: Step) -> Outcome:
        say(actor=actor, now=now, referral=referral, kind=MessageKind.NOTE, text=note)
        return Outcome()

    return take_step(actor=actor, now=now, referral_id=referral_id, verb="follow-up", effects=effects)


def _post(post_id: int | None) -> Post:
    rows = Post.objects.filter(until__isnull=True).select_related("facility")
    found = rows.filter(pk=post_id).first() if post_id is not None else None
    if found is None:
        raise Invalid(Problem("post", _("请选择一个在岗的接管人")))
    return found


def _follow_up_days(referral: Referral, now: datetime) -> int:
    letter = ReturnLetter.objects.filter(referral=referral).first()
    if letter is not None and letter.follow_up_days:
        return letter.follow_up_days
    return queries.times_on(now.date()).follow_up_days
