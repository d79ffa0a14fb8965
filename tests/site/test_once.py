"""The same request twice does nothing twice; an outage is told and nothing of it is kept."""

import hashlib
import uuid
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import psycopg
import pytest
from django.db import OperationalError, connection, connections
from django.test import Client
from django.urls import reverse

import county as small
from catchment.kernel import clock, idempotency
from catchment.kernel.models import AuditEntry, KeptAnswer
from catchment.rooms.referral.models import Referral
from catchment.rooms.rulebook import queries as rulebook
from catchment.rooms.staff.queries import actor_of_post
from catchment.site import outages
from county import token_of


def body(county, **changes):
    return {
        "person": str(county.person.public_id), "to": {"facility": "H1", "service": "cardiology"}, "urgency": "urgent",
        "reason_code": "0", "diagnosis": "胸痛", "question": "请明确诊断", "send": {}, **changes,
    }  # fmt: skip


@pytest.fixture
def living(transactional_db, monkeypatch):
    """A very small county as of now, whose rows other connections see."""
    rulebook.forget()
    monkeypatch.setattr(small, "NOW", clock.now())
    yield small.build()
    rulebook.forget()


def post(client, actor, path, sent, key=None):
    headers = {"Authorization": f"Bearer {token_of(actor)}"}
    if key is not None:
        headers["Idempotency-Key"] = key
    return client.post(f"/api/v1{path}", sent, content_type="application/json", headers=headers)


@pytest.fixture
def key():
    return str(uuid.uuid4())


def test_the_same_key_and_body_give_the_first_answer_and_do_nothing_twice(client, county, key):
    first = post(client, county.village_doctor, "/referrals", body(county), key)
    entries = AuditEntry.objects.filter(event="referral.send").count()
    again = post(client, county.village_doctor, "/referrals", body(county), key)
    assert (first.status_code, again.status_code) == (201, 201)
    assert again.content == first.content
    assert again.headers["Idempotency-Replayed"] == "true"
    assert Referral.objects.count() == 1
    assert AuditEntry.objects.filter(event="referral.send").count() == entries == 1


def test_the_same_key_with_another_body_is_refused(client, county, key):
    post(client, county.village_doctor, "/referrals", body(county), key)
    other = post(client, county.village_doctor, "/referrals", body(county, question="另一个问题"), key)
    assert (other.status_code, other.json()["problems"][0]["field"]) == (422, "Idempotency-Key")
    assert Referral.objects.count() == 1


def test_another_post_with_the_same_key_is_another_request(client, county, key):
    at = f"/referrals/{post(client, county.village_doctor, '/referrals', body(county), key).json()['id']}"
    accepted = post(client, county.desk, f"{at}/accept", {}, key)
    assert accepted.json()["state"] == "accepted"


def test_a_refusal_is_given_again_and_leaves_nothing(client, county, key):
    at = f"/referrals/{post(client, county.village_doctor, '/referrals', body(county)).json()['id']}"
    first = post(client, county.desk, f"{at}/arrive", {}, key)
    post(client, county.desk, f"{at}/accept", {})
    again = post(client, county.desk, f"{at}/arrive", {}, key)
    assert (first.status_code, again.status_code) == (409, 409)
    assert again.headers["Idempotency-Replayed"] == "true"


def test_a_wrong_number_is_in_the_audit_whatever_the_key(client, county, key):
    at = f"/people/{county.person.public_id}/presence"
    refused = post(client, county.village_doctor, at, {"number": "999"}, key)
    assert refused.status_code == 422
    assert AuditEntry.objects.filter(event="relation.refused").count() == 1


@pytest.mark.parametrize("wrong", ["short", "x" * 201, "mit Leerzeichen", "键键键键键键键键"])
def test_a_key_that_is_none_is_refused(client, county, wrong):
    refused = post(client, county.village_doctor, "/referrals", body(county), wrong)
    assert refused.status_code == 422
    assert Referral.objects.count() == 0


def test_answers_are_forgotten_when_their_time_is_over(client, county, key):
    post(client, county.village_doctor, "/referrals", body(county), key)
    assert idempotency.expire() == 0
    KeptAnswer.objects.update(expires_at=clock.now() - timedelta(seconds=1))
    assert idempotency.expire() == 1


def test_another_post_cannot_see_an_answer(client, county, key):
    from catchment.kernel import wall

    post(client, county.village_doctor, "/referrals", body(county), key)
    for actor, seen in ((county.village_doctor, 1), (county.desk, 0)):
        wall.enter(actor_of_post(actor.post_id, user_id=None), at=clock.now(), terms=wall.Terms())
        assert KeptAnswer.objects.count() == seen
        wall.leave()


def test_a_key_in_flight_is_answered_with_a_time_to_come_again(living, key):
    place = living
    token_of(place.village_doctor)
    with psycopg.connect(_where()) as other:
        name = f"{place.village_doctor.post_id}:{key}"
        number = int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], "big", signed=True)
        other.execute("select pg_advisory_xact_lock(%s)", [number])
        answer = post(Client(), place.village_doctor, "/referrals", body(place), key)
        assert (answer.status_code, answer.json()["code"]) == (409, "in-flight")
        assert answer.headers["Retry-After"] == "1"
        other.rollback()
    assert post(Client(), place.village_doctor, "/referrals", body(place), key).status_code == 201


def test_twenty_at_once_with_one_key_create_one(living, key):
    place = living
    token_of(place.village_doctor)

    def ask(_n):
        try:
            for _attempt in range(200):
                answer = post(Client(), place.village_doctor, "/referrals", body(place), key)
                if answer.status_code != 409:
                    return answer.content
                assert answer.json()["code"] == "in-flight"
        finally:
            connections.close_all()

    with ThreadPoolExecutor(10) as pool:
        answers = set(pool.map(ask, range(20)))
    assert len(answers) == 1
    assert Referral.objects.count() == 1


def _where():
    given = connection.settings_dict
    return psycopg.conninfo.make_conninfo(
        host=given["HOST"], port=given["PORT"] or None, user=given["USER"], dbname=given["NAME"]
    )


def test_a_form_sent_twice_is_done_once(enter, county):
    client, page = enter(county.village_doctor), reverse("referral:new", args=[county.person.public_id])
    key = client.get(page).context["once"]
    sent = {
        "direction": "up", "to_service": county.cardiology.pk, "urgency": "urgent", "reason_code": "0", "diagnosis": "胸痛",
        "question": "请明确诊断", "reserve": "on", "idempotency_key": str(key), "do": "send",
    }  # fmt: skip
    first, second = client.post(page, sent), client.post(page, sent)
    assert (first.status_code, second.status_code) == (302, 302), first.content.decode()[:3000]
    assert first.url == second.url
    assert Referral.objects.exclude(state="draft").count() == 1


@pytest.mark.parametrize(
    ("cause", "code"),
    [
        (psycopg.errors.DeadlockDetected("deadlock 王秀英"), "busy"),
        (psycopg.errors.SerializationFailure(), "busy"),
        (psycopg.errors.LockNotAvailable(), "busy"),
        (psycopg.errors.DiskFull("No space left 王秀英"), "disk-full"),
        (psycopg.errors.QueryCanceled(), "too-slow"),
        (psycopg.errors.AdminShutdown(), "database-unavailable"),
        (psycopg.OperationalError("connection refused"), "database-unavailable"),
    ],
)
@pytest.mark.parametrize("path", ["/", "/api/v1/referrals", "/fhir/R4/Patient"])
def test_an_outage_is_told_without_what_went_wrong_inside(rf, cause, code, path):
    error = OperationalError("kept inside")
    error.__cause__ = cause
    answer = outages.answer(rf.get(path), error)
    told = answer.content.decode()
    assert answer.status_code == 503
    assert int(answer.headers["Retry-After"]) >= 1
    assert "王秀英" not in told
    assert "Traceback" not in told
    assert path == "/" or code in told


def test_a_defect_is_no_outage(rf):
    assert outages.answer(rf.get("/"), ValueError("x")) is None


@pytest.mark.parametrize("path", ["/", "/api/v1/referrals", "/fhir/R4/Patient"])
def test_a_database_that_is_gone_is_a_503_and_the_next_request_goes_on(living, monkeypatch, path):
    headers = {"Authorization": f"Bearer {token_of(living.desk)}"}
    connection.close()
    good = connection.settings_dict["HOST"]
    client = Client(raise_request_exception=False, headers=headers)
    monkeypatch.setitem(connection.settings_dict, "HOST", "/nowhere")
    gone = client.get(path)
    connection.close()
    monkeypatch.setitem(connection.settings_dict, "HOST", good)
    assert gone.status_code == 503
    assert "Retry-After" in gone.headers
    assert "Traceback" not in gone.content.decode()
    assert client.get("/api/v1/referrals").status_code == 200
