"""Keeping a resident's data right: changed, moved, contracted, dead, and what a facility gives back."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

import county as small
from catchment.kernel import clock
from catchment.kernel.models import AuditEntry
from catchment.rooms.consent.models import Relation
from catchment.rooms.people.models import FacilityMove, PersonIdentifier, PersonName, ResidenceMove
from catchment.rooms.places.models import Area
from catchment.rooms.staff.models import CareResponsibility
from catchment.standards.identity.identifiers import make_resident_id

MOST_QUERIES = 12
CARD = make_resident_id("999001", date(1958, 5, 4), 2)


@pytest.fixture
def doctor(enter, county):
    return enter(county.village_doctor)


@pytest.fixture
def keep(county):
    return reverse("person-keep", args=[county.person.public_id])


@pytest.fixture
def contract(county):
    return reverse("person-doctor", args=[county.person.public_id])


def details(person, **changes):
    known = {
        "act": "change", "name": person.name, "sex": person.sex, "birth_date": person.birth_date, "phone": person.phone,
        "area": person.area.code, "address": person.address, "number_kind": "resident-id", "number": "",
    }  # fmt: skip
    return {**known, **changes}


def test_the_page_is_for_those_who_register(enter, county, keep):
    assert keep in enter(county.village_doctor).get(f"/people/{county.person.public_id}/").content.decode()
    client = enter(county.manager)
    assert keep not in client.get(f"/people/{county.person.public_id}/").content.decode()
    assert client.get(keep).status_code == client.post(keep, {"act": "live"}).status_code == 403


def test_a_stranger_s_page_leads_to_the_door(enter, county):
    stranger = small.make_person("何远行", county.person.area, county.village)
    address = reverse("person-keep", args=[stranger.public_id])
    client = enter(county.specialist)
    assert client.get(address).headers["Location"] == reverse("person-access", args=[stranger.public_id])
    assert client.post(address, {"act": "die", "deceased_on": "2026-01-01"}).status_code == 403
    stranger.refresh_from_db()
    assert stranger.deceased_on is None


def test_opening_costs_few_queries_and_is_written_down(doctor, county, keep, django_assert_max_num_queries):
    doctor.post(keep, {"act": "house", "household": "new"})
    small.remember_rules()
    with django_assert_max_num_queries(MOST_QUERIES):
        page = doctor.get(keep).content.decode()
    assert county.person.name in page
    assert AuditEntry.objects.filter(event="person.read", person_id=county.person.pk).count() == 1


def test_only_what_changed_is_changed_and_told_to_the_audit(doctor, county, keep):
    PersonIdentifier.objects.create(person=county.person, system="resident-id", value=CARD)
    page = doctor.get(keep).content.decode()
    assert CARD not in page
    assert CARD[-4:] in page
    answer = doctor.post(keep, details(county.person, phone="13900001111", other_names="王秀"))
    assert answer.status_code == 302
    county.person.refresh_from_db()
    assert county.person.phone == "13900001111"
    assert PersonName.objects.get(person=county.person).text == "王秀"
    assert AuditEntry.objects.get(event="person.update").detail == {"fields": ["other_names", "phone"]}
    doctor.post(keep, details(county.person))
    assert AuditEntry.objects.filter(event="person.update").count() == 1


def test_another_village_is_a_move_on_its_day_unless_the_register_was_wrong(doctor, county, keep):
    there = Area.objects.create(code="990100100202", name="楚溪村", level="village", parent=county.person.area.parent)
    doctor.post(keep, details(county.person, area=there.code, moved_on="2099-01-01"))
    assert not ResidenceMove.objects.exists()
    doctor.post(keep, details(county.person, area=there.code, moved_on="2024-05-03"))
    assert ResidenceMove.objects.get().moved_on == date(2024, 5, 3)
    assert "2024-05-03 石桥村 → 楚溪村" in doctor.get(keep).content.decode()
    county.person.refresh_from_db()
    doctor.post(keep, details(county.person, area="990100100201", moved_on=""))
    assert ResidenceMove.objects.count() == 1
    county.person.refresh_from_db()
    assert county.person.area.code == "990100100201"


def test_what_is_wrong_stands_at_its_field_and_what_was_typed_stays(doctor, county, keep):
    answer = doctor.post(keep, details(county.person, phone="12", name=""))
    assert answer.status_code == 422
    assert set(answer.context["form"].errors) == {"name", "phone"}
    assert 'value="12"' in answer.content.decode()
    assert doctor.post(keep, {"act": "nothing"}).status_code == 404


def test_the_facility_moves_with_a_reason_and_the_move_is_shown_to_who_took_over(doctor, enter, county, keep):
    told = {"act": "move", "facility": county.township.code, "reason": ""}
    answer = doctor.post(keep, told)
    assert "请写明变更原因" in answer.content.decode()
    assert doctor.post(keep, {**told, "facility": county.hospital.code, "reason": "x"}).status_code == 422
    doctor.post(keep, {**told, "reason": "搬到镇上"})
    assert FacilityMove.objects.get().destination == county.township
    assert doctor.get(keep).status_code == 302
    assert "搬到镇上" in enter(county.township_doctor).get(keep).content.decode()


def test_a_hospital_does_not_move_or_sign_anybody_and_is_told_why(enter, county, keep, contract):
    Relation.objects.create(
        person=county.person, facility=county.hospital, kind="presence", since=clock.now(),
        until=clock.now() + timedelta(hours=1),
    )  # fmt: skip
    client = enter(county.specialist)
    page = client.get(keep).content.decode()
    assert "只有现在的责任机构或接管的基层机构可以变更" in page
    assert "本机构没有可以签约的岗位" in client.get(contract).content.decode()
    answer = client.post(keep, {"act": "move", "facility": county.township.code, "reason": "x"})
    assert answer.status_code == 422
    assert not FacilityMove.objects.exists()


def test_another_primary_facility_can_take_over_only_to_itself(enter, county, keep):
    options = enter(county.township_doctor).get(keep).context["facility"].options
    assert [one.value for one in options] == [county.township.code]


def test_a_household_is_joined_from_the_page(doctor, county, keep):
    other = small.make_person("王大", county.person.area, county.village)
    found = doctor.post(
        keep, {"part": "household", "household_words": "王大"}, headers={"HX-Request": "true"}
    ).content.decode()
    assert str(other.public_id) in found
    doctor.post(keep, {"act": "house", "household": str(other.public_id)})
    county.person.refresh_from_db()
    other.refresh_from_db()
    assert county.person.household == other.household
    assert "户主" in doctor.get(keep).content.decode()
    doctor.post(keep, {"act": "house", "household": "new"})
    county.person.refresh_from_db()
    assert county.person.household != other.household
    assert "请选择加入谁的家庭" in doctor.post(keep, {"act": "house"}).content.decode()


def test_a_death_is_recorded_and_taken_back(doctor, county, keep, contract):
    later = timezone.localdate() + timedelta(days=1)
    assert "晚于今天" in doctor.post(keep, {"act": "die", "deceased_on": later}).content.decode()
    doctor.post(keep, {"act": "die", "deceased_on": "2026-01-02"})
    county.person.refresh_from_db()
    assert county.person.deceased_on == date(2026, 1, 2)
    assert "已登记死亡，不能再指定责任医生" in doctor.get(contract).content.decode()
    doctor.post(keep, {"act": "live"})
    county.person.refresh_from_db()
    assert county.person.deceased_on is None
    events = AuditEntry.objects.filter(person_id=county.person.pk).values_list("event", flat=True)
    assert {"person.deceased", "person.deceased-withdrawn"} <= set(events)


def test_a_contract_is_signed_renewed_and_ended(doctor, county, keep, contract):
    today = timezone.localdate()
    told = {"act": "assign", "post": county.village_doctor.post_id, "contracted": "on", "since": "2026-01-01"}
    assert (
        "协议截止日期应晚于开始日期" in doctor.post(contract, {**told, "agreed_until": "2025-12-31"}).content.decode()
    )
    assert doctor.post(contract, {**told, "agreed_until": "2026-03-31"}).headers["Location"] == keep
    shown = doctor.get(keep).content.decode()
    assert "协议已于 2026-03-31 到期，请续签" in shown
    assert "应晚于现任的开始日期" in doctor.post(contract, told).content.decode()
    doctor.post(contract, {**told, "since": today, "agreed_until": today + timedelta(days=364)})
    first, second = CareResponsibility.objects.order_by("since")
    assert (first.until, second.until, second.contracted) == (date(2026, 4, 1), None, True)
    assert "请写明解约或终止的原因" in doctor.post(contract, {"act": "end", "until": today}).content.decode()
    doctor.post(contract, {"act": "end", "until": today, "reason": "迁出"})
    second.refresh_from_db()
    assert (second.until, second.end_reason) == (today, "迁出")
    assert "迁出" in doctor.get(keep).content.decode()
    assert AuditEntry.objects.filter(event="responsibility.end").count() == 1


def test_another_facility_s_contract_is_not_ended_here_and_the_page_says_whose_it_is(enter, county, keep, contract):
    CareResponsibility.objects.create(
        person=county.person, post_id=county.township_doctor.post_id, contracted=True, since=date(2026, 1, 1)
    )
    client = enter(county.village_doctor)
    assert f"由 {county.township.name} 签约，只能由该机构终止" in client.get(contract).content.decode()
    answer = client.post(contract, {"act": "end", "until": timezone.localdate(), "reason": "x"})
    assert answer.status_code == 422
    assert CareResponsibility.objects.get().until is None


def test_a_post_of_another_facility_cannot_be_chosen(doctor, county, contract):
    told = {"act": "assign", "post": county.township_doctor.post_id, "since": "2026-01-01"}
    assert doctor.post(contract, told).status_code == 422
    assert not CareResponsibility.objects.exists()
    assert doctor.post(contract, {"act": "nothing"}).status_code == 404


def test_a_presence_is_ended_and_the_door_closes_again(enter, county):
    stranger = small.make_person("何远行", county.person.area, county.village, phone="13900000009")
    client, door = enter(county.specialist), reverse("person-access", args=[stranger.public_id])
    client.post(reverse("person-attend", args=[stranger.public_id]), {"number": "13900000009"})
    relation = Relation.objects.get()
    address = reverse("relation-end", args=[stranger.public_id, relation.pk])
    assert address in client.get(door).content.decode()
    assert address in client.get(reverse("person-keep", args=[stranger.public_id])).content.decode()
    assert client.post(address).headers["Location"] == door
    assert client.get(reverse("person", args=[stranger.public_id])).headers["Location"] == door
    assert AuditEntry.objects.filter(event="relation.end", person_id=stranger.pk).count() == 1


def test_a_look_in_an_emergency_closes_by_itself_alone(enter, county):
    stranger = small.make_person("何远行", county.person.area, county.village)
    client = enter(county.specialist)
    client.post(reverse("person-break-glass", args=[stranger.public_id]), {"reason": "昏迷送诊，需知用药"})
    relation = Relation.objects.get()
    assert "到时自动关闭" in client.get(reverse("person-access", args=[stranger.public_id])).content.decode()
    address = reverse("relation-end", args=[stranger.public_id, relation.pk])
    assert client.post(address).status_code == 409
    relation.refresh_from_db()
    assert relation.until > clock.now()


def test_the_clinic_reads_that_a_record_was_opened_in_an_emergency(enter, county):
    stranger = small.make_person("何远行", county.person.area, county.village)
    told = {"reason": "昏迷送诊，需知用药"}
    enter(county.specialist).post(reverse("person-break-glass", args=[stranger.public_id]), told)
    page = enter(county.village_doctor).get("/notices/").content.decode()
    assert "档案被紧急调阅" in page
    assert f"/people/{stranger.public_id}/" in page


def test_a_relation_is_not_ended_under_another_person_s_address(enter, county):
    stranger = small.make_person("何远行", county.person.area, county.village, phone="13900000009")
    client = enter(county.specialist)
    client.post(reverse("person-attend", args=[stranger.public_id]), {"number": "13900000009"})
    relation = Relation.objects.get()
    assert client.post(reverse("relation-end", args=[county.person.public_id, relation.pk])).status_code == 404


def test_the_household_reads_in_english(doctor, county, keep):
    doctor.post(keep, {"act": "house", "household": "new"})
    doctor.cookies["language"] = "en"
    page = doctor.get(keep).content.decode()
    house = page[page.index(f"<strong>{county.person.name}</strong>") :].split("</p>")[0]
    assert " (head)" in house
    assert not set(house) & set("（）、：")
