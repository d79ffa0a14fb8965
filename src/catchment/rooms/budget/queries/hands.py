"""Whose hands did what: who reckoned a year does not decide about its overrun."""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from catchment.kernel.actor import Actor
from catchment.kernel.flow import Choice
from catchment.kernel.models import FlowEvent
from catchment.rooms.staff.models import Post


def reckoned_by(taken: Sequence[FlowEvent], actor: Actor, by: str) -> bool:
    """Whether the last reckoning among the steps was by the person who acts now; by name on the command line."""
    reckoned = next((one for one in reversed(taken) if one.verb == "reckon"), None)
    if reckoned is None:
        return False
    if reckoned.post_id is None or actor.practitioner_id is None:
        return str(reckoned.detail.get("by", "")) == by.strip()
    return Post.objects.filter(pk=reckoned.post_id, practitioner_id=actor.practitioner_id).exists()


def told(choice: Choice, taken: Sequence[FlowEvent], actor: Actor) -> Choice:
    """A step as it is offered, refused with the reason where another person has to take it."""
    if choice.allowed and choice.step.verb == "decide" and reckoned_by(taken, actor, actor.name):
        return Choice(choice.step, allowed=False, code="same-person", why=same_person())
    return choice


def same_person() -> str:
    """Why the one who reckoned may not decide."""
    return _("核算和决定须由两个人办理：请由另一位负责人决定")
