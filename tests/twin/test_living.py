"""A small county is built into the database and lived in through the rooms' own actions."""

from collections import Counter
from datetime import UTC, date, datetime, timedelta

import pytest

from catchment.kernel.actor import system
from catchment.rooms.board import queries as board
from catchment.rooms.board.models import WorkItem
from catchment.rooms.booking.models import Booking
from catchment.rooms.claims.models import Claim
from catchment.rooms.people import queries as people
from catchment.rooms.people.models import Person
from catchment.rooms.record import queries as record
from catchment.rooms.record.models import Encounter
from catchment.rooms.referral.models import Referral
from catchment.rooms.rulebook import actions as rulebook
from catchment.rooms.rulebook import queries as editions
from catchment.rooms.staff import queries as staff
from catchment.twin.county import found_county
from catchment.twin.living import CannotPlay, claimed, play
from catchment.twin.loading import CannotBuild, build_county
from catchment.twin.models import Build

pytestmark = pytest.mark.django_db(transaction=True)
PEOPLE, SEED, TODAY = 2000, 7, date(2026, 2, 1)
END = datetime(2026, 3, 3, 4, tzinfo=UTC)


def build(*, replace=False, seed=SEED):
    editions.forget()
    rulebook.publish_defaults(actor=system("tests", "rulebook.publish"), now=END)
    editions.forget()
    return build_county(people=PEOPLE, seed=seed, today=TODAY, replace=replace, workers=1, report=lambda *_: None)


def live(days=30):
    return play(days=days, now=END, report=lambda *_: None)


def states():
    return set(Referral.objects.values_list("state", flat=True))


def test_a_county_is_built_found_and_lived_in():
    build()
    county = found_county(people=PEOPLE, seed=SEED, today=TODAY)
    made = [county.block(number) for number in range(county.blocks)]
    assert Person.objects.count() == sum(len(block["people"]) for block in made)
    assert Encounter.objects.count() == sum(len(block["encounters"]) for block in made)
    _the_cast_is_found()
    with pytest.raises(CannotBuild, match="already holds"):
        build()
    played = live()
    assert played.done["send"] >= 30
    assert {
        "sent",
        "accepted",
        "arrived",
        "answered",
        "taken-over",
        "closed",
        "declined",
        "draft",
        "withdrawn",
    } <= states()
    _no_slot_is_held_twice()
    _every_clinical_login_has_work()
    _disease_control_has_cards_to_report_and_reported_ones()
    with pytest.raises(CannotPlay, match="lived until now"):
        live()
    _the_desk_of_claims_has_work()


def _the_cast_is_found():
    doctor = next(post for post in staff.demo_posts() if post.practitioner.code == "demo-zhou.cunyi")
    found = people.search(staff.actor_for(doctor), "wxy", limit=30)
    assert "王秀英" in {person.name for person in found}
    wang = Person.objects.get(name="王秀英", birth_date=date(1959, 3, 12))
    assert "高血压" in {line.display for line in record.summary(wang.pk, now=END).problems}


def _the_desk_of_claims_has_work():
    claimed.leave_waiting(END)
    waiting = list(Claim.objects.values_list("pk", "state"))
    assert {state for _key, state in waiting} == {"drafted", "checked", "rejected"}
    claimed.leave_waiting(END)
    assert list(Claim.objects.values_list("pk", "state")) == waiting


def _no_slot_is_held_twice():
    taken = Booking.objects.filter(slot__isnull=False, state__in=["held", "booked", "attended"]).values_list(
        "slot_id", flat=True
    )
    assert len(taken) == len(set(taken)) > 0


def _every_clinical_login_has_work():
    for post in staff.demo_posts():
        working = {"village-doctor", "specialist", "referral-desk", "disease-control-officer"}
        if post.role in working and post.facility.level != "township":
            assert max(board.counts(staff.actor_for(post), END).values()) > 0, post.practitioner.code


def _disease_control_has_cards_to_report_and_reported_ones():
    (officer,) = (post for post in staff.demo_posts() if post.role == "disease-control-officer")
    held = WorkItem.objects.filter(facility=officer.facility_id)
    states = Counter(held.values_list("kind", "state"))
    assert states["surveillance.report", "open"] >= 2
    assert states["surveillance.report", "done"] >= 1
    assert states["screening.follow", "open"] == 1
    assert {held.get(kind="screening.follow").role, officer.role} == {"disease-control-officer"}


def test_the_same_seed_lives_the_same_days_and_another_play_goes_on():
    told = []
    for replace in (False, True):
        build(replace=replace)
        live(days=4)
        told.append(list(Referral.objects.order_by("pk").values_list("person_id", "diagnosis", "state", "sent_at")))
    assert told[0] == told[1]
    before, until = len(told[1]), Build.objects.get().lived_until
    live(days=4)
    assert Referral.objects.count() > before
    assert Build.objects.get().lived_until == until + timedelta(days=4)


def test_an_interrupted_build_says_so_and_is_begun_anew():
    build()
    Build.objects.update(finished_at=None)
    with pytest.raises(CannotPlay, match="no synthetic county"):
        live()
    with pytest.raises(CannotBuild, match="interrupted"):
        build()
    assert build(replace=True).people == PEOPLE


def test_people_that_no_build_put_there_are_never_removed():
    Person.objects.create(name="某人", created_at=END, updated_at=END)
    with pytest.raises(CannotBuild, match="no build of the twin"):
        build(replace=True)
    assert Person.objects.count() == 1
