"""The sender's steps. The sender always takes the positive step: nothing goes anywhere by itself."""

from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from catchment.kernel import compiled
from catchment.kernel.actor import Actor
from catchment.kernel.bulk import insert
from catchment.kernel.errors import Invalid, NotFound, Problem, Refusal
from catchment.kernel.flow import Outcome, Step
from catchment.rooms.booking import actions as booking
from catchment.rooms.booking.rules import quotas_open_to
from catchment.rooms.places.models import Service
from catchment.rooms.referral import queries
from catchment.rooms.referral.actions.stepping import Given, due_in, receiving_role, release_booking, take_step
from catchment.rooms.referral.models import Referral, ReferralMessage
from catchment.rooms.referral.rules import REFERRAL, direction_between
from catchment.rooms.referral.types import LIVE_STATES, MessageKind, Sending
from catchment.rooms.staff import queries as staff


def send_referral(
    *,
    actor: Actor,
    now: datetime,
    referral_id: int,
    sending: Sending | None = None,
    drafted: Referral | None = None,
) -> Referral:
    """Send a draft: hold a slot or a bed for it and start the clock of its urgency.

    Refused with `live-referral` while another one for the same service is under way, unless that was acknowledged;
    an emergency asks for the phone call that went before it. `drafted`: that very referral, where the caller's
    transaction has just written it; it is then not read again.
    """
    how = sending or Sending()

    def effects(referral: Referral, _step: Step) -> Outcome:
        rule = queries.urgency_on(now.date(), referral.urgency)
        if rule.phone_first and not how.phone.strip():
            raise Invalid(Problem("phone", _("急诊转诊请先电话联系，并写明接电话的人")))
        if not how.acknowledged_live:
            _refuse_second(referral)
        _reserve(actor, now, referral, how, rule.expire_minutes)
        if how.phone.strip():
            say(actor=actor, now=now, referral=referral, kind=MessageKind.PHONE, text=how.phone)
        referral.sent_at = referral.sent_at or now
        return Outcome(
            due_at=due_in(now, minutes=rule.accept_minutes),
            holder_role=receiving_role(referral),
            detail={"booking": referral.booking_id, "accept_minutes": rule.accept_minutes},
        )

    return take_step(actor=actor, now=now, referral_id=referral_id, verb="send", effects=effects, drafted=drafted)


def supply_information(*, actor: Actor, now: datetime, referral_id: int, text: str) -> Referral:
    """Answer the receiver's question; the clock to accept starts anew."""
    if not text.strip():
        raise Invalid(Problem("text", _("请填写补充的内容")))

    def effects(referral: Referral, _step: Step) -> Outcome:
        rule = queries.urgency_on(now.date(), referral.urgency)
        say(actor=actor, now=now, referral=referral, kind=MessageKind.ANSWER, text=text)
        return Outcome(due_at=due_in(now, minutes=rule.accept_minutes), holder_role=receiving_role(referral))

    return take_step(actor=actor, now=now, referral_id=referral_id, verb="supply-information", effects=effects)


def withdraw_referral(*, actor: Actor, now: datetime, referral_id: int, code: str, text: str = "") -> Referral:
    """Take a referral back; its slot or bed is free at once."""

    def effects(referral: Referral, _step: Step) -> Outcome:
        release_booking(actor=actor, now=now, referral=referral)
        return Outcome()

    given = Given(code, text)
    return take_step(actor=actor, now=now, referral_id=referral_id, verb="withdraw", effects=effects, given=given)


def abandon_referral(*, actor: Actor, now: datetime, referral_id: int, code: str, text: str = "") -> Referral:
    """Let a declined, expired or missed referral rest for good."""
    return take_step(
        actor=actor,
        now=now,
        referral_id=referral_id,
        verb="abandon",
        effects=lambda _row, _step: Outcome(),
        given=Given(code, text),
    )


def resend_referral(
    *, actor: Actor, now: datetime, referral_id: int, to_service_id: int | None = None, sending: Sending | None = None
) -> Referral:
    """Send a declined, expired or missed referral again, elsewhere where a service is given; its history stays."""
    how = sending or Sending()

    def effects(referral: Referral, _step: Step) -> Outcome:
        release_booking(actor=actor, now=now, referral=referral)
        if to_service_id is not None:
            point_at(referral, to_service_id)
        rule = queries.urgency_on(now.date(), referral.urgency)
        _reserve(actor, now, referral, how, rule.expire_minutes)
        referral.accepted_at = None
        return Outcome(due_at=due_in(now, minutes=rule.accept_minutes), holder_role=receiving_role(referral))

    return take_step(actor=actor, now=now, referral_id=referral_id, verb="resend", effects=effects)


def point_at(referral: Referral, service_id: int) -> None:
    """Change the destination; refused when the service does not take referrals or is the sender's own."""
    service = Service.objects.select_related("facility").filter(pk=service_id, active=True).first()
    if service is None:
        raise NotFound("not-found", _("没有找到这个科室"))
    if not service.accepts_referrals or service.facility_id == referral.from_facility_id:
        raise Invalid(Problem("to_service", _("不能转往%s，请另选科室") % service.name))
    to = service.facility
    way = direction_between(referral.from_facility.level, to.level, in_network=to.in_network)
    if (way == "down") != (referral.direction == "down"):
        raise Invalid(Problem("to_service", _("改转不能改变上转或下转的方向，请重新发起")))
    referral.direction = way.value
    referral.to_service, referral.to_facility = service, to


def say(*, actor: Actor, now: datetime, referral: Referral, kind: MessageKind, text: str) -> ReferralMessage:
    """Add a line to the talk that goes with a referral."""
    author = "·".join(part for part in (actor.facility_name, actor.name) if part)
    message = ReferralMessage(referral=referral, kind=kind, text=text, at=now, post_id=actor.post_id, author=author)
    insert(message)
    return message


def _refuse_second(referral: Referral) -> None:
    specialty = referral.to_service.specialty if referral.to_service else ""
    live = compiled.rows(_live, referral.person_id, specialty, referral.pk)
    if live:
        public_id, number = live[0]
        raise Refusal(
            "live-referral",
            _("这位居民有一张同专科的在途转诊单 %s，请先查看；确需另发请勾选“已知晓”") % number,
            public_id=str(public_id),
            table=REFERRAL.kind,
        )


def _live(person_id: int, specialty: str, but: int) -> QuerySet[Referral, tuple[UUID, str]]:
    rows = Referral.objects.filter(
        person_id=person_id, to_service__specialty=specialty, state__in=[state.value for state in LIVE_STATES]
    )
    return rows.exclude(pk=but).order_by("pk").values_list("public_id", "number")[:1]


def _reserve(actor: Actor, now: datetime, referral: Referral, how: Sending, expire_minutes: int) -> None:
    service, to = referral.to_service, referral.to_facility
    if not how.reserve or service is None or to is None or not to.in_network:
        return
    subject, expires = ("referral", referral.pk), due_in(now, minutes=expire_minutes)
    if referral.wants_bed:
        referral.booking = booking.hold_bed(
            actor=actor,
            now=now,
            person_id=referral.person_id,
            subject=subject,
            service_id=service.pk,
            expires_at=expires,
        )
        return
    contracted = staff.has_contract(referral.person_id, timezone.localdate(now))
    referral.booking = booking.hold_slot(
        actor=actor,
        now=now,
        person_id=referral.person_id,
        subject=subject,
        service_id=service.pk,
        quotas=quotas_open_to(by_referral=True, contracted=contracted),
        expires_at=expires,
        slot_id=how.slot_id,
    )
