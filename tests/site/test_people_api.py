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
    def send(actor, method, path, body):
        headers = {"Authorization": f"Bearer {token_of(actor)}"}
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
