"""The door before a record: a card shown, the glass broken, the judgement, the person's own look."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse

import county as small
from catchment.kernel import clock
from catchment.kernel.models import AuditEntry
from catchment.rooms.board.models import Notice, WorkItem
from catchment.rooms.consent.models import Choice, Relation
from catchment.rooms.people.models import Person, PersonIdentifier


@pytest.fixture
def stranger(county):
    """A resident of the village, whom the county hospital has never met."""
    person = small.make_person("何远行", county.person.area, county.village, phone="13900000009")
    PersonIdentifier.objects.create(person=person, system="insurance", value="INS-778899")
    return person


@pytest.fixture
def officer(county):
    return small._actor("贺知礼", county.hospital, "privacy-officer")


def test_a_person_without_a_relation_is_found_but_their_page_leads_to_the_door(enter, county, stranger):
    client = enter(county.specialist)
    assert "何远行" in client.post("/people/", {"q": "何远行"}).content.decode()
    answer = client.get(reverse("person", args=[stranger.public_id]))
    assert answer.headers["Location"] == reverse("person-access", args=[stranger.public_id])
    page = client.get(answer.headers["Location"]).content.decode()
    assert "没有诊疗关系" in page
    assert "何远行" in page


def test_a_post_that_may_not_search_learns_nothing(enter, county, stranger):
    client = enter(small._actor("孟佳宁", county.hospital, "insurance-officer"))
    assert client.get(reverse("person", args=[stranger.public_id])).status_code == 403
    assert client.get(reverse("person-access", args=[stranger.public_id])).status_code == 403


@pytest.mark.parametrize("number", ["INS-778899", "13900000009"])
def test_a_number_that_is_theirs_opens_the_record_for_the_day(enter, county, stranger, number):
    client = enter(county.specialist)
    client.post(reverse("person-attend", args=[stranger.public_id]), {"number": number})
    assert client.get(reverse("person", args=[stranger.public_id])).status_code == 200
    relation = Relation.objects.get()
    assert (relation.kind, relation.post_id, relation.facility_id) == ("presence", None, county.hospital.pk)


def test_another_number_is_refused_beside_its_field_and_noted(enter, county, stranger):
    client = enter(county.specialist)
    answer = client.post(reverse("person-attend", args=[stranger.public_id]), {"number": "13900000008"})
    assert answer.status_code == 422
    assert "号码与这位居民不符" in answer.content.decode()
    assert not Relation.objects.exists()
    assert AuditEntry.objects.filter(event="relation.refused", person_id=stranger.pk).count() == 1


def test_the_glass_asks_for_words(enter, county, stranger):
    answer = enter(county.specialist).post(reverse("person-break-glass", args=[stranger.public_id]), {"reason": "急"})
    assert answer.status_code == 422
    assert not Relation.objects.exists()


def test_breaking_the_glass_opens_tells_and_waits_for_a_judgement(enter, county, stranger, officer):
    client = enter(county.specialist)
    client.post(reverse("person-break-glass", args=[stranger.public_id]), {"reason": "昏迷送诊，需知用药"})
    assert client.get(reverse("person", args=[stranger.public_id])).status_code == 200
    relation = Relation.objects.get()
    work = WorkItem.objects.get(kind="consent.review")
    assert (work.post_id, work.state) == (officer.post_id, "open")
    assert Notice.objects.get(event="consent.glass-broken").facility_id == county.village.pk
    desk = enter(officer)
    assert "顾长风" in desk.get("/privacy/").content.decode()
    address = reverse("privacy-review", args=[relation.pk])
    assert "昏迷送诊" in desk.get(address).content.decode()
    assert desk.post(address, {"verdict": "unjustified"}).status_code == 422
    desk.post(address, {"verdict": "unjustified", "judgement": "并非急诊"})
    relation.refresh_from_db()
    work.refresh_from_db()
    assert (relation.verdict, work.state) == ("unjustified", "done")
    assert relation.until <= clock.now()
    assert enter(county.specialist).get(reverse("person", args=[stranger.public_id])).status_code == 302


def test_a_colleague_does_not_come_in_through_broken_glass(enter, county, stranger):
    enter(county.specialist).post(
        reverse("person-break-glass", args=[stranger.public_id]), {"reason": "昏迷送诊，需知用药"}
    )
    assert enter(county.desk).get(reverse("person", args=[stranger.public_id])).status_code == 302


def test_broken_glass_closes_by_itself(enter, county, stranger):
    client = enter(county.specialist)
    client.post(reverse("person-break-glass", args=[stranger.public_id]), {"reason": "昏迷送诊，需知用药"})
    Relation.objects.update(since=clock.now() - timedelta(hours=5), until=clock.now() - timedelta(hours=1))
    assert client.get(reverse("person", args=[stranger.public_id])).status_code == 302


def test_the_api_tells_why_it_refuses_and_opens_by_the_same_doors(enter, county, stranger):
    client = enter(county.specialist)
    base = f"/api/v1/people/{stranger.public_id}"
    assert client.get(f"{base}/relations").json() == {"relations": []}
    refused = client.post(f"{base}/presence", {"number": "1"}, content_type="application/json")
    assert (refused.status_code, refused.json()["problems"][0]["field"]) == (422, "number")
    opened = client.post(f"{base}/presence", {"number": "INS-778899"}, content_type="application/json")
    assert opened.status_code == 201
    assert client.get(f"{base}/relations").json() == {"relations": ["begun-by-hand"]}


def test_who_registers_a_person_of_another_village_may_go_on_with_them(enter, county):
    from catchment.kernel import wall
    from catchment.rooms.people import actions
    from catchment.rooms.people.types import Registration
    from catchment.rooms.staff.queries import actor_of_post

    actor = actor_of_post(county.desk.post_id, user_id=None)
    wall.enter(actor, at=clock.now(), terms=wall.Terms())
    told = Registration(name="新来人", sex="male", primary_facility_id=county.village.pk)
    person = actions.register_person(actor=actor, now=clock.now(), told=told)
    assert Person.objects.filter(pk=person.pk).exists()
    wall.leave()


def test_a_resident_sees_their_record_and_who_looked_and_can_restrict(enter, client, county):
    doctor = enter(county.village_doctor)
    doctor.get(reverse("person", args=[county.person.public_id]))
    page = doctor.post(reverse("resident-link", args=[county.person.public_id])).content.decode()
    address = re.search(r'value="http://testserver(/my/[^"]+)"', page).group(1)
    phone = type(client)()
    assert "查看我的档案" in phone.get(address).content.decode()
    mine = phone.post(address).content.decode()
    assert "王秀英" in mine
    assert "周文秀" in mine
    phone.post(address, {"sharing": "relations"})
    assert Choice.objects.get(person=county.person).sharing == "relations"
    assert type(client)().post(address).status_code == 404


def test_a_stray_link_opens_nothing(client, county):
    assert client.post("/my/nonsense").status_code == 404
