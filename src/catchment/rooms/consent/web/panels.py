"""Why the acting post sees this person, for the person's page."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from catchment.kernel import wall
from catchment.kernel.actor import Actor
from catchment.rooms.consent import queries
from catchment.rooms.consent.models import Relation
from catchment.rooms.consent.rules import why_not_ended
from catchment.rooms.consent.types import RelationKind
from catchment.rooms.people.models import Person

WORDS = {
    "responsible": _("责任机构"),
    "contract": _("家庭医生签约"),
    "begun-by-hand": _("本人在场、同意或紧急调阅"),
    "referral": _("转诊进行中或刚结束"),
    "advice": _("会诊咨询"),
    "encounter": _("正在就诊或刚就诊"),
    "network": _("医共体内共享"),
}
KINDS = {
    RelationKind.PRESENCE: _("本人在场"),
    RelationKind.BREAK_GLASS: _("紧急调阅"),
    RelationKind.CONSENT: _("敏感信息同意"),
}


def running_of(*, person: Person, actor: Actor, now: datetime) -> dict[str, Any] | None:
    """What runs by hand for the post's facility, each with why it cannot be ended; `None` for who begins none."""
    if not actor.may("consent.attend"):
        return None
    return {
        "template": "consent/running.html",
        "public_id": person.public_id,
        "lines": running_lines(person.pk, actor, now),
    }


def running_lines(person_id: int, actor: Actor, now: datetime) -> list[tuple[Relation, str, str]]:
    """Each relation that runs, its kind in words, and why this post cannot end it."""
    return [
        (one, str(KINDS[RelationKind(one.kind)]), why_not_ended(one.kind, own=one.facility_id == actor.facility_id))
        for one in queries.running(person_id, now)
    ]


def why_seen(*, person: Person, **_facts: Any) -> list[str]:
    """The relations in words; empty where the wall does not stand or by oversight alone."""
    return [str(WORDS[code]) for code in queries.reasons_to_see(person.pk)] if wall.is_entered() else []
