"""The board shows each post its work, in the order in which it matters."""

from datetime import timedelta

import pytest
from django.db import IntegrityError

import county as small_county
from catchment.kernel.errors import NotFound
from catchment.rooms.board import actions, queries
from catchment.rooms.board.types import Holder, Origin, Priority, Subject, View

NOW = small_county.NOW


@pytest.fixture
def county(db):
    return small_county.build()


@pytest.fixture
def put(county):
    """Put work for the hospital's desk up; the village waits for it."""

    def work(key, *, priority=Priority.ORDINARY, due=None, role="referral-desk", post=None, person=None):
        return actions.put_work(
            now=NOW,
            kind="referral.accept",
            subject=Subject(kind="referral", key=key, ref=f"r{key}", person_id=person),
            holder=Holder(facility_id=county.hospital.pk, role=role, post_id=post),
            origin=Origin(facility_id=county.village.pk),
            priority=priority,
            headline=f"work {key}",
            due_at=NOW + due if due else None,
        )

    return work


def headlines(actor, view=View.MINE, **more):
    return [line.headline for line in queries.lines(actor, view, now=NOW, **more)]


def test_emergencies_come_first_then_what_is_due_first(county, put):
    put(1)
    put(2, due=timedelta(hours=5))
    put(3, due=timedelta(hours=1))
    put(4, priority=Priority.EMERGENCY, due=timedelta(hours=9))
    assert headlines(county.desk) == ["work 4", "work 3", "work 2", "work 1"]


def test_a_post_sees_its_own_work_and_its_roles_but_not_a_colleagues(county, put):
    put(1)
    put(2, post=county.specialist.post_id)
    put(3, role="")
    assert headlines(county.desk) == ["work 1", "work 3"]
    assert headlines(county.specialist) == ["work 2", "work 3"]
    assert headlines(county.specialist, View.FACILITY) == ["work 1", "work 2", "work 3"]


def test_who_waits_sees_what_others_hold_and_nobody_else_does(county, put):
    put(1)
    assert headlines(county.village_doctor, View.WAITING) == ["work 1"]
    assert headlines(county.township_doctor, View.WAITING) == []
    assert headlines(county.village_doctor, View.FACILITY) == []


def test_overdue_is_what_was_due_before_now(county, put):
    put(1, due=timedelta(minutes=-1))
    put(2, due=timedelta(minutes=1))
    assert headlines(county.desk, View.OVERDUE) == ["work 1"]
    assert queries.counts(county.desk, NOW)[View.OVERDUE] == 1


def test_work_is_found_by_the_persons_name_or_by_its_words(county, put):
    put(1, person=county.person.pk)
    put(2)
    assert headlines(county.desk, text="秀英") == ["work 1"]
    assert headlines(county.desk, text="WORK 2") == ["work 2"]


def test_a_view_says_what_it_can_be_narrowed_to(county, put):
    put(1, priority=Priority.URGENT)
    put(2)
    put(3)
    found = queries.facets(county.desk, View.MINE, NOW)
    assert found.priorities == (("urgent", 1), ("ordinary", 2))
    assert [(code, n) for code, _title, n in found.kinds] == [("referral.accept", 3)]


def test_one_line_is_shown_to_those_who_hold_it_or_wait_for_it(county, put):
    item = put(1)
    assert queries.line(county.village_doctor, item.pk).headline == "work 1"
    with pytest.raises(NotFound):
        queries.line(county.township_doctor, item.pk)


def test_settled_work_leaves_the_board_and_says_who_settled_it(county, put):
    item = put(1)
    before = queries.version(county.desk)
    subject = Subject(kind="referral", key=1, ref="r1")
    assert actions.settle_work(actor=county.desk, now=NOW, subject=subject, kind="referral.other") == 0
    assert actions.settle_work(actor=county.desk, now=NOW, subject=subject) == 1
    item.refresh_from_db()
    assert (item.state, item.settled_by) == ("done", county.desk.post_id)
    assert headlines(county.desk) == []
    assert queries.version(county.desk) != before


def test_the_same_work_is_not_put_up_twice(county, put):
    put(1)
    with pytest.raises(IntegrityError):
        put(1)


def test_a_notice_is_read_by_its_own_facility_alone(county):
    subject = Subject(kind="referral", key=1, ref="r1")
    notice = actions.tell(facility_id=county.hospital.pk, now=NOW, event="x", subject=subject, text="新消息")
    assert [one.unread for one in queries.notices(county.desk)] == [True]
    with pytest.raises(NotFound):
        actions.read_notice(actor=county.village_doctor, now=NOW, notice_id=notice.pk)
    actions.read_notice(actor=county.desk, now=NOW, notice_id=notice.pk)
    assert [one.unread for one in queries.notices(county.desk)] == [False]


def test_a_notice_that_nothing_could_open_is_not_told(county):
    with pytest.raises(KeyError, match=r"nothing\.notice"):
        actions.tell(
            facility_id=county.hospital.pk,
            now=NOW,
            event="x",
            subject=Subject(kind="nothing", key=1, ref="r"),
            text="x",
        )
