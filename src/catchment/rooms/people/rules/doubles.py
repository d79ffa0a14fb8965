"""Who looks at a suspected double, and who decides it: everybody's by `people.match`, the own facility's otherwise."""

from typing import Final

from django.utils.translation import gettext as _

from catchment.kernel.actor import Actor

COMPARES: Final = "people.compare"
DECIDES: Final = "people.match"
DECIDES_OWN: Final = "people.merge-own"


def has_part(actor: Actor, facilities: tuple[int | None, int | None]) -> bool:
    """Whether a pair with these responsible facilities is one of the actor's own, or of everybody's."""
    return actor.may(DECIDES) or (actor.may(COMPARES) and any(one in _own(actor) for one in facilities))


def why_not_decided(actor: Actor, facilities: tuple[int | None, int | None]) -> str:
    """Why the actor cannot merge the pair or call it distinct; empty where they can."""
    if actor.may(DECIDES):
        return ""
    if not actor.may(DECIDES_OWN):
        return _("您的岗位可以比对；合并由乡镇全科医生、健康管理师或系统管理员办理")
    if not all(one in _own(actor) for one in facilities):
        return _("其中一份由别的机构负责，本机构不能单独合并")
    return ""


def _own(actor: Actor) -> frozenset[int]:
    return actor.scope | ({actor.facility_id} if actor.facility_id else frozenset())
