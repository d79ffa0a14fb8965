"""For whom a slot is kept, what a session must be, who runs a facility's schedule, what states are called."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from catchment.kernel.actor import Actor
from catchment.kernel.errors import NotAllowed, Problem
from catchment.rooms.booking.types import BedMove, BedState, Quota, SessionTold, SlotState

CAPABILITY: Final = "booking.schedule"
EVERYWHERE: Final = "booking.schedule-all"
MOST_MINUTES, MOST_SLOTS, MOST_HOURS, MOST_WEEKS = 480, 400, 24 * 14, 53
MOST_BEDS, LONGEST_CODE = 200, 20

QUOTAS: dict[str, Promise] = {
    Quota.REFERRAL: gettext_lazy("转诊"),
    Quota.CONTRACTED: gettext_lazy("签约居民"),
    Quota.PUBLIC: gettext_lazy("公开"),
}
SLOT_STATES: dict[str, Promise] = {
    SlotState.FREE: gettext_lazy("空闲"),
    SlotState.HELD: gettext_lazy("暂留"),
    SlotState.BOOKED: gettext_lazy("已约"),
    SlotState.USED: gettext_lazy("已就诊"),
    SlotState.CLOSED: gettext_lazy("已关闭"),
}
BED_STATES: dict[str, Promise] = {
    BedState.FREE: gettext_lazy("空床"),
    BedState.HELD: gettext_lazy("预留"),
    BedState.OCCUPIED: gettext_lazy("占用"),
    BedState.CLOSED: gettext_lazy("停用"),
}
BED_MOVES: dict[BedMove, tuple[BedState, BedState]] = {
    BedMove.CLOSE: (BedState.FREE, BedState.CLOSED),
    BedMove.REOPEN: (BedState.CLOSED, BedState.FREE),
    BedMove.OCCUPY: (BedState.FREE, BedState.OCCUPIED),
    BedMove.EMPTY: (BedState.OCCUPIED, BedState.FREE),
}
MOVES: dict[str, Promise] = {
    BedMove.CLOSE: gettext_lazy("停用"),
    BedMove.REOPEN: gettext_lazy("恢复使用"),
    BedMove.OCCUPY: gettext_lazy("有人入住"),
    BedMove.EMPTY: gettext_lazy("腾空"),
}


def quotas_open_to(*, by_referral: bool, contracted: bool) -> tuple[str, ...]:
    """The quotas from which this person may take a slot before its release time."""
    quotas = [Quota.PUBLIC]
    if by_referral:
        quotas.append(Quota.REFERRAL)
    if contracted:
        quotas.append(Quota.CONTRACTED)
    return tuple(quota.value for quota in quotas)


def runs(actor: Actor, facility_id: int) -> bool:
    """Whether the actor keeps the facility's slots and beds: its own post's, a clinic's beneath it, or everybody's."""
    here = facility_id == actor.facility_id or facility_id in actor.scope
    return actor.may(EVERYWHERE) or (here and actor.may(CAPABILITY))


def require_runs(actor: Actor, facility_id: int) -> None:
    """Raise `NotAllowed` unless the actor keeps the facility's slots and beds."""
    if not runs(actor, facility_id):
        raise NotAllowed("capability", _("当前岗位不管理这家机构的号源与床位"), capability=CAPABILITY)


def length_of(told: SessionTold) -> timedelta:
    """How long the session lasts."""
    return timedelta(minutes=told.minutes) * sum(told.quotas.values())


def starts_of(told: SessionTold) -> list[datetime]:
    """When the session begins, this week and each week up to the last day told."""
    starts, week = [told.starts_at], timedelta(weeks=1)
    while told.until is not None and timezone.localdate(starts[-1] + week) <= told.until:
        starts.append(starts[-1] + week)
    return starts


def problems_of(told: SessionTold, now: datetime) -> list[Problem]:
    """What is wrong with a session, by field; nothing where it can be opened."""
    problems = []
    if not 1 <= told.minutes <= MOST_MINUTES:
        problems.append(Problem("minutes", _("每个号的时长应为 1 到 %s 分钟") % MOST_MINUTES))
    for quota, count in told.quotas.items():
        if count < 0:
            problems.append(Problem(quota.value, _("个数不能是负数")))
    total = sum(told.quotas.values())
    if not 1 <= total <= MOST_SLOTS:
        problems.append(Problem(Quota.REFERRAL, _("三类号合计应为 1 到 %s 个") % MOST_SLOTS))
    if not 0 <= told.release_hours <= MOST_HOURS:
        problems.append(Problem("release_hours", _("提前放开的小时数应为 0 到 %s") % MOST_HOURS))
    if told.starts_at <= now:
        problems.append(Problem("start", _("开始时间已过，请选以后的时间")))
    return problems or [*_too_long(told), *_repeated(told)]


def problem_of_codes(codes: Sequence[str]) -> str:
    """What is wrong with the codes of new beds; empty where nothing is."""
    if not codes:
        return _("请填写至少一个床号")
    if len(codes) > MOST_BEDS:
        return _("一次最多添加 %s 张床") % MOST_BEDS
    long = [code for code in codes if len(code) > LONGEST_CODE]
    return _("床号 %(code)s 太长，最多 %(most)s 个字符") % {"code": long[0], "most": LONGEST_CODE} if long else ""


def _too_long(told: SessionTold) -> list[Problem]:
    last = told.starts_at + length_of(told) - timedelta(minutes=1)
    if timezone.localdate(last) == timezone.localdate(told.starts_at):
        return []
    return [Problem("minutes", _("这一场会排到第二天，请减少号数或缩短时长"))]


def _repeated(told: SessionTold) -> list[Problem]:
    if told.until is None:
        return []
    first = timezone.localdate(told.starts_at)
    if told.until < first:
        return [Problem("until", _("重复的截止日早于第一场"))]
    if told.until > first + timedelta(weeks=MOST_WEEKS):
        return [Problem("until", _("最多重复 %s 周") % MOST_WEEKS)]
    return []
