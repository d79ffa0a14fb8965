"""Taking one step on a referral, and what every step leaves behind: the next duty on the board, a notice."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import override

from catchment.kernel import compiled, flow
from catchment.kernel.actor import Actor
from catchment.kernel.errors import Invalid, Problem
from catchment.kernel.flow import Outcome, Step
from catchment.rooms.board import actions as board
from catchment.rooms.board.types import Holder, Origin, Priority, Subject
from catchment.rooms.booking import actions as booking
from catchment.rooms.referral import queries
from catchment.rooms.referral.models import Referral
from catchment.rooms.referral.rules import REFERRAL, sides_of
from catchment.rooms.referral.rules.work import Duty, duty_of
from catchment.rooms.referral.types import Direction, State

Effects = Callable[[Referral, Step], Outcome]
LOADED = ("person", "from_facility", "to_facility", "to_service", "booking__slot")
DESKLESS = frozenset({"village-clinic"})


@dataclass(frozen=True, slots=True)
class Given:
    """A coded reason with its words, as the actor gave them."""

    code: str = ""
    text: str = ""


def take_step(
    *,
    actor: Actor,
    now: datetime,
    referral_id: int,
    verb: str,
    effects: Effects,
    given: Given | None = None,
    drafted: Referral | None = None,
) -> Referral:
    """Perform the step, then put the next duty on the board and tell the other side, all in one transaction.

    `drafted`: that very referral, where the caller's transaction has just written it.
    """
    given = given or Given()
    with transaction.atomic(savepoint=drafted is None):
        referral = flow.perform(
            REFERRAL,
            drafted or (lambda: compiled.first(_locked, referral_id)),
            verb=verb,
            actor=actor,
            now=now,
            sides=lambda row: _sides(row, actor),
            effects=_checked(effects, given, now),
            variant=lambda row: row.direction,
            person_id=lambda row: row.person_id,
            reason=(given.code, given.text),
        )
        if drafted is None:
            board.settle_work(actor=actor, now=now, subject=subject_of(referral))
        put_duty(now=now, referral=referral)
        _tell_other_side(actor, now, referral, verb)
        return referral


def _locked(referral_id: int) -> QuerySet[Referral]:
    return Referral.objects.filter(pk=referral_id).select_related(*LOADED).select_for_update(of=("self",))


def subject_of(referral: Referral) -> Subject:
    return Subject(kind=REFERRAL.kind, key=referral.pk, ref=str(referral.public_id), person_id=referral.person_id)


def put_duty(*, now: datetime, referral: Referral) -> None:
    """Put on the board what the referral's state asks for next; what was there before has been settled."""
    duty = duty_of(referral.state, referral.direction)
    if duty is None:
        return
    board.put_work(
        now=now,
        kind=duty.kind,
        subject=subject_of(referral),
        holder=_holder(referral, duty),
        origin=Origin(facility_id=referral.from_facility_id, post_id=referral.from_post_id),
        priority=Priority(referral.urgency),
        headline=headline(referral),
        due_at=referral.due_at,
        escalation=referral.escalation,
    )


def headline(referral: Referral) -> str:
    """What the board and notices call a referral, in Chinese, the county's own language."""
    words = {"up": "上转", "down": "下转", "across": "平转", "out": "外转"}
    parts = [referral.diagnosis or referral.question[:20], words[referral.direction]]
    if referral.to_service is not None:
        parts.append(referral.to_service.name)
    return " · ".join(part for part in parts if part)


def due_in(now: datetime, *, minutes: int = 0, hours: int = 0, days: int = 0) -> datetime:
    return now + timedelta(minutes=minutes, hours=hours, days=days)


def release_booking(*, actor: Actor, now: datetime, referral: Referral, missed: bool = False) -> None:
    """Give back the slot or bed that the referral holds, if it holds one."""
    held = referral.booking
    if held is not None and held.state in {"held", "booked"}:
        booking.release(actor=actor, now=now, booking=held, missed=missed)
    referral.booking = None


def receiving_role(referral: Referral) -> str:
    """Who at the destination takes it in: the referral desk, or anybody where there is no desk."""
    to = referral.to_facility
    return "" if to is None or to.kind in DESKLESS else "referral-desk"


def _holder(referral: Referral, duty: Duty) -> Holder:
    if duty.role == "taker" and referral.taken_over_by is not None:
        return Holder(facility_id=referral.taken_over_by.facility_id, post_id=referral.taken_over_by_id)
    if duty.side == "sender":
        return Holder(facility_id=referral.from_facility_id, post_id=referral.from_post_id)
    to = referral.to_facility
    if to is None or not to.in_network:
        return Holder(facility_id=referral.from_facility_id, post_id=referral.from_post_id)
    role = referral.holder_role or duty.role
    return Holder(facility_id=to.pk, role="" if to.kind in DESKLESS else role)


def _sides(referral: Referral, actor: Actor) -> frozenset[str]:
    to = referral.to_facility
    return sides_of(
        actor,
        from_facility_id=referral.from_facility_id,
        to_facility_id=referral.to_facility_id,
        to_in_network=to is None or to.in_network,
    )


def _checked(effects: Effects, given: Given, now: datetime) -> Effects:
    def run(referral: Referral, step: Step) -> Outcome:
        if step.reasons:
            _require_reason(step.reasons, given, now, referral.direction)
        outcome = effects(referral, step)
        duty = duty_of(step.target or referral.state, referral.direction)
        to = referral.to_facility
        at_destination = duty is not None and duty.side == "receiver" and to is not None and to.in_network
        referral.holder_facility = to if at_destination and to is not None else referral.from_facility
        if to is not None and to.pk not in referral.parties and step.verb != "discard":
            referral.parties = [*referral.parties, to.pk]
        return outcome

    return run


def _require_reason(name: str, given: Given, now: datetime, direction: str) -> None:
    if not given.code:
        raise Invalid(Problem("reason_code", _("请选择一个理由")))
    known = {item.code: item for item in queries.reasons_of(name, now.date(), direction)}
    if given.code not in known:
        words = "、".join(f"{item.code} {item.zh}" for item in known.values())
        raise Invalid(Problem("reason_code", _("请从目录中选择理由：%s") % words))
    if given.code.endswith("99") and not given.text.strip():
        raise Invalid(Problem("reason_text", _("选择“其他”时请写明理由")))


NOTICE_WORDS = {
    "accept": "已接收",
    "accept-other-time": "已接收，时间有调整",
    "request-information": "请补充资料",
    "supply-information": "资料已补充",
    "redirect": "已改转",
    "decline": "未接收",
    "withdraw": "已撤回",
    "expire": "逾期未接收",
    "change-time": "时间有调整",
    "arrive": "患者已到诊",
    "miss": "患者未到诊",
    "answer": "回信已到",
    "take-over": "已接管",
    "follow-up": "首次随访已完成",
    "escalate": "接收超时，已上报",
}


def _tell_other_side(actor: Actor, now: datetime, referral: Referral, verb: str) -> None:
    words = NOTICE_WORDS.get(verb)
    if words is None:
        return
    to = referral.to_facility
    by_sender = actor.facility_id == referral.from_facility_id
    facility_id = to.pk if by_sender and to is not None else referral.from_facility_id
    if facility_id == actor.facility_id:
        return
    with override("zh-hans"):
        text = f"{referral.person.name} {headline(referral)}：{words}"
    post_id = None if by_sender else referral.from_post_id
    event = f"referral.{verb}"
    board.tell(facility_id=facility_id, post_id=post_id, now=now, event=event, subject=subject_of(referral), text=text)


def is_back(referral: Referral) -> bool:
    return referral.direction == Direction.DOWN


def is_waiting(referral: Referral) -> bool:
    return referral.state in {State.SENT, State.INFORMATION_REQUESTED}
