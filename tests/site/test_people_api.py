"""Residents over the native API: registered and put right by the same rules as on the page."""

import json
import re
from datetime import date
from pathlib import Path

import pytest

from catchment.kernel.models import AuditEntry
from catchment.rooms.people.models import Person, PersonIdentifier
from catchment.standards.identity.identifiers import make_resident_id
from county import token_of

CARD = make_resident_id("999001", date(1958, 3, 2), 2)
PAGE = Path(__file__).resolve().parents[2] / "docs" / "how-to" / "register-a-resident.md"


@pytest.fixture
def call(client, county):
    def send(actor, method, path, body=None, **more):
        headers = {"Authorization": f"Bearer {token_of(actor)}", **more}
        return getattr(client, method)(f"/api/v1{path}", body, content_type="application/json", headers=headers)

    return send


def told(**changes):
    card = {"system": "resident-id", "value": CARD}
    return {"name": "李大山", "identifiers": [card], "area": "990100100201", "primary_facility": "V1", **changes}


def test_a_resident_is_registered_and_changed(call, county):
    made = call(county.village_doctor, "post", "/people", told(lives_with=str(county.person.public_id)))
    assert made.status_code == 201, made.content
    said = made.json()
    assert (said["sex"], said["birth_date"], said["primary_facility"]) == ("female", "1958-03-02", "V1")
    at = f"/people/{said['id']}"
    changed = call(county.village_doctor, "patch", at, {"address": "三组", "other_names": ["李山"]})
    assert (changed.status_code, changed.json()["address"], changed.json()["area"]) == (200, "三组", "990100100201")
    person = Person.objects.get(public_id=said["id"])
    county.person.refresh_from_db()
    assert person.household == county.person.household
    assert PersonIdentifier.objects.get(person=person).value == CARD
    assert AuditEntry.objects.get(event="person.update").detail == {"fields": ["address", "other_names"]}


def test_the_example_of_the_documentation_is_taken(call, county):
    body = json.loads(re.search(r"```json\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL).group(1))
    answer = call(county.village_doctor, "post", "/people", body)
    assert answer.status_code == 201, answer.content


def test_every_problem_names_its_field(call, county):
    wrong = told(name=" ", phone="12", identifiers=[{"system": "resident-id", "value": "1"}])
    refused = call(county.village_doctor, "post", "/people", wrong)
    assert refused.status_code == 422
    assert {one["field"] for one in refused.json()["problems"]} == {"name", "phone", "resident_id"}
    nowhere = call(county.village_doctor, "post", "/people", told(area="1")).json()
    assert [one["field"] for one in nowhere["problems"]] == ["area"]
    assert call(county.village_doctor, "post", "/people", told(nmae="x")).status_code == 422


def test_who_may_not_register_is_refused(call, county):
    assert call(county.manager, "post", "/people", told()).status_code == 403
    assert call(county.manager, "patch", f"/people/{county.person.public_id}", {"name": "x"}).status_code == 403
    assert not Person.objects.filter(name="李大山").exists()


def test_a_stranger_is_not_changed(call, county):
    from county import make_person

    stranger = make_person("何远行", county.person.area, county.village)
    assert call(county.specialist, "patch", f"/people/{stranger.public_id}", {"name": "x"}).status_code == 403
    stranger.refresh_from_db()
    assert stranger.name == "何远行"


def test_a_likely_double_is_counted(call, county):
    twin = {"name": county.person.name, "sex": "female", "birth_date": "1958-05-04"}
    held = call(county.village_doctor, "post", "/people", twin)
    assert (held.status_code, held.json()["code"]) == (409, "suspected")
    assert held.json()["facts"] == {"people": [str(county.person.public_id)]}
    assert Person.objects.filter(name=county.person.name).count() == 1
    assert call(county.village_doctor, "post", "/people", {**twin, "anyway": True}).json()["suspected"] == 1


@pytest.fixture
def at(county):
    return f"/people/{county.person.public_id}"


def test_a_resident_s_data_is_read_as_on_the_page_and_the_look_is_noted(call, county, at):
    PersonIdentifier.objects.create(person=county.person, system="resident-id", value=CARD)
    said = call(county.village_doctor, "get", at).json()
    assert (said["name"], said["primary_facility"], said["deceased_on"]) == (county.person.name, "V1", None)
    assert said["identifiers"] == [{"system": "resident-id", "value": f"{CARD[:3]}{'*' * 11}{CARD[-4:]}"}]
    assert AuditEntry.objects.filter(event="person.read", person_id=county.person.pk).count() == 1
    assert call(county.manager, "get", at).status_code == 403


def test_a_stranger_is_not_read(call, county):
    from county import make_person

    stranger = make_person("何远行", county.person.area, county.village)
    for path in ("", "/contract"):
        assert call(county.specialist, "get", f"/people/{stranger.public_id}{path}").status_code == 403
    assert call(county.specialist, "get", "/people/00000000-0000-4000-8000-000000000000").status_code == 404


def test_a_resident_moves_to_a_household(call, county, at):
    founded = call(county.village_doctor, "post", f"{at}/household", {}).json()
    assert (founded["heads_household"], founded["household"]) == (True, [])
    mate = call(county.village_doctor, "post", "/people", told()).json()["id"]
    joined = call(county.village_doctor, "post", f"/people/{mate}/household", {"lives_with": at[8:]}).json()
    assert [one["id"] for one in joined["household"]] == [at[8:]]
    refused = call(county.village_doctor, "post", f"{at}/household", {"lives_with": at[8:]})
    assert refused.status_code == 422


def test_the_responsible_facility_moves_with_a_reason_by_those_concerned(call, county, at):
    assert call(county.specialist, "post", f"{at}/facility", {"facility": "T1", "reason": "搬家"}).status_code == 403
    wrong = call(county.village_doctor, "post", f"{at}/facility", {"facility": "", "reason": "x"})
    assert [one["field"] for one in wrong.json()["problems"]] == ["facility"]
    none = call(county.village_doctor, "post", f"{at}/facility", {"facility": "T1", "reason": " "})
    assert [one["field"] for one in none.json()["problems"]] == ["reason"]
    moved = call(county.village_doctor, "post", f"{at}/facility", {"facility": "T1", "reason": "搬家"})
    assert (moved.status_code, moved.json()["primary_facility"]) == (200, "T1")


def test_a_death_is_recorded_and_taken_back(call, county, at):
    late = call(county.village_doctor, "post", f"{at}/death", {"deceased_on": "2999-01-01"})
    assert [one["field"] for one in late.json()["problems"]] == ["deceased_on"]
    said = call(county.village_doctor, "post", f"{at}/death", {"deceased_on": "2026-01-02"}).json()
    assert said["deceased_on"] == "2026-01-02"
    assert call(county.village_doctor, "post", f"{at}/death", {"deceased_on": None}).json()["deceased_on"] is None


def test_a_contract_is_signed_renewed_and_ended(call, county, at):
    from catchment.rooms.staff.models import Post

    doctor = Post.objects.select_related("practitioner").get(pk=county.village_doctor.post_id).practitioner.code
    wanted = {"doctor": doctor, "since": "2026-01-01", "agreed_until": "2026-03-31"}
    signed = call(county.village_doctor, "post", f"{at}/contract", wanted)
    assert (signed.status_code, signed.json()["present"]) == (201, None)
    assert [one["until"] for one in signed.json()["all"]] == ["2026-04-01"]
    renewed = {**wanted, "since": "2026-04-01", "agreed_until": None}
    assert call(county.village_doctor, "post", f"{at}/contract", renewed).json()["present"]["doctor"] == doctor
    over = call(county.village_doctor, "post", f"{at}/contract/end", {"until": "2026-05-01", "reason": "迁出"})
    assert (over.status_code, over.json()["present"]) == (200, None)
    assert call(county.village_doctor, "get", f"{at}/contract").json()["all"][0]["end_reason"] == "迁出"
    foreign = call(county.township_doctor, "post", f"{at}/contract", wanted).json()
    assert [one["field"] for one in foreign["problems"]] == ["doctor"]


def test_a_death_sent_twice_under_one_key_is_recorded_once(call, county, at):
    key = {"Idempotency-Key": "death-0001"}
    for _again in range(2):
        assert (
            call(county.village_doctor, "post", f"{at}/death", {"deceased_on": "2026-01-02"}, **key).status_code == 200
        )
    assert AuditEntry.objects.filter(event="person.deceased").count() == 1


def test_a_token_without_the_scope_only_reads(client, county, at):
    from catchment.rooms.staff.models import ApiToken

    headers = {"Authorization": f"Bearer {token_of(county.village_doctor)}"}
    ApiToken.objects.update(scopes=["people.read", "people.search"])
    assert client.get(f"/api/v1{at}", headers=headers).status_code == 200
    for path, body in (
        ("/death", {"deceased_on": "2026-01-02"}), ("/household", {}), ("/facility", {"facility": "T1", "reason": "x"}),
        ("/contract/end", {"until": "2026-05-01", "reason": "x"}),
    ):  # fmt: skip
        answer = client.post(f"/api/v1{at}{path}", body, content_type="application/json", headers=headers)
        assert answer.status_code == 403, path
