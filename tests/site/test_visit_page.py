"""Recording a visit from the page of a person."""

from uuid import uuid4

import pytest

from catchment.rooms.record.models import Encounter, Observation


@pytest.fixture
def address(county):
    return f"/people/{county.person.public_id}/visit"


def test_the_form_opens_on_the_page_of_a_person_for_those_who_record(enter, county):
    page = enter(county.village_doctor).get(f"/people/{county.person.public_id}/").content.decode()
    assert 'inputmode="numeric"' in page
    assert 'name="systolic"' in page


def test_no_form_for_a_post_that_only_reads(enter, county, address):
    client = enter(county.manager)
    assert 'name="systolic"' not in client.get(f"/people/{county.person.public_id}/").content.decode()
    assert client.post(address, {"pulse": "70", "key": uuid4()}).status_code == 403


def test_one_submit_writes_the_visit_and_leads_back_to_the_person(enter, county, address):
    client, key = enter(county.village_doctor), uuid4()
    for _twice in range(2):
        answer = client.post(address, {"systolic": "150", "diastolic": "92", "pulse": "76", "key": key})
        assert answer.status_code == 302
    assert Encounter.objects.count() == 1
    assert "150/92" in client.get(answer.headers["Location"]).content.decode()


def test_an_error_stands_beside_its_field_and_what_was_typed_stays(enter, county, address):
    answer = enter(county.village_doctor).post(address, {"temperature": "366", "note": "发热", "key": uuid4()})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "应在 25 到 45 ℃ 之间" in page
    assert 'value="366"' in page
    assert "发热" in page
    assert not Observation.objects.exists()


def test_words_where_a_number_belongs_are_told(enter, county, address):
    page = enter(county.village_doctor).post(address, {"pulse": "七十", "key": uuid4()}).content.decode()
    assert "请填数字" in page


def test_the_name_of_a_draft_tells_nobody_whose_it_is(enter, county):
    import re

    pages = [
        enter(actor).get(f"/people/{county.person.public_id}/").content.decode()
        for actor in (county.village_doctor, county.township_doctor)
    ]
    names = [re.search(r'data-draft="([^"]+)"', page).group(1) for page in pages]
    assert names[0] != names[1]
    assert all(re.fullmatch(r"[0-9a-f]{24}", name) and name not in str(county.person.public_id) for name in names)


def test_an_entry_says_what_it_holds_in_words_and_where_it_came_from(enter, county, address):
    client = enter(county.village_doctor)
    client.post(address, {"temperature": "36.6", "key": uuid4()})
    row = Observation.objects.get()
    page = client.get(f"/people/{county.person.public_id}/entry/observation/{row.pk}").content.decode()
    for said in ("36.6 ℃", "测量与结果", "石桥村卫生室", county.village_doctor.name):
        assert said in page
    assert "<dt>value" not in page
    assert "更正" in page


def test_what_was_found_is_written_with_the_visit_and_seen_at_once(enter, county, address):
    client = enter(county.village_doctor)
    given = {
        "diagnosis_1": "2型糖尿病 E11.9", "medicine_1": "二甲双胍", "dose_1": "0.5 g 每日两次", "allergy": "青霉素",
        "reaction": "皮疹", "key": uuid4(),
    }  # fmt: skip
    page = client.get(client.post(address, given).headers["Location"]).content.decode()
    for said in ("2型糖尿病", "二甲双胍", "0.5 g 每日两次", "青霉素", "皮疹"):
        assert said in page


def test_a_dose_without_its_medicine_is_told_beside_its_line(enter, county, address):
    answer = enter(county.village_doctor).post(address, {"dose_2": "每日一次", "key": uuid4()})
    assert answer.status_code == 422
    assert 'id="id_medicine_2_error"' in answer.content.decode()
    assert not Encounter.objects.exists()


def test_an_entry_written_in_error_is_withdrawn_from_its_own_page(enter, county, address):
    client = enter(county.village_doctor)
    client.post(address, {"temperature": "36.6", "key": uuid4()})
    entry = f"/people/{county.person.public_id}/entry/observation/{Observation.objects.get().pk}"
    assert client.post(f"{entry}/amend", {"how": "withdraw", "mistake": ""}).status_code == 422
    assert client.post(f"{entry}/amend", {"how": "withdraw", "mistake": "wrong-content"}).status_code == 302
    assert "记错，已作废" in client.get(entry).content.decode()
    assert "36.6" not in client.get(f"/people/{county.person.public_id}/").content.decode()
    assert client.post(f"{entry}/amend", {"how": "withdraw", "mistake": "duplicate"}).status_code == 409


def test_what_another_facility_wrote_is_shown_as_theirs_to_put_right(enter, county, address):
    enter(county.village_doctor).post(address, {"temperature": "36.6", "key": uuid4()})
    entry = f"/people/{county.person.public_id}/entry/observation/{Observation.objects.get().pk}"
    client = enter(county.township_doctor)
    assert "由记录它的机构更正" in client.get(entry).content.decode()
    assert client.post(f"{entry}/amend", {"how": "withdraw", "mistake": "duplicate"}).status_code == 409


@pytest.mark.parametrize("typed", ["xt", "xiongtong", "胸痛", "R07"])
def test_a_diagnosis_is_found_by_initials_pinyin_name_or_code(enter, county, typed):
    client = enter(county.village_doctor)
    found = client.get("/people/visit/terms/diagnosis_1", {"diagnosis_1": typed}).content.decode()
    assert "胸痛" in found
    line = client.get("/people/visit/term/diagnosis_1", {"value": "胸痛 R07"}).content.decode()
    assert 'name="diagnosis_1" value="胸痛 R07"' in line


@pytest.mark.parametrize("typed", ["amxl", "amoxilin", "阿莫西林", "J01CA04"])
def test_a_medicine_is_found_by_initials_pinyin_name_or_code(enter, county, typed):
    client = enter(county.village_doctor)
    assert "阿莫西林" in client.get("/people/visit/terms/medicine_2", {"medicine_2": typed}).content.decode()


def test_looking_up_is_for_those_who_write_and_only_for_its_fields(enter, county):
    assert enter(county.manager).get("/people/visit/terms/diagnosis_1").status_code == 403
    client = enter(county.village_doctor)
    assert client.get("/people/visit/terms/note").status_code == 404
    assert "<b>" not in client.get("/people/visit/term/diagnosis_1", {"value": "<b>"}).content.decode()
    assert "没有找到" in client.get("/people/visit/terms/diagnosis_1", {"diagnosis_1": "zzzz"}).content.decode()
