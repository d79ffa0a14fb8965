"""The native API: the same rules as on the page, told in a form that programs can act on."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from catchment.kernel import clock
from catchment.rooms.staff.models import ApiToken
from county import token_of


@pytest.fixture
def call(client, county):
    def send(actor, method, path, body=None):
        headers = {"Authorization": f"Bearer {token_of(actor)}"}
        return getattr(client, method)(f"/api/v1{path}", body, content_type="application/json", headers=headers)

    return send


def body(county, **changes):
    base = {
        "person": str(county.person.public_id),
        "to": {"facility": "H1", "service": "cardiology"},
        "urgency": "urgent",
        "reason_code": "0",
        "diagnosis": "胸痛",
        "question": "请明确诊断",
        "send": {},
    }
    return {**base, **changes}


def test_a_referral_is_created_accepted_and_closed_over_http(call, county):
    made = call(county.village_doctor, "post", "/referrals", body(county))
    assert made.status_code == 201, made.content
    at = f"/referrals/{made.json()['id']}"
    assert made.json()["slot_at"] is not None
    assert call(county.desk, "post", f"{at}/accept", {}).json()["state"] == "accepted"
    assert call(county.desk, "post", f"{at}/arrive", {}).json()["state"] == "arrived"
    letter = {"letter": {"diagnoses": [{"display": "心绞痛"}], "advice": "坚持服药"}}
    assert call(county.specialist, "post", f"{at}/answer", letter).json()["state"] == "answered"
    assert call(county.village_doctor, "post", f"{at}/take-over", {}).json()["state"] == "taken-over"
    closed = call(county.village_doctor, "post", f"{at}/follow-up", {"text": "病情平稳"}).json()
    assert closed["state"] == "closed"
    assert closed["actions"] == []
    assert len(closed["history"]) == 7


def test_a_step_asks_few_questions(client, county):
    letter = {"letter": {"diagnoses": [{"display": "心绞痛"}], "advice": "坚持服药"}}
    counted = {}

    def asked(actor, verb, path, given):
        headers = {"Authorization": f"Bearer {token_of(actor)}"}
        client.get("/api/v1/referrals?limit=1", headers=headers)
        with CaptureQueriesContext(connection) as caught:
            answer = client.post(f"/api/v1{path}", given, content_type="application/json", headers=headers)
        counted[verb] = len([one for one in caught if "rulebook_edition" not in one["sql"]])
        return answer.json()["id"]

    at = f"/referrals/{asked(county.village_doctor, 'create', '/referrals', body(county))}"
    asked(county.desk, "accept", f"{at}/accept", {})
    asked(county.desk, "arrive", f"{at}/arrive", {})
    asked(county.specialist, "answer", f"{at}/answer", letter)
    asked(county.village_doctor, "take-over", f"{at}/take-over", {})
    asked(county.village_doctor, "follow-up", f"{at}/follow-up", {"text": "病情平稳"})
    most = {"create": 27, "accept": 15, "arrive": 15, "answer": 13, "take-over": 14, "follow-up": 12}
    assert all(counted[verb] <= most[verb] for verb in most), counted


def test_what_may_be_done_is_offered_with_why_not(call, county):
    at = f"/referrals/{call(county.village_doctor, 'post', '/referrals', body(county)).json()['id']}"
    offered = {one["verb"]: one for one in call(county.village_doctor, "get", at).json()["actions"]}
    assert offered["withdraw"]["allowed"]
    assert offered["accept"]["code"] == "side"
    refused = call(county.village_doctor, "post", f"{at}/accept", {})
    assert (refused.status_code, refused.json()["code"]) == (403, "side")


def test_a_step_out_of_turn_is_refused_and_changes_nothing(call, county):
    at = f"/referrals/{call(county.village_doctor, 'post', '/referrals', body(county)).json()['id']}"
    refused = call(county.desk, "post", f"{at}/arrive", {})
    assert (refused.status_code, refused.json()["code"]) == (409, "state")
    assert call(county.desk, "get", at).json()["state"] == "sent"


def test_problems_name_their_fields(call, county):
    answer = call(county.village_doctor, "post", "/referrals", body(county, reason_code="77"))
    assert answer.status_code == 422
    assert answer.json()["problems"][0]["field"] == "reason_code"


def test_a_misspelt_field_is_told(call, county):
    answer = call(county.village_doctor, "post", "/referrals", body(county, urgancy="urgent"))
    assert answer.status_code == 422
    assert answer.json()["problems"][0]["field"].endswith("urgancy")


def test_without_a_token_nothing_is_told(client, county):
    assert client.get("/api/v1/referrals").status_code == 401


def test_a_revoked_token_opens_nothing(call, client, county):
    call(county.desk, "get", "/referrals")
    ApiToken.objects.update(revoked_at=clock.now())
    answer = client.get("/api/v1/referrals", headers={"Authorization": f"Bearer token-{county.desk.post_id}"})
    assert answer.status_code == 401


def test_destinations_come_with_reasons(call, county):
    found = call(
        county.village_doctor, "get", f"/people/{county.person.public_id}/destinations?diagnosis=I21.900"
    ).json()
    assert found[0]["service"] == "cardiology"
    assert found[0]["reasons"]


def test_the_api_describes_itself(client):
    paths = client.get("/api/v1/openapi.json").json()["paths"]
    assert "/api/v1/referrals/{public_id}/{verb}" in paths
