"""The pages of slots and beds: for who runs them, problems beside their field, few questions to the database."""

from datetime import timedelta

import pytest
from django.utils import timezone

import county as small
from catchment.rooms.booking.models import Bed, Slot

MOST_QUERIES = 12
WEEK, BEDS = "/schedule/H1/", "/schedule/H1/beds"


def session(**more):
    day = timezone.localdate() + timedelta(days=3)
    return {
        "act": "open", "day": str(day), "start": "14:00", "minutes": "10", "referral": "2", "contracted": "1",
        "public": "3", "release_hours": "24", "post": "", "until": "", **more,
    }  # fmt: skip


@pytest.fixture
def desk(enter, county):
    return enter(county.desk)


def test_a_desk_begins_at_its_own_facility(desk):
    assert desk.get("/schedule/").headers["Location"] == WEEK
    assert 'href="/schedule/"' in desk.get(WEEK).content.decode()


@pytest.mark.parametrize("who", ["village_doctor", "specialist", "manager"])
def test_who_runs_no_schedule_sees_none(enter, county, who):
    client = enter(getattr(county, who))
    assert client.get(WEEK).status_code == client.post(WEEK, session()).status_code == 403
    assert client.get(BEDS).status_code == 403
    assert "号源与床位" not in client.get("/places/H1/").content.decode()


def test_another_facilitys_schedule_is_not_mine(desk, county):
    assert desk.get("/schedule/T1/").status_code == desk.get("/schedule/T1/beds").status_code == 403
    assert "/schedule/T1/" not in desk.get("/places/T1/").content.decode()


def test_the_administrator_finds_every_schedule_from_the_facilitys_page(enter, county):
    client = enter(small._actor("魏子默", county.hospital, "administrator"))
    assert "/schedule/T1/" in client.get("/places/T1/").content.decode()
    assert client.get("/schedule/T1/beds").status_code == 200


def test_a_session_is_opened_and_stands_in_its_week(desk, county):
    before = Slot.objects.count()
    day = timezone.localdate() + timedelta(days=3)
    assert desk.post(f"{WEEK}?service=cardiology&week={day}", session()).status_code == 302
    assert Slot.objects.count() == before + 6
    page = desk.get(f"{WEEK}?service=cardiology&week={day}").content.decode()
    assert "14:00–15:00" in page
    assert "空闲 2" in page


def test_what_is_wrong_stands_beside_its_field_and_what_was_typed_stays(desk, county):
    day = timezone.localdate() - timedelta(days=3)
    answer = desk.post(f"{WEEK}?service=cardiology", session(day=str(day), minutes="17"))
    assert answer.status_code == 422
    assert answer.context["form"].errors["start"] == ["开始时间已过，请选以后的时间"]
    assert 'value="17"' in answer.content.decode()
    assert "minutes" in desk.post(f"{WEEK}?service=cardiology", session(minutes="many")).context["form"].errors


def test_chosen_free_slots_are_closed_and_it_is_told_what_stayed(desk, county):
    free, held = Slot.objects.filter(service=county.cardiology)[:2]
    Slot.objects.filter(pk=held.pk).update(state="held")
    sent = {"act": "close", "slot": [free.pk, held.pk]}
    page = desk.post(f"{WEEK}?service=cardiology", sent, follow=True).content.decode()
    assert "已关闭 1 个空号" in page
    assert "另有 1 个未变" in page
    assert set(Slot.objects.filter(pk__in=[free.pk, held.pk]).values_list("state", flat=True)) == {"closed", "held"}


@pytest.mark.parametrize("sent", [{}, {"act": "drop"}, {"act": "close", "slot": ["x", "9" * 40]}])
def test_nonsense_changes_nothing(desk, county, sent):
    before = list(Slot.objects.order_by("pk").values_list("pk", "state"))
    assert desk.post(f"{WEEK}?service=cardiology", sent).status_code in {302, 404}
    assert list(Slot.objects.order_by("pk").values_list("pk", "state")) == before


@pytest.mark.parametrize("asked", ["nonsense", "0001-01-01", "1989-12-31", "9991-01-01", "9999-12-31"])
def test_a_week_that_is_none_is_refused_with_what_a_week_is(desk, asked):
    answer = desk.get(f"{WEEK}?week={asked}")
    assert answer.status_code == 422
    assert f"没有“{asked}”这一周：日期应写作 2026-03-02，在 1990-01-01 到 9990-12-31 之间" in answer.content.decode()


@pytest.mark.parametrize("asked", ["1990-01-01", "9990-12-31", "2026-03-02", ""])
def test_a_week_within_bounds_is_shown(desk, asked):
    assert desk.get(f"{WEEK}?week={asked}").status_code == 200


def test_a_service_that_is_not_there_is_told(desk):
    assert desk.get(f"{WEEK}?service=nothing").status_code == 404


def test_beds_are_added_and_moved_on_the_page(desk, county):
    added = desk.post(BEDS, {"act": "add", "service": "cardiology", "codes": "301、302 303"}, follow=True)
    assert "已添加 3 张床" in added.content.decode()
    bed = Bed.objects.get(code="302")
    assert "床 302：停用" in desk.post(BEDS, {"act": "close", "bed": bed.pk}, follow=True).content.decode()
    assert [line["bed"].code for line in desk.get(f"{BEDS}?state=closed").context["beds"]] == ["302"]
    again = desk.post(BEDS, {"act": "close", "bed": bed.pk}, follow=True).content.decode()
    assert "不能这样办理" in again
    wrong = desk.post(BEDS, {"act": "add", "service": "cardiology", "codes": "302"})
    assert wrong.status_code == 422
    assert wrong.context["form"].errors["codes"] == ["床号 302 已在用，请换一个"]


def test_few_questions_however_many_slots_and_beds(desk, county, django_assert_max_num_queries):
    for number in range(4):
        small.open_slots(county.cardiology, 30, days=1 + number)
    Bed.objects.bulk_create(Bed(facility=county.hospital, service=county.cardiology, code=str(n)) for n in range(300))
    for path in (f"{WEEK}?service=cardiology", BEDS):
        with django_assert_max_num_queries(MOST_QUERIES, info=path):
            assert desk.get(path).status_code == 200
