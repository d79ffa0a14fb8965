"""Which relations begun by hand can be ended before their time."""

from django.utils.translation import gettext as _

from catchment.rooms.consent.types import RelationKind


def why_not_ended(kind: str, *, own: bool) -> str:
    """Why a relation cannot be ended by who asks; empty where it can. `own`: it is their facility's."""
    if kind == RelationKind.BREAK_GLASS:
        return _("紧急调阅到时自动关闭，由隐私专员复核")
    return "" if own else _("只能结束本机构的调阅关系")
