"""The pages of places and of the review of duplicates."""

from datetime import date

import pytest

from catchment.kernel import clock
from catchment.rooms.board.models import WorkItem
from catchment.rooms.people import queries as people
from catchment.rooms.people.models import Merge, Person, SuspectedMatch
from catchment.rooms.people.types import MatchState
from catchment.rooms.places.models import Area, Facility
from catchment.rooms.staff.models import Post, Practitioner

MOST_QUERIES = 12  # session, account and post included


@pytest.fixture
def manager(enter, county):
    """A client whose post may match people."""
    Post.objects.filter(pk=county.manager.post_id).update(role="administrator")
    return enter(county.manager)


@pytest.fixture
def match(county) -> SuspectedMatch:
    now = clock.now()
    twin = Person.objects.create(
        name="王秀瑛", sex="female", birth_date=county.person.birth_date, created_at=now, updated_at=now
    )
    reasons = [
        {"key": "same-name-phone"},
        {"field": "name", "outcome": "x", "zh": "同音", "en": "alike", "weight": 5.6},
    ]
    return SuspectedMatch.objects.create(
        left=county.person, right=twin, probability=0.97, reasons=reasons, found_at=now
    )


@pytest.mark.parametrize(
    "path", ["/places/", "/places/?q=shiqiao", "/places/H1/", "/places/networks/", "/places/networks/N1/"]
)
def test_a_page_of_places_opens_in_few_queries(enter, county, path, django_assert_max_num_queries):
    client = enter(county.village_doctor)
    with django_assert_max_num_queries(MOST_QUERIES):
        assert client.get(path).status_code == 200


def test_a_facility_shows_what_it_can_do_who_works_there_and_how_far_it_is(enter, county):
    page = enter(county.village_doctor).get("/places/H1/").content.decode()
    for said in ("急诊冠脉介入", "心血管内科", "县域医共体", "在岗人员", county.specialist.name, "公里"):
        assert said in page


def test_the_list_of_places_costs_the_same_however_long_it_is(enter, county, django_assert_max_num_queries):
    pattern = Facility.objects.get(code="V1")
    for n in range(60):
        pattern.pk, pattern.code = None, f"V9{n}"
        pattern.save()
    client = enter(county.village_doctor)
    with django_assert_max_num_queries(MOST_QUERIES):
        page = client.get("/places/").content.decode()
    assert "offset=40" in page


def test_the_list_and_the_map_can_be_narrowed_to_an_area(enter, county):
    client = enter(county.village_doctor)
    Area.objects.filter(code="990100100").update(
        boundary={"type": "Polygon", "coordinates": [[[121, 28], [122, 28], [122, 29], [121, 28]]]}
    )
    drawn = client.get("/places/map.json?area=990100100").json()
    assert [one["properties"]["name"] for one in drawn["areas"]["features"]] == ["云溪镇"]
    assert {one["properties"]["name"] for one in drawn["facilities"]["features"]} == {
        "石桥村卫生室",
        "云溪镇中心卫生院",
    }
    page = client.get("/places/?area=990100100").content.decode()
    assert "云溪镇中心卫生院" in page
    assert "邻市中心医院" not in page
    assert 'aria-current="page">云溪镇' in page
    assert client.get("/places/?area=none").status_code == 404


def test_an_unknown_facility_is_a_page_that_says_so(enter, county):
    assert enter(county.village_doctor).get("/places/NONE/").status_code == 404


def test_duplicates_are_for_those_who_compare_people(enter, county, match):
    client = enter(county.specialist)
    for path in ("/people/duplicates/", f"/people/duplicates/{match.pk}/", "/people/duplicates/merges/"):
        assert client.get(path).status_code == 403


def mine(match, county, **homes):
    """The pair with these responsible facilities."""
    for side, facility in homes.items():
        Person.objects.filter(pk=getattr(match, f"{side}_id")).update(primary_facility=facility)


def test_a_registrar_compares_and_sends_a_pair_of_the_own_clinic_and_cannot_decide_it(enter, county, match):
    mine(match, county, left=county.village, right=county.village)
    admin = Post.objects.create(
        practitioner=Practitioner.objects.create(code="A1", name="管理员"), facility=county.hospital,
        role="administrator", since=date(2025, 1, 1),
    )  # fmt: skip
    client, at = enter(county.village_doctor), f"/people/duplicates/{match.pk}/"
    assert "王秀瑛" in client.get("/people/duplicates/").content.decode()
    page = client.get(at).content.decode()
    assert page.count('class="banner"') == 2
    assert f'action="{at}send"' in page
    assert f'action="{at}merge"' not in page
    assert client.post(f"{at}merge", {"keep": "left", "reason": "x"}).status_code == 422
    assert client.post(f"{at}distinct").status_code == 422
    assert client.post(f"{at}send", {"note": " "}).status_code == 422
    assert client.post(f"{at}send", {"note": "本人到场"}).status_code == 302
    client.post(f"{at}send", {"note": "本人到场，是同一人"})
    item = WorkItem.objects.get(kind="people.twins", state="open")
    assert (item.facility_id, item.role, item.headline) == (admin.facility_id, "administrator", "本人到场，是同一人")
    match.refresh_from_db()
    assert (match.state, match.sent_note) == (MatchState.SUSPECTED, "本人到场，是同一人")
    assert not Merge.objects.exists()


def test_who_keeps_a_township_s_files_decides_a_pair_of_its_own_clinics_and_the_work_is_done(enter, county, match):
    mine(match, county, left=county.village, right=county.township)
    village = enter(county.village_doctor)
    village.post(f"/people/duplicates/{match.pk}/send", {"note": "是同一人"})
    client = enter(county.township_doctor)
    page = client.get(f"/people/duplicates/{match.pk}/").content.decode()
    assert "是同一人" in page
    client.post(f"/people/duplicates/{match.pk}/merge", {"keep": "left", "reason": "身份证核实"})
    merge = Merge.objects.get()
    assert merge.duplicate_id == match.right_id
    assert not WorkItem.objects.filter(kind="people.twins", state="open").exists()
    client.post(f"/people/duplicates/merges/{merge.pk}/undo")
    merge.refresh_from_db()
    assert merge.undone_at is not None


def test_a_pair_with_another_facility_shows_only_what_a_search_shows_and_is_not_decided_here(enter, county, match):
    mine(match, county, left=county.township, right=county.hospital)
    client, at = enter(county.township_doctor), f"/people/duplicates/{match.pk}/"
    Person.objects.filter(pk=match.right_id).update(address="七组 9 号")
    page = client.get(at).content.decode()
    assert "王秀瑛" in page
    assert "七组 9 号" not in page
    assert 'class="banner"' not in page
    assert client.post(f"{at}merge", {"keep": "left", "reason": "x"}).status_code == 422
    assert not Merge.objects.exists()


def test_a_pair_of_strangers_is_not_there(enter, county, match):
    mine(match, county, left=county.hospital, right=county.hospital)
    client, at = enter(county.village_doctor), f"/people/duplicates/{match.pk}/"
    assert "王秀瑛" not in client.get("/people/duplicates/").content.decode()
    for answer in (client.get(at), client.post(f"{at}send", {"note": "x"}), client.post(f"{at}distinct")):
        assert answer.status_code in {403, 404}


def test_a_pair_is_shown_side_by_side_with_reasons_and_both_banners(manager, match, django_assert_max_num_queries):
    assert "王秀瑛" in manager.get("/people/duplicates/").content.decode()
    with django_assert_max_num_queries(16):
        page = manager.get(f"/people/duplicates/{match.pk}/").content.decode()
    assert page.count('class="banner"') == 2
    for said in ("姓名和电话都相同", "同音", "0.970", "不同"):
        assert said in page


def test_a_merge_without_a_reason_keeps_what_was_chosen(manager, match):
    answer = manager.post(f"/people/duplicates/{match.pk}/merge", {"keep": "right", "reason": ""})
    assert answer.status_code == 422
    assert 'value="right" required checked' in answer.content.decode()
    assert not Merge.objects.exists()


def test_a_pair_is_merged_and_the_merge_undone_from_the_pages(manager, match):
    manager.post(f"/people/duplicates/{match.pk}/merge", {"keep": "left", "reason": "电话核实"})
    merge = Merge.objects.get()
    assert people.person_by_public_id(match.right.public_id) == match.left
    assert "电话核实" in manager.get("/people/duplicates/merges/").content.decode()
    manager.post(f"/people/duplicates/merges/{merge.pk}/undo")
    assert people.person_by_public_id(match.right.public_id) == match.right
    again = manager.post(f"/people/duplicates/merges/{merge.pk}/undo", follow=True)
    assert "已经撤销" in again.content.decode()


def test_two_people_are_called_distinct_in_one_tap(manager, match):
    manager.post(f"/people/duplicates/{match.pk}/distinct")
    match.refresh_from_db()
    assert match.state == MatchState.DISTINCT
    assert "王秀瑛" not in manager.get("/people/duplicates/").content.decode()
