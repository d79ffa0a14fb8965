"""What may be put right in an entry, by whom, and why not."""

from typing import Any

from django.utils.translation import gettext as _

from catchment.kernel.actor import Actor
from catchment.rooms.record.rules import ENDED_AT, may_withdraw, runs
from catchment.rooms.record.types import Amendment, FactKind, SourceKind


def amendments(actor: Actor, kind: FactKind, row: Any) -> dict[Amendment, str]:
    """For each way in which this entry could be put right now, why this actor may not; empty text when they may.

    A way that never fits the entry is left out. What another facility or system wrote is put right there.
    """
    why = _whose(actor, row)
    ways = {}
    if runs(kind, row.status, getattr(row, ENDED_AT.get(kind, ""), None)):
        ways[Amendment.END] = why
    if may_withdraw(kind, row.status):
        ways[Amendment.WITHDRAW] = why
    return ways


def _whose(actor: Actor, row: Any) -> str:
    if not actor.may("record.write"):
        return _("当前岗位不能改动健康档案")
    if row.source.kind != SourceKind.NATIVE:
        return str(_("由来源系统更正：%s") % row.source.name)
    if row.facility_id != actor.facility_id:
        return _("由记录它的机构更正")
    return ""
