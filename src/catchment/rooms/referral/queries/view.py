"""One referral as a page or a program sees it."""

from datetime import datetime
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from catchment.kernel import compiled, flow
from catchment.kernel.actor import Actor
from catchment.kernel.errors import NotFound
from catchment.kernel.flow import Choice
from catchment.kernel.models import FlowEvent
from catchment.rooms.referral.models import Advice, Referral
from catchment.rooms.referral.rules import ADVICE, REFERRAL, available_actions, sides_of
from catchment.rooms.referral.types import Direction, State, TrackStop

RELATED = (
    "person__area", "from_facility", "to_facility", "to_service", "from_post__practitioner", "holder_facility",
    "booking__slot", "booking__bed", "taken_over_by__practitioner", "taken_over_by__facility",
)  # fmt: skip


def visible(actor: Actor) -> Q:
    """The referrals an actor may see: those at its facility; with `referral.read-all` all that were sent."""
    if actor.role == "system":
        return Q()
    if actor.may("referral.read-all"):
        return _sent()
    return _stands_at(actor.here)


def by_public_id(actor: Actor, public_id: UUID) -> Referral:
    """The referral with all that its page shows, in one query; `NotFound` when it is not this actor's to see."""
    actor.require("referral.read")
    return _one(Referral.objects.filter(visible(actor)).select_related(*RELATED), public_id)


def key_of(actor: Actor, public_id: UUID) -> int:
    """The row of a referral that is this actor's to see, for taking a step with it; `NotFound` otherwise."""
    actor.require("referral.read")
    if actor.role == "system":
        found = compiled.rows(_key, public_id)
    elif actor.may("referral.read-all"):
        found = compiled.rows(_key_sent, public_id)
    else:
        found = compiled.rows(_key_at, public_id, actor.here)
    if not found:
        raise NotFound("not-found", _("没有找到这张转诊单"))
    return int(found[0][0])


def _key(public_id: UUID) -> QuerySet[Referral, tuple[int]]:
    return Referral.objects.filter(public_id=public_id).values_list("pk")


def _key_sent(public_id: UUID) -> QuerySet[Referral, tuple[int]]:
    return _key(public_id).filter(_sent())


def _key_at(public_id: UUID, here: int) -> QuerySet[Referral, tuple[int]]:
    return _key(public_id).filter(_stands_at(here))


def _sent() -> Q:
    return ~Q(state=State.DRAFT)


def _stands_at(here: int) -> Q:
    return Q(from_facility_id=here) | Q(to_facility_id=here) | Q(holder_facility_id=here)


def advice_by_public_id(actor: Actor, public_id: UUID) -> Advice:
    """A request for advice that this actor's facility asked or is asked."""
    actor.require("advice.read")
    here = Q(from_facility_id=actor.here) | Q(holder_facility_id=actor.here)
    related = ("person__area", "from_facility", "to_service__facility", "from_post__practitioner")
    found = Advice.objects.filter(here, public_id=public_id).select_related(*related).first()
    if found is None:
        raise NotFound("not-found", _("没有找到这条咨询"))
    return found


def actions_for(referral: Referral, actor: Actor) -> list[Choice]:
    """What this actor may do with the referral now, and why not: the one answer for page and API."""
    to = referral.to_facility
    sides = sides_of(
        actor,
        from_facility_id=referral.from_facility_id,
        to_facility_id=referral.to_facility_id,
        to_in_network=to is None or to.in_network,
    )
    return available_actions(state=referral.state, variant=referral.direction, actor=actor, sides=sides)


def advice_actions(advice: Advice, actor: Actor) -> list[Choice]:
    """What this actor may do with a request for advice now."""
    sides = sides_of(actor, from_facility_id=advice.from_facility_id, to_facility_id=advice.to_service.facility_id)
    return available_actions(state=advice.state, variant="", actor=actor, sides=sides, table=ADVICE)


def history_of(referral: Referral) -> list[FlowEvent]:
    """Every step with actor, time and reason, first to last."""
    return flow.history(REFERRAL, referral.pk)


def track_of(referral: Referral) -> list[TrackStop]:
    """The stops to draw: those passed with their time, the one it stands at, those ahead; an early end in place."""
    stops = [
        ("sent", _("发送"), referral.sent_at),
        ("accepted", _("接收"), referral.accepted_at),
        ("arrived", _("到诊"), referral.arrived_at),
        ("answered", _("回信"), referral.answered_at),
        ("taken-over", _("接管"), referral.taken_over_at),
    ]
    if referral.direction == Direction.DOWN:
        stops = [stop for stop in stops if stop[0] != "answered"]
    drawn = [_stop(code, label, at) for code, label, at in stops]
    ended = {
        State.DECLINED: _("已拒绝"), State.EXPIRED: _("已过期"),
        State.MISSED: _("未到诊"), State.WITHDRAWN: _("已撤回"),
    }.get(State(referral.state))  # fmt: skip
    if ended:
        passed = [stop for stop in drawn if stop.state == "done"]
        return [*passed, TrackStop(code=referral.state, label=ended, at=referral.state_since, state="ended")]
    return _mark_current(drawn)


def _stop(code: str, label: str, at: datetime | None) -> TrackStop:
    return TrackStop(code=code, label=label, at=at, state="done" if at else "ahead")


def _mark_current(stops: list[TrackStop]) -> list[TrackStop]:
    for place, stop in enumerate(stops):
        if stop.state == "ahead":
            current = TrackStop(code=stop.code, label=stop.label, at=None, state="current")
            return [*stops[:place], current, *stops[place + 1 :]]
    return stops


def _one(rows: QuerySet[Referral], public_id: UUID) -> Referral:
    found = rows.filter(public_id=public_id).first()
    if found is None:
        raise NotFound("not-found", _("没有找到这张转诊单"))
    return found
