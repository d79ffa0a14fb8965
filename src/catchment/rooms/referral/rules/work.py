"""The kinds of work that referral puts on the board, and who holds what in which state."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from catchment.rooms.board.rules import WorkKind
from catchment.rooms.referral.types import Direction, State


def _referral_url(ref: str) -> str:
    return f"/referrals/{ref}/"


def _advice_url(ref: str) -> str:
    return f"/referrals/advice/{ref}/"


KINDS = (
    WorkKind("referral.accept", _("待接收转诊"), _("接收"), _referral_url),
    WorkKind("referral.supply", _("待补充资料"), _("补充"), _referral_url),
    WorkKind("referral.arrive", _("待到诊"), _("登记到诊"), _referral_url),
    WorkKind("referral.answer", _("待写回信"), _("写回信"), _referral_url),
    WorkKind("referral.take-over", _("待接管"), _("接管"), _referral_url),
    WorkKind("referral.follow-up", _("待首次随访"), _("随访"), _referral_url),
    WorkKind("referral.reroute", _("转诊未成，待处理"), _("处理"), _referral_url),
    WorkKind("referral.notice", _("转诊动态"), _("查看"), _referral_url),
    WorkKind("advice.answer", _("待答复咨询"), _("答复"), _advice_url),
    WorkKind("advice.read", _("咨询已答复"), _("查看"), _advice_url),
    WorkKind("advice.notice", _("咨询动态"), _("查看"), _advice_url),
)


@dataclass(frozen=True, slots=True)
class Duty:
    """What a state asks for: the kind of work, on which side, of which role ("": anyone there; "post": one post)."""

    kind: str
    side: str
    role: str


_FORTH = {
    State.SENT: Duty("referral.accept", "receiver", "referral-desk"),
    State.INFORMATION_REQUESTED: Duty("referral.supply", "sender", "post"),
    State.ACCEPTED: Duty("referral.arrive", "receiver", "referral-desk"),
    State.ARRIVED: Duty("referral.answer", "receiver", "specialist"),
    State.ANSWERED: Duty("referral.take-over", "sender", "post"),
    State.TAKEN_OVER: Duty("referral.follow-up", "sender", "taker"),
    State.DECLINED: Duty("referral.reroute", "sender", "post"),
    State.EXPIRED: Duty("referral.reroute", "sender", "post"),
    State.MISSED: Duty("referral.reroute", "sender", "post"),
}
_BACK = {
    **_FORTH,
    State.ACCEPTED: Duty("referral.take-over", "receiver", ""),
    State.ARRIVED: Duty("referral.take-over", "receiver", ""),
    State.TAKEN_OVER: Duty("referral.follow-up", "receiver", "taker"),
}


def duty_of(state: str, direction: str) -> Duty | None:
    """What is to be done next in this state, by whom; `None` when nothing is."""
    table = _BACK if direction == Direction.DOWN else _FORTH
    return table.get(State(state))
