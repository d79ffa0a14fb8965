"""Whatever is tried in whatever order, by whoever: a referral stays one whole thing.

Steps allowed and not allowed, by the right side and the wrong one, early and late, twice; after each the invariants hold.
"""

from datetime import timedelta
from itertools import pairwise

import pytest
from django.db import transaction
from hypothesis import HealthCheck, seed, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

import county as small_county
from catchment.kernel.actor import system
from catchment.kernel.errors import Refusal
from catchment.kernel.models import AuditEntry, FlowEvent
from catchment.rooms.board.models import WorkItem
from catchment.rooms.booking.models import Booking, Slot
from catchment.rooms.referral import actions
from catchment.rooms.referral.models import Referral
from catchment.rooms.referral.rules import REFERRAL
from catchment.rooms.referral.types import LetterForm, ReferralForm, Sending
from catchment.rooms.rulebook import queries as rulebook

LETTER = LetterForm(diagnoses=({"code": "I20.000", "display": "不稳定性心绞痛"},), course="造影", advice="测血压")
CLOCKS = system("referral-clocks", "referral.clock")
WHO = ("village_doctor", "township_doctor", "desk", "specialist", "manager")
REASON = st.sampled_from(["0", "1", "2", "9", "", "none-such"])
PARTS = {
    "send": lambda m: {"sending": Sending(reserve=m.flag, acknowledged_live=True)},
    "discard": lambda m: {},
    "accept": lambda m: {"note": "可"},
    "request-information": lambda m: {"text": "请补充心电图" if m.flag else ""},
    "supply-information": lambda m: {"text": "已补充"},
    "redirect": lambda m: {"to_service_id": m.county.general.pk, "code": m.code, "text": "更合适"},
    "decline": lambda m: {"code": m.code, "text": "无床"},
    "withdraw": lambda m: {"code": m.code, "text": "不去了"},
    "abandon": lambda m: {"code": m.code, "text": "不去了"},
    "change-time": lambda m: {"slot_id": m.a_slot()},
    "accept-other-time": lambda m: {"slot_id": m.a_slot(), "note": ""},
    "arrive": lambda m: {"encounter_id": None},
    "answer": lambda m: {"letter": LETTER if m.flag else LetterForm()},
    "take-over": lambda m: {"note": ""},
    "follow-up": lambda m: {"note": "好"},
    "resend": lambda m: {"to_service_id": m.county.cardiology.pk, "sending": Sending(acknowledged_live=True)},
}  # fmt: skip
ACTS = {
    "send": actions.send_referral, "discard": actions.discard_referral, "accept": actions.accept_referral,
    "request-information": actions.request_information, "supply-information": actions.supply_information,
    "redirect": actions.redirect_referral, "decline": actions.decline_referral, "withdraw": actions.withdraw_referral,
    "abandon": actions.abandon_referral, "change-time": actions.change_time, "accept-other-time": actions.accept_referral,
    "arrive": actions.arrive_referral, "answer": actions.answer_referral, "take-over": actions.take_over_referral,
    "follow-up": actions.follow_up_referral, "resend": actions.resend_referral,
}  # fmt: skip

ENDINGS = {"discard", "withdraw", "abandon"}


class AnyOrder(RuleBasedStateMachine):
    """One referral, its people, and a clock that only goes forward."""

    county = None
    done = 0

    def teardown(self):
        transaction.savepoint_rollback(self.point)

    @initialize()
    def begin(self):
        self.point = transaction.savepoint()
        self.now, self.flag, self.code = small_county.NOW, True, "0"
        form = ReferralForm(
            to_service_id=self.county.cardiology.pk,
            urgency="urgent",
            reason_code="0",
            diagnosis="胸痛",
            question="请诊",
        )
        self.referral = actions.draft_referral(
            actor=self.county.village_doctor, now=self.now, person_id=self.county.person.pk, form=form
        )

    def a_slot(self):
        return (
            Slot.objects.filter(state="free", service=self.county.cardiology).values_list("pk", flat=True).first() or 0
        )

    @rule(who=st.sampled_from(WHO), verb=st.sampled_from(sorted(ACTS)), flag=st.booleans(), code=REASON)
    def somebody_tries(self, who, verb, flag, code):
        self.flag, self.code = flag, code
        self.tried(verb, getattr(self.county, who))

    @rule(data=st.data(), flag=st.booleans())
    def the_right_side_goes_on(self, data, flag):
        """So that long ways are walked as well: a step that the table has from here and that does not break it off."""
        state = Referral.objects.get(pk=self.referral.pk).state
        verbs = sorted({step.verb for step in REFERRAL.steps if state in step.sources and step.verb in ACTS} - ENDINGS)
        if verbs:
            verb = data.draw(st.sampled_from(verbs))
            self.flag, self.code = flag, "0"
            for who in WHO:
                if self.tried(verb, getattr(self.county, who)):
                    return

    @rule(hours=st.sampled_from([1, 30, 24 * 8, 24 * 40]))
    def time_goes_by(self, hours):
        self.now += timedelta(hours=hours)
        actions.run_clocks(actor=CLOCKS, now=self.now)

    def tried(self, verb, actor):
        before = self.image()
        try:
            with transaction.atomic():
                ACTS[verb](actor=actor, now=self.now, referral_id=self.referral.pk, **PARTS[verb](self))
        except Refusal:
            assert self.image() == before, "a refusal left something behind"
            return False
        type(self).done += 1
        return True

    def image(self):
        return (
            Referral.objects.values_list("state", "holder_facility_id", "booking_id").get(pk=self.referral.pk),
            FlowEvent.objects.count(), AuditEntry.objects.count(), WorkItem.objects.count(), Booking.objects.count(),
            sorted(Slot.objects.exclude(state="free").values_list("pk", flat=True)),
        )  # fmt: skip

    @invariant()
    def one_open_item_while_under_way_and_none_after(self):
        if not hasattr(self, "referral"):
            return
        row = Referral.objects.get(pk=self.referral.pk)
        n = WorkItem.objects.filter(subject_kind="referral", subject_id=row.pk, state="open").count()
        assert n == (0 if row.state in REFERRAL.final or row.state == "draft" else 1), (row.state, n)

    @invariant()
    def a_slot_is_taken_exactly_while_a_live_booking_has_it(self):
        if not hasattr(self, "referral"):
            return
        taken = set(Slot.objects.exclude(state="free").values_list("pk", flat=True))
        live = Booking.objects.filter(state__in=["held", "booked", "attended"], slot__isnull=False)
        had = sorted(live.values_list("slot_id", flat=True))
        assert len(had) == len(set(had))
        assert taken == set(had)
        row = Referral.objects.get(pk=self.referral.pk)
        if row.state in {"declined", "expired", "withdrawn", "missed"}:
            assert not live.filter(state__in=["held", "booked"], subject_id=row.pk).exists(), row.state

    @invariant()
    def the_history_is_the_audit_and_ends_where_the_referral_stands(self):
        if not hasattr(self, "referral"):
            return
        events = list(FlowEvent.objects.filter(subject_kind="referral", subject_id=self.referral.pk).order_by("id"))
        told = AuditEntry.objects.filter(subject_kind="referral", subject_id=self.referral.pk)
        told = told.filter(event__in=[f"referral.{event.verb}" for event in events]).order_by("id")
        assert [f"referral.{event.verb}" for event in events] == list(told.values_list("event", flat=True))
        row = Referral.objects.get(pk=self.referral.pk)
        assert events[-1].to_state == row.state
        for before, after in pairwise(events):
            assert after.from_state == before.to_state


def walk(examples, steps, *, known=None):
    """How many steps were taken on the walks; the same ones each time where a seed is `known`."""
    machine = type("Walk", (AnyOrder,), {"done": 0})
    run_state_machine_as_test(
        machine if known is None else seed(known)(machine),
        settings=settings(
            max_examples=examples,
            stateful_step_count=steps,
            deadline=None,
            database=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
    return machine.done


@pytest.fixture
def walked(db):
    """A county that every walk begins anew in: what one wrote is rolled back before the next."""
    rulebook.forget()
    AnyOrder.county = small_county.build()
    yield
    rulebook.forget()


def test_any_order_of_steps_keeps_a_referral_whole(walked):
    assert walk(16, 20, known=1) > 15


@pytest.mark.slow
def test_any_order_of_steps_keeps_a_referral_whole_at_length(walked):
    assert walk(120, 30) > 200
