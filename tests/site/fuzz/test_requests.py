"""Whatever is sent, the answer is an answer: no 5xx, no traceback, nothing carried out that was only written."""

import json
import uuid
from datetime import timedelta
from hashlib import sha256

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from catchment.kernel import clock
from catchment.rooms.people.models import Person
from catchment.rooms.referral.models import Referral
from catchment.rooms.staff.models import ApiToken

QUICK = settings(
    max_examples=40, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
HOSTILE = [
    "'; drop table people_person; --", "' or 1=1 --", "{{ 7*7 }}", "{% load static %}", "${7*7}", "%s%s%n", "\x00", "\ud7ff\ufeff",
    "../../etc/passwd", "<script>alert(1)</script>", "=cmd|' /C calc'!A0", "😀" * 50, "９９９", "%", "_", "\\", "a" * 5000,
]  # fmt: skip
text = st.one_of(st.sampled_from(HOSTILE), st.text(max_size=60))
tree = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=True) | text,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(text, inner, max_size=4),
    max_leaves=12,
)
FIELDS = (
    "person",
    "to",
    "urgency",
    "reason_code",
    "diagnosis",
    "diagnosis_code",
    "question",
    "parts",
    "letter",
    "send",
    "wants_bed",
)


@pytest.fixture
def headers(county):
    now = clock.now()
    ApiToken.objects.create(
        digest=sha256(b"fuzz").hexdigest(), name="t", post_id=county.village_doctor.post_id, created_at=now,
        expires_at=now + timedelta(days=1),
    )  # fmt: skip
    return {"Authorization": "Bearer fuzz"}


def is_answer(response):
    assert response.status_code < 500, response.content[:300]
    assert b"Traceback" not in response.content
    return response


@QUICK
@given(given_body=st.dictionaries(st.sampled_from(FIELDS), tree, max_size=8))
def test_the_api_answers_whatever_a_referral_says(client, county, headers, given_body):
    base = {
        "person": str(county.person.public_id),
        "to": {"facility": "H1", "service": "cardiology"},
        "reason_code": "0",
    }
    sent = json.dumps({**base, **given_body})
    keyed = {**headers, "Idempotency-Key": str(uuid.uuid4())}
    is_answer(client.post("/api/v1/referrals", sent, content_type="application/json", headers=keyed))
    assert Person.objects.count() == 1


@QUICK
@given(
    raw=st.binary(max_size=400),
    kind=st.sampled_from(["application/json", "text/plain", "multipart/form-data", "application/xml"]),
)
def test_the_api_answers_bytes_that_are_nothing(client, county, headers, raw, kind):
    is_answer(client.generic("POST", "/api/v1/referrals", raw, content_type=kind, headers=headers))
    assert Referral.objects.count() == 0


@pytest.mark.parametrize("depth", [50, 5_000, 100_000])
def test_the_api_answers_what_is_nested_without_end(client, county, headers, depth):
    raw = b'{"send":' * depth + b"1" + b"}" * depth
    is_answer(client.generic("POST", "/api/v1/referrals", raw, content_type="application/json", headers=headers))


def test_what_is_too_large_is_refused(client, county, headers):
    raw = b'{"question": "' + b"a" * (11 * 1024 * 1024) + b'"}'
    answer = is_answer(
        client.generic("POST", "/api/v1/referrals", raw, content_type="application/json", headers=headers)
    )
    assert answer.status_code in {400, 413, 422}


@QUICK
@given(verb=text, body=st.dictionaries(text, tree, max_size=3))
def test_the_api_answers_steps_that_are_none(client, county, headers, verb, body):
    from urllib.parse import quote

    path = f"/api/v1/referrals/{uuid.uuid4()}/{quote(verb or 'x', safe='')}"
    is_answer(client.post(path, json.dumps(body), content_type="application/json", headers=headers))


@QUICK
@given(kind=st.sampled_from(["Patient", "Observation", "Encounter", "ServiceRequest", "Task"]), asked=st.dictionaries(
    st.sampled_from(["_id", "name", "identifier", "patient", "date", "code", "_count", "_sort", "status", "birthdate", "_include"]),
    text, max_size=3,
))  # fmt: skip
def test_fhir_search_answers_whatever_is_asked(client, county, headers, kind, asked):
    is_answer(client.get(f"/fhir/R4/{kind}", asked, headers=headers))


@QUICK
@given(words=text)
def test_search_takes_words_as_words(enter, county, words):
    client = enter(county.village_doctor)
    is_answer(client.post("/people/", {"q": words}))
    assert Person.objects.count() == 1
