"""Many at once on one thing: as many win as there is to win, the others are told so, nobody meets a deadlock."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import OperationalError, connections, transaction

import county as small
from catchment.kernel import outage
from catchment.kernel.errors import Refusal
from catchment.kernel.flow import history
from catchment.kernel.models import AuditEntry
from catchment.rooms.booking import actions as booking
from catchment.rooms.booking.models import Booking, Slot
from catchment.rooms.places.models import Area, Service
from catchment.rooms.referral import actions, queries
from catchment.rooms.referral.models import Referral
from catchment.rooms.referral.rules import REFERRAL
from catchment.rooms.referral.types import ReferralForm, Sending
from catchment.rooms.rulebook import queries as rulebook

ATTEMPTS, SLOTS, THREADS = 2_000, 100, 24
NOW = small.NOW


@pytest.fixture
def county(transactional_db):
    rulebook.forget()
    yield small.build()
    rulebook.forget()


def at_once(work, count, threads=THREADS):
    """What each of `count` calls came to; every thread has a connection of its own and takes each so-manieth."""

    def share(first):
        try:
            return [outcome(work, number) for number in range(first, count, threads)]
        finally:
            connections.close_all()

    with ThreadPoolExecutor(threads) as pool:
        return Counter(name for found in pool.map(share, range(threads)) for name in found)


def outcome(work, number):
    try:
        return work(number)
    except Refusal as refusal:
        return refusal.code
    except OperationalError as error:
        return f"!{type(error.__cause__).__name__}"


def test_two_thousand_attempts_on_a_hundred_slots_give_exactly_a_hundred_bookings(county):
    Slot.objects.all().delete()
    small.open_slots(county.cardiology, SLOTS)

    def take(number):
        booking.hold_slot(
            actor=county.village_doctor, now=NOW, person_id=county.person.pk, subject=("attempt", number),
            service_id=county.cardiology.pk, quotas=("referral", "public"), expires_at=None,
        )  # fmt: skip
        return "held"

    found = at_once(take, ATTEMPTS)
    assert found == {"held": SLOTS, "no-slot": ATTEMPTS - SLOTS}
    assert Booking.objects.count() == Booking.objects.values("slot").distinct().count() == SLOTS
    assert Slot.objects.filter(state="free").count() == 0
    assert AuditEntry.objects.filter(event="booking.hold").count() == SLOTS


def test_one_chosen_slot_has_one_winner_and_is_told_taken_to_the_others(county):
    slot = Slot.objects.filter(service=county.cardiology).first()

    def take(number):
        booking.hold_slot(
            actor=county.village_doctor, now=NOW, person_id=county.person.pk, subject=("attempt", number),
            service_id=county.cardiology.pk, quotas=("referral",), expires_at=None, slot_id=slot.pk,
        )  # fmt: skip
        return "held"

    assert at_once(take, 200) == {"held": 1, "slot-taken": 199}


def sent_referral(county):
    form = ReferralForm(
        to_service_id=county.cardiology.pk, urgency="urgent", reason_code="0", diagnosis="胸痛", question="请明确诊断"
    )
    drafted = actions.draft_referral(actor=county.village_doctor, now=NOW, person_id=county.person.pk, form=form)
    return actions.send_referral(actor=county.village_doctor, now=NOW, referral_id=drafted.pk, sending=Sending())


def test_steps_at_once_on_one_referral_have_one_winner_and_clear_refusals(county):
    sent, withdrawal = sent_referral(county), queries.reasons_of("withdrawal", NOW.date())[0].code

    def step(number):
        if number % 2:
            actions.accept_referral(actor=county.desk, now=NOW + timedelta(minutes=1), referral_id=sent.pk)
            return "accepted"
        actions.withdraw_referral(
            actor=county.village_doctor, now=NOW + timedelta(minutes=1), referral_id=sent.pk, code=withdrawal
        )
        return "withdrawn"

    found = at_once(step, 40, threads=12)
    winners = {name: n for name, n in found.items() if name in {"accepted", "withdrawn"}}
    assert not [name for name in found if name.startswith("!")], found
    assert winners.get("accepted", 0) <= 1
    assert winners.get("withdrawn", 0) <= 1
    assert set(found) <= {"accepted", "withdrawn", "state"}
    verbs = [event.verb for event in history(REFERRAL, sent.pk)]
    assert (
        len(verbs) == len(set(verbs)) == AuditEntry.objects.filter(subject_kind="referral", subject_id=sent.pk).count()
    )
    now = Referral.objects.get(pk=sent.pk)
    live = Booking.objects.filter(subject_kind="referral", subject_id=sent.pk, state__in=("held", "booked")).count()
    assert live == (1 if now.state == "accepted" else 0)


def test_a_deadlock_is_tried_again_and_reaches_nobody(county):
    """Two transactions that lock two rows in opposite orders, again and again."""
    left, right = Area.objects.order_by("pk")[:2]

    @outage.repeated
    def cross(number):
        first, second = (left.pk, right.pk) if number % 2 else (right.pk, left.pk)
        with transaction.atomic():
            Area.objects.filter(pk=first).update(population=number)
            Service.objects.filter(pk=0).exists()
            Area.objects.filter(pk=second).update(population=number)
        return "done"

    assert at_once(cross, 60, threads=2) == {"done": 60}
