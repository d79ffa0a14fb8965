"""Sessions are opened whole and by those who run them; a slot that somebody has is never closed."""

from datetime import date, timedelta

import pytest
from django.db import transaction

import county as small
from catchment.kernel.actor import system
from catchment.kernel.errors import Invalid, NotAllowed, Refusal
from catchment.kernel.models import AuditEntry
from catchment.rooms.booking import actions, queries
from catchment.rooms.booking.models import Slot
from catchment.rooms.booking.types import Quota, SessionTold

NOW = small.NOW
START = NOW + timedelta(days=7)
KEPT = {Quota.REFERRAL: 2, Quota.CONTRACTED: 1, Quota.PUBLIC: 3}


def told(county, **more):
    given = {"service_id": county.cardiology.pk, "starts_at": START, "minutes": 10, "quotas": KEPT, "release_hours": 24}
    return SessionTold(**{**given, **more})


def opened(county, actor=None, **more):
    return actions.open_session(actor=actor or county.desk, now=NOW, told=told(county, **more))


def hold(county, slot, *, confirmed=False):
    booking = actions.hold_slot(
        actor=county.desk, now=NOW, person_id=county.person.pk, subject=("referral", 1), expires_at=None,
        service_id=county.cardiology.pk, quotas=("referral", "contracted", "public"), slot_id=slot.pk,
    )  # fmt: skip
    return actions.confirm(actor=county.desk, now=NOW, booking=booking) if confirmed else booking


def close(county, *slots):
    return actions.close_slots(
        actor=county.desk, now=NOW, service_id=county.cardiology.pk, slot_ids=[slot.pk for slot in slots]
    )


def fields(refused):
    return {problem.field for problem in refused.value.problems}


def test_a_session_lays_its_slots_out_one_after_the_other_the_kept_ones_first(county):
    slots = opened(county)
    assert [slot.quota for slot in slots] == ["referral"] * 2 + ["contracted"] + ["public"] * 3
    assert [slot.starts_at for slot in slots] == [START + timedelta(minutes=10) * n for n in range(6)]
    assert {slot.release_at for slot in slots[:3]} == {START - timedelta(hours=24)}
    assert {slot.release_at for slot in slots[3:]} == {None}
    entry = AuditEntry.objects.get(event="booking.open-session")
    assert entry.detail == {"service": county.cardiology.pk, "sessions": 1, "slots": 6, "day": "2026-03-09"}


def test_a_session_is_repeated_weekly_up_to_its_last_day(county):
    slots = opened(county, until=date(2026, 3, 23))
    assert sorted({slot.starts_at for slot in slots if slot.quota == "public"})[::3] == [
        START + timedelta(minutes=30, weeks=n) for n in range(3)
    ]


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"minutes": 0}, "minutes"),
        ({"minutes": 400}, "minutes"),
        ({"quotas": {Quota.PUBLIC: 0}}, "referral"),
        ({"quotas": {Quota.PUBLIC: -1, Quota.REFERRAL: 2}}, "public"),
        ({"release_hours": -1}, "release_hours"),
        ({"starts_at": NOW}, "start"),
        ({"until": date(2026, 3, 1)}, "until"),
        ({"until": date(2029, 3, 1)}, "until"),
        ({"service_id": 0}, "service"),
    ],
)
def test_what_is_wrong_stands_at_its_field_and_nothing_is_opened(county, more, field):
    before = Slot.objects.count()
    with pytest.raises(Invalid) as refused:
        opened(county, **more)
    assert field in fields(refused)
    assert Slot.objects.count() == before


def test_a_doctor_does_not_sit_twice_at_a_time(county):
    opened(county, post_id=county.specialist.post_id)
    with pytest.raises(Invalid) as refused:
        opened(county, post_id=county.specialist.post_id, starts_at=START + timedelta(minutes=30, days=-7, weeks=1))
    assert fields(refused) == {"start"}
    assert len(opened(county, post_id=county.specialist.post_id, starts_at=START + timedelta(hours=1))) == 6


def test_a_repeated_session_that_meets_one_opens_no_week_at_all(county):
    opened(county, post_id=county.specialist.post_id, starts_at=START + timedelta(weeks=2))
    before = Slot.objects.count()
    with pytest.raises(Invalid):
        opened(county, post_id=county.specialist.post_id, until=date(2026, 4, 30))
    assert Slot.objects.count() == before


def test_a_doctor_of_another_facility_does_not_sit_here(county):
    with pytest.raises(Invalid) as refused:
        opened(county, post_id=county.township_doctor.post_id)
    assert fields(refused) == {"post"}


@pytest.mark.parametrize("who", ["township_doctor", "village_doctor", "specialist", "manager"])
def test_only_who_runs_the_facility_opens_its_sessions(county, who):
    with pytest.raises(NotAllowed):
        opened(county, actor=getattr(county, who))


def test_who_runs_every_schedule_opens_anywhere(county):
    slots = opened(county, actor=system("test", "booking.schedule-all"), service_id=county.outside_cardiology.pk)
    assert len(slots) == 6


def test_free_slots_are_closed_and_opened_again_and_a_taken_one_stays(county):
    free, held, booked, *_rest = opened(county)
    hold(county, held)
    hold(county, booked, confirmed=True)
    assert close(county, free, held, booked) == 1
    assert list(Slot.objects.filter(pk__in=[free.pk, held.pk, booked.pk]).order_by("pk").values_list("state", flat=True)) == [
        "closed", "held", "booked",
    ]  # fmt: skip
    with pytest.raises(Refusal) as refused, transaction.atomic():
        hold(county, free)
    assert refused.value.code == "slot-taken"
    again = actions.reopen_slots(
        actor=county.desk, now=NOW, service_id=county.cardiology.pk, slot_ids=[free.pk, held.pk]
    )
    assert again == 1
    assert hold(county, free).slot_id == free.pk
    assert AuditEntry.objects.filter(event__in=["booking.close-slots", "booking.reopen-slots"]).count() == 2


def test_slots_of_another_service_are_not_closed_through_this_one(county):
    other = Slot.objects.filter(service=county.general).first()
    assert close(county, other) == 0
    other.refresh_from_db()
    assert other.state == "free"


def test_a_slot_says_what_became_of_it(county):
    slot = opened(county)[0]
    booking = hold(county, slot)
    states = [Slot.objects.get(pk=slot.pk).state]
    for step in (actions.confirm, actions.attend):
        step(actor=county.desk, now=NOW, booking=booking)
        states.append(Slot.objects.get(pk=slot.pk).state)
    assert states == ["held", "booked", "used"]


def test_a_week_shows_sittings_by_doctor_and_gap(county):
    opened(county, post_id=county.specialist.post_id)
    opened(county, post_id=county.specialist.post_id, starts_at=START + timedelta(hours=4))
    opened(county)
    days = queries.week_of(county.cardiology.pk, date(2026, 3, 9))
    monday = [(one.doctor, one.starts_at, one.ends_at, len(one.slots)) for one in days[0]]
    assert sorted(monday) == sorted([
        ("顾长风", START, START + timedelta(hours=1), 6),
        ("", START, START + timedelta(hours=1), 6),
        ("顾长风", START + timedelta(hours=4), START + timedelta(hours=5), 6),
    ])  # fmt: skip
    assert days[0][0].counts()["referral", "free"] == 2
    assert not any(days[1:])


def test_the_latest_sitting_is_what_is_usual(county):
    assert queries.usual_session(county.township_ward.pk) == {}
    opened(county, minutes=15, release_hours=48)
    usual = {"referral": 2, "contracted": 1, "public": 3, "minutes": 15, "release_hours": 48}
    assert queries.usual_session(county.cardiology.pk) == usual
