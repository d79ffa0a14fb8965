"""Why the acting post sees this person, for the person's page."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from catchment.kernel import wall
from catchment.rooms.consent import queries
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


def why_seen(*, person: Person, **_facts: Any) -> list[str]:
    """The relations in words; empty where the wall does not stand or by oversight alone."""
    return [str(WORDS[code]) for code in queries.reasons_to_see(person.pk)] if wall.is_entered() else []
