"""Registering a resident on the page: the card read at once, every problem at its field, nothing typed lost."""

from datetime import date

import pytest
from django.urls import reverse

import county as small
from catchment.kernel.models import AuditEntry
from catchment.rooms.people.models import Household, Person, PersonIdentifier, SuspectedMatch
from catchment.rooms.places.models import Area
from catchment.standards.identity.identifiers import make_resident_id

MOST_QUERIES = 12  # session, account and post included
BORN = date(1958, 3, 2)
WOMAN = make_resident_id("999001", BORN, 2)
ADDRESS = "/people/register"
TOLD = {
    "name": "李大山",
    "number_kind": "resident-id",
    "number": WOMAN,
    "phone": "13800001234",
    "area": "990100100201",
    "address": "三组 12 号",
    "facility": "V1",
}


@pytest.fixture
def doctor(enter, county):
    return enter(county.village_doctor)


def part(client, name, **told):
    return client.post(ADDRESS, {"part": name, **told}, headers={"HX-Request": "true"}).content.decode()


def registered():
    return Person.objects.get(name="李大山")


def test_who_may_not_register_neither_sees_the_way_nor_goes_it(enter, county):
    client = enter(county.manager)
    assert ADDRESS not in client.get("/people/").content.decode()
    assert client.get(ADDRESS).status_code == client.post(ADDRESS, TOLD).status_code == 403
    assert not Person.objects.filter(name="李大山").exists()


def test_a_search_in_vain_leads_on_with_what_was_typed(doctor):
    assert ADDRESS in doctor.get("/people/").content.decode()
    found = doctor.post("/people/", {"q": "李大山"}).content.decode()
    assert f'action="{ADDRESS}"' in found
    assert 'value="李大山"' in doctor.post(ADDRESS, {"part": "start", "q": "李大山"}).content.decode()
    assert f'value="{WOMAN}"' in doctor.post(ADDRESS, {"part": "start", "q": WOMAN}).content.decode()


def test_the_page_opens_in_few_queries_with_the_villages_around(doctor, django_assert_max_num_queries):
    with django_assert_max_num_queries(MOST_QUERIES):
        page = doctor.get(ADDRESS).content.decode()
    assert 'name="area" value="990100100201"' in page
    assert 'name="facility" value="V1" checked' in page


def test_the_card_is_read_while_it_is_typed(doctor):
    read = part(doctor, "card", number_kind="resident-id", number=WOMAN)
    assert "号码有效" in read
    assert 'value="1958-03-02"' in read
    assert 'value="female" checked' in read
    wrong = part(doctor, "card", number_kind="resident-id", number=WOMAN[:-1] + ("0" if WOMAN[-1] != "0" else "1"))
    assert "校验码不符" in wrong
    assert "还差 8 位" in part(doctor, "card", number_kind="resident-id", number=WOMAN[:10])


def test_a_number_that_somebody_holds_leads_to_them_at_once(doctor, county):
    PersonIdentifier.objects.create(person=county.person, system="resident-id", value=WOMAN)
    read = part(doctor, "card", number_kind="resident-id", number=WOMAN)
    assert "号码已登记" in read
    assert reverse("person", args=[county.person.public_id]) in read


def test_a_village_is_found_by_name_and_initials_and_proposes_its_facility(doctor, county):
    town = Area.objects.create(
        code="990100200", name="海门镇", level="township", parent=Area.objects.get(code="990100")
    )
    Area.objects.create(code="990100200201", name="楚溪村", level="village", parent=town)
    small._facility("V2", "楚溪村卫生室", "village-clinic", "village", Area.objects.get(code="990100200201"), 121, 28)
    for words in ("楚溪", "cxc", "chuxi"):
        assert 'value="990100200201"' in part(doctor, "area", area_words=words)
    proposed = part(doctor, "facility", area="990100200201", facility="V1", fresh="1")
    assert 'value="V2" checked' in proposed
    assert "没有找到这个村" in part(doctor, "area", area_words="无此村")


def test_one_submit_registers_and_leads_to_the_person(doctor, county):
    answer = doctor.post(ADDRESS, TOLD)
    person = registered()
    assert answer.headers["Location"] == reverse("person", args=[person.public_id])
    assert (person.sex, person.birth_date) == ("female", BORN)
    assert (person.area.code, person.address, person.primary_facility) == ("990100100201", "三组 12 号", county.village)
    assert AuditEntry.objects.filter(event="person.register", person_id=person.pk).count() == 1
    page = doctor.get(answer.headers["Location"]).content.decode()
    assert "已登记。" in page
    assert reverse("person-keep", args=[person.public_id]) in page


def test_a_hospital_that_registers_a_village_s_resident_may_go_on_with_them(enter, county):
    client = enter(county.specialist)
    answer = client.post(ADDRESS, TOLD)
    assert client.get(answer.headers["Location"]).status_code == 200


def test_every_problem_stands_at_its_field_and_nothing_typed_is_lost(doctor):
    told = {**TOLD, "name": "", "phone": "123", "number": WOMAN[:-1] + "?", "area": "nowhere"}
    answer = doctor.post(ADDRESS, told)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert {name for name, _ in answer.context["form"].errors.items()} == {"area"}
    answer = doctor.post(ADDRESS, {**told, "area": TOLD["area"]})
    assert set(answer.context["form"].errors) == {"name", "phone", "number"}
    page = answer.content.decode()
    for kept in ('value="123"', 'value="三组 12 号"', 'value="990100100201" checked', 'value="V1" checked'):
        assert kept in page
    assert Person.objects.count() == 1


def test_a_number_of_another_kind_needs_its_issuer_beside_the_field(doctor, county):
    answer = doctor.post(ADDRESS, {**TOLD, "number_kind": "external", "number": "E1234567"})
    assert "需注明发号机构" in str(answer.context["form"].errors["number"])
    doctor.post(ADDRESS, {**TOLD, "number_kind": "local", "number": "1001"})
    assert PersonIdentifier.objects.get(person=registered()).assigner == county.village.code


def test_a_household_is_joined_or_founded(doctor, county):
    found = part(doctor, "household", household_words="wxy")
    assert str(county.person.public_id) in found
    doctor.post(ADDRESS, {**TOLD, "household": str(county.person.public_id)})
    county.person.refresh_from_db()
    assert registered().household == county.person.household
    assert (registered().is_head, county.person.is_head) == (False, True)
    doctor.post(ADDRESS, {**TOLD, "name": "赵一", "number": "", "household": "new"})
    assert Person.objects.get(name="赵一").is_head
    assert Household.objects.count() == 2


def test_a_household_of_nobody_is_refused_and_no_person_is_left_behind(doctor):
    answer = doctor.post(ADDRESS, {**TOLD, "area": "", "household": "new"})
    assert "先登记户主所在的村" in str(answer.context["form"].errors["household"])
    answer = doctor.post(ADDRESS, {**TOLD, "household": "x"})
    assert "没有找到这位家庭成员" in str(answer.context["form"].errors["household"])
    assert not Person.objects.filter(name="李大山").exists()


def test_a_likely_double_is_shown_before_a_second_record_is_made(doctor, county):
    told = {"name": county.person.name, "sex": "female", "birth_date": "1958-05-04", "number_kind": "resident-id"}
    answer = doctor.post(ADDRESS, told)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "还没有登记：可能已有同一人的档案" in page
    assert reverse("person", args=[county.person.public_id]) in page
    assert f'value="{county.person.name}"' in page
    assert Person.objects.filter(name=county.person.name).count() == 1
    assert not SuspectedMatch.objects.exists()
    doctor.post(ADDRESS, TOLD)
    by_phone = {**TOLD, "number": "", "sex": "male", "birth_date": "1990-01-01"}
    assert doctor.post(ADDRESS, by_phone).status_code == 422


def test_a_likely_double_registered_anyway_is_told_with_the_way_to_compare(doctor, county):
    told = {
        "name": county.person.name, "sex": "female", "birth_date": "1958-05-04", "number_kind": "resident-id",
        "anyway": "on",
    }  # fmt: skip
    answer = doctor.post(ADDRESS, told, follow=True)
    page = answer.content.decode()
    match = SuspectedMatch.objects.get()
    assert "可能已有同一人的档案 1 份" in page
    keep = reverse("person-keep", args=[match.right.public_id])
    assert keep in page
    shown = doctor.get(keep).content.decode()
    assert reverse("person", args=[county.person.public_id]) in shown
    assert reverse("duplicate", args=[match.pk]) in shown


def test_without_scripts_looking_something_up_saves_nothing_and_keeps_what_was_typed(doctor):
    page = doctor.post(ADDRESS, {**TOLD, "part": "area", "area_words": "石桥"}).content.decode()
    assert 'value="李大山"' in page
    assert 'value="990100100201" checked' in page
    assert not Person.objects.filter(name="李大山").exists()


def test_each_person_registered_has_a_draft_of_its_own(doctor):
    before = doctor.get(ADDRESS).context["draft"]
    doctor.post(ADDRESS, TOLD)
    assert doctor.get(ADDRESS).context["draft"] != before
