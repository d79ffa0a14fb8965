"""The course of one referral: at every stop somebody decides, sooner or later, as people do.

The shares of each outcome are own estimates, chosen so that every state is seen; they are no figures of any county.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from catchment.kernel.actor import Actor
from catchment.rooms.people.models import Person
from catchment.rooms.places.models import Service
from catchment.rooms.record import actions as record
from catchment.rooms.referral import actions, queries
from catchment.rooms.referral.models import Referral
from catchment.rooms.referral.types import ReferralForm, Sending, State
from catchment.rooms.staff.models import Post
from catchment.twin.living import cases
from catchment.twin.living.cases import Case
from catchment.twin.living.world import World, in_hours

Act = Callable[..., Referral]
LATE = 0.1
"""The share of referrals that are looked at late, so that clocks are seen to escalate."""


@dataclass(slots=True)
class Course:
    """One referral under way. `stop` is the state in which the play leaves it for the living, `""` for none."""

    world: World
    case: Case
    person: Person
    sender: Post
    service: Service
    stop: str = ""
    key: int = 0

    def begin(self, now: datetime) -> None:
        """Draft and send; what the sender found that day is recorded first."""
        visit(self.world, self.sender, self.person, self.case, now)
        referral = actions.draft_referral(actor=self._from(), now=now, person_id=self.person.pk, form=self._form())
        self.key = referral.pk
        self._count("draft")
        if self.stop != State.DRAFT:
            self.send(now)

    def send(self, now: datetime) -> None:
        """Send with a slot or bed where one is free; an emergency after a phone call."""
        phone = "已与急诊值班医生通话" if self.case.urgency == "emergency" else ""
        free = queries.slots_for(self.service.pk, self.person.pk, now) if not self._bed() else [1]
        how = Sending(reserve=bool(free), phone=phone, acknowledged_live=True)
        actions.send_referral(actor=self._from(), now=now, referral_id=self.key, sending=how)
        self._count("send")
        self._wait_for_decision(now)

    def _wait_for_decision(self, now: datetime) -> None:
        if self.stop == State.SENT:
            return
        low, high = {"emergency": (0.03, 0.2), "urgent": (0.1, 1.5), "ordinary": (0.3, 12)}[self.case.urgency]
        late = self.world.rng.random() < LATE
        when = now + self.world.hours(low, high) * (4 if late else 1)
        self.world.at(in_hours(when) if self.case.urgency == "ordinary" else when, self.decide)

    def decide(self, now: datetime) -> None:
        """The receiver accepts, mostly."""
        wished = {State.INFORMATION_REQUESTED: self.ask, State.DECLINED: self.decline, State.EXPIRED: None}
        if self.stop in wished:
            act = wished[State(self.stop)]
        else:
            weights = (76, 7, 6, 4, 5, 2)
            act = self.world.rng.choices(
                (self.accept, self.accept_later, self.ask, self.redirect, self.decline, self.withdraw), weights
            )[0]
        if act is not None:
            act(now)

    def accept(self, now: datetime) -> None:
        self._take(now, "accept", actions.accept_referral, self._to())
        self._wait_for_arrival(now)

    def accept_later(self, now: datetime) -> None:
        free = queries.slots_for(self.service.pk, self.person.pk, now)
        if not free:
            self.accept(now)
            return
        slot = self.world.rng.choice(free[:20])
        self._take(now, "accept-other-time", actions.accept_referral, self._to(), slot_id=slot.pk)
        self._wait_for_arrival(now)

    def ask(self, now: datetime) -> None:
        asked, answered = self.world.rng.choice(cases.INFORMATION)
        self._take(now, "request-information", actions.request_information, self._to(), text=asked)
        if self.stop != State.INFORMATION_REQUESTED:
            self.world.at(in_hours(now + self.world.hours(0.5, 12)), lambda then: self._supply(then, answered))

    def _supply(self, now: datetime, text: str) -> None:
        self._take(now, "supply-information", actions.supply_information, self._from(), text=text)
        self.world.at(in_hours(now + self.world.hours(0.3, 4)), self.accept)

    def redirect(self, now: datetime) -> None:
        """To another service of the same hospital that takes referrals."""
        others = Service.objects.filter(
            facility=self.service.facility_id, accepts_referrals=True, sex="", max_age__gte=100
        )
        other = others.exclude(pk=self.service.pk).select_related("facility").order_by("id").first()
        if other is None:
            self.accept(now)
            return
        self._take(now, "redirect", actions.redirect_referral, self._to(), to_service_id=other.pk, code="D01")
        self.service = other
        self.world.at(in_hours(now + self.world.hours(0.3, 4)), self.accept)

    def decline(self, now: datetime) -> None:
        code = self.world.rng.choice(("R01", "R02", "R03"))
        self._take(now, "decline", actions.decline_referral, self._to(), code=code)
        if self.stop != State.DECLINED:
            self.world.at(in_hours(now + self.world.hours(1, 20)), self.after_failure)

    def withdraw(self, now: datetime) -> None:
        self._take(now, "withdraw", actions.withdraw_referral, self._from(), code="W01")

    def after_failure(self, now: datetime) -> None:
        """Declined, expired or missed: the sender tries again or lets it rest."""
        if self.world.rng.random() < 0.5:
            self._take(now, "abandon", actions.abandon_referral, self._from(), code="W01")
        else:
            self._take(now, "resend", actions.resend_referral, self._from(), sending=Sending(reserve=False))
            self.world.at(in_hours(now + self.world.hours(0.3, 6)), self.accept)

    def _wait_for_arrival(self, now: datetime) -> None:
        if self.stop == State.ACCEPTED:
            return
        referral = Referral.objects.select_related("booking__slot").get(pk=self.key)
        slot = referral.booking.slot if referral.booking else None
        soon = (
            now + self.world.hours(0.5, 2)
            if self.case.urgency == "emergency"
            else in_hours(now + self.world.hours(4, 40))
        )
        when = slot.starts_at - timedelta(minutes=self.world.rng.randint(0, 20)) if slot else soon
        missed = self.stop == State.MISSED or (
            not self.stop and self.case.urgency != "emergency" and self.world.rng.random() < 0.08
        )
        if not missed:
            self.world.at(max(when, now + timedelta(minutes=10)), self.arrive)
        elif not self.stop:
            self.world.at(in_hours(when + timedelta(days=2)), self.after_failure)

    def arrive(self, now: datetime) -> None:
        """Matched with the encounter that is recorded there, or registered by the desk."""
        doctor = self._doctor()
        if doctor is not None and self.world.rng.random() < 0.6:
            record.record_encounter(
                actor=self.world.crew.actor(doctor), now=now, person_id=self.person.pk, reason=self.case.display
            )
            self._count("arrive")
        else:
            self._take(now, "arrive", actions.arrive_referral, self._to())
        if self.stop == State.ARRIVED:
            return
        if self.service.facility.level == "township" and self.case in cases.DOWN:
            self.world.at(in_hours(now + self.world.hours(1, 30)), self.take_over)
        else:
            self.world.at(in_hours(now + self.world.hours(2, 90)), self.answer)

    def answer(self, now: datetime) -> None:
        letter = self.case.letter(self.world.rng.choice((3, 5, 7, 14)))
        doctor = self._doctor()
        actor = self.world.crew.actor(doctor) if doctor else self._to()
        self._take(now, "answer", actions.answer_referral, actor, letter=letter)
        if self.stop != State.ANSWERED:
            self.world.at(in_hours(now + self.world.hours(1, 60)), self.take_over)

    def take_over(self, now: datetime) -> None:
        actor = self._back()
        row = actions.take_over_referral(actor=actor, now=now, referral_id=self.key)
        self._count("take-over")
        if self.stop != State.TAKEN_OVER and row.due_at is not None:
            self.world.at(in_hours(row.due_at - self.world.hours(-20, 40)), self.follow_up)

    def follow_up(self, now: datetime) -> None:
        self._take(now, "follow-up", actions.follow_up_referral, self._back(), note=self.world.rng.choice(cases.NOTES))

    def _form(self) -> ReferralForm:
        down = self.case in cases.DOWN
        return ReferralForm(
            to_service_id=self.service.pk, urgency=self.case.urgency, reason_code="2" if down else "0",
            indication_code=self.case.indication, diagnosis_code=self.case.code, diagnosis=self.case.display,
            question=self.case.question, treatment=self.case.treatment, catalogue_reason="规范治疗后效果不佳",
            wants_bed=self._bed(), letter=self.case.letter(7) if down else None,
        )  # fmt: skip

    def _bed(self) -> bool:
        return self.service.inpatient and self.case.urgency == "emergency"

    def _take(self, now: datetime, verb: str, act: Act, actor: Actor, **given: object) -> None:
        act(actor=actor, now=now, referral_id=self.key, **given)
        self._count(verb)

    def _count(self, verb: str) -> None:
        self.world.counts[verb] += 1

    def _from(self) -> Actor:
        return self.world.crew.actor(self.sender)

    def _to(self) -> Actor:
        post = self.world.crew.desk(self.service.facility) if self.service.facility.in_network else self.sender
        return self.world.crew.actor(post or self.sender)

    def _back(self) -> Actor:
        """Who takes the person over: the sender, or at a township centre its doctor."""
        if self.case not in cases.DOWN:
            return self._from()
        post = self.world.crew.doctor(self.service.facility, None)
        return self.world.crew.actor(post) if post else self._to()

    def _doctor(self) -> Post | None:
        return (
            self.world.crew.doctor(self.service.facility, self.service.pk)
            if self.service.facility.in_network
            else self.sender
        )


def visit(world: World, post: Post, person: Person, case: Case, now: datetime) -> None:
    """A visit at the post's own place: blood pressure and the diagnosis."""
    actor = world.crew.actor(post)
    encounter = record.record_encounter(
        actor=actor, now=now, person_id=person.pk, reason=case.display, reason_code=case.code
    )
    systolic = world.rng.randint(118, 176)
    record.record_blood_pressure(
        actor=actor,
        now=now,
        person_id=person.pk,
        systolic=systolic,
        diastolic=systolic // 2 + world.rng.randint(8, 16),
        encounter_id=encounter.pk,
    )
    record.record_condition(
        actor=actor, now=now, person_id=person.pk, code=case.code, display=case.display, encounter_id=encounter.pk
    )
    world.counts["visit"] += 1
