"""Both APIs asked as their own schemas say, and against what they say: every answer is an answer, and of the told form.

Cases come from schemathesis: for the native API from its OpenAPI, for FHIR from what its CapabilityStatement declares.
"""

import json
from datetime import timedelta
from hashlib import sha256
from time import monotonic
from urllib.parse import quote, urlencode
from uuid import UUID

import jsonschema
import pytest
import schemathesis
from django.db import transaction
from hypothesis import HealthCheck, Phase, given, seed, settings
from schemathesis import GenerationMode

from catchment.kernel import clock
from catchment.rooms.referral import actions
from catchment.rooms.referral.types import ReferralForm
from catchment.rooms.staff.models import ApiToken
from catchment.site.api import api
from catchment.site.fhir import capability

MODES = [GenerationMode.POSITIVE, GenerationMode.NEGATIVE]
OPENAPI = json.loads(json.dumps(api.get_openapi_schema(), default=str))
NATIVE = schemathesis.openapi.from_dict(OPENAPI)
SLOWEST = 8  # seconds for one answer, on a machine that does other things besides


def fhir_schema():
    """What the CapabilityStatement says as OpenAPI: each type searched with its own parameters, read by its key."""
    told = capability.statement("http://testserver/fhir/R4", clock.now())
    paths = {"/fhir/R4/metadata": {"get": {"responses": {"200": {"description": "ok"}}}}}
    for one in told["rest"][0]["resource"]:
        asked = [{"name": p["name"], "in": "query", "schema": {"type": "string"}} for p in one.get("searchParam", [])]
        asked += [
            {"name": name, "in": "query", "schema": {"type": "string"}}
            for name in ("_count", "_sort", "_include", "_cursor")
        ]
        key = {
            "name": "key",
            "in": "path",
            "required": True,
            "schema": {"type": "string", "pattern": "^[A-Za-z0-9.-]{1,64}$"},
        }
        answers = {"responses": {"200": {"description": "ok"}}}
        paths[f"/fhir/R4/{one['type']}"] = {"get": {"parameters": asked, **answers}}
        paths[f"/fhir/R4/{one['type']}/{{key}}"] = {"get": {"parameters": [key], **answers}}
    return schemathesis.openapi.from_dict(
        {"openapi": "3.0.2", "info": {"title": "FHIR", "version": "4"}, "paths": paths}
    )


@pytest.fixture
def headers(county):
    now = clock.now()
    form = ReferralForm(
        to_service_id=county.cardiology.pk, urgency="urgent", reason_code="0", diagnosis="胸痛", question="请诊"
    )
    draft = actions.draft_referral(actor=county.village_doctor, now=now, person_id=county.person.pk, form=form)
    actions.send_referral(actor=county.village_doctor, now=now, referral_id=draft.pk)
    known.update(public_id=str(draft.public_id), person=str(county.person.public_id))
    ApiToken.objects.create(
        digest=sha256(b"fuzz").hexdigest(), name="t", post_id=county.village_doctor.post_id, created_at=now,
        expires_at=now + timedelta(days=1),
    )  # fmt: skip
    return {"Authorization": "Bearer fuzz"}


known: dict[str, str] = {}


def send(client, headers, case):
    """One case as a request; identifiers that are well-formed become those of the county, so that more is reached."""
    path = case.path
    for name, value in (case.path_parameters or {}).items():
        whose = "person" if case.path.startswith("/api/v1/people/") else name
        path = path.replace(f"{{{name}}}", quote(str(_known(whose, value)), safe="") or "%20")
    query = urlencode(_texts(case.query), doseq=True, errors="surrogatepass") if case.query else ""
    body = case.body if case.body is not schemathesis.core.NOT_SET else None
    raw = json.dumps(_named(body), default=str).encode("utf-8", "surrogatepass") if body is not None else b""
    began = monotonic()
    with transaction.atomic():
        answer = client.generic(
            case.method.upper(), f"{path}?{query}", raw, content_type="application/json", headers=headers
        )
    assert monotonic() - began < SLOWEST, case.method + path
    return answer


def _known(name, value):
    try:
        UUID(str(value))
    except ValueError:
        return value
    return known.get(name, value)


def _named(body):
    if isinstance(body, dict) and isinstance(body.get("person"), str):
        return {**body, "person": _known("person", body["person"])}
    return body


def _texts(query):
    return {str(name): value if isinstance(value, list) else str(value) for name, value in query.items()}


def is_answer(case, answer):
    assert answer.status_code < 500, (case.method, case.path, case.query, case.body, answer.content[:400])
    assert b"Traceback" not in answer.content
    if answer.status_code >= 400 and case.path.startswith("/api/"):
        assert set(answer.json()) >= {"code", "message"}, answer.content[:200]
    if (
        case.path.startswith("/fhir/")
        and answer.content
        and answer.headers["Content-Type"].startswith("application/fhir+json")
    ):
        assert answer.json()["resourceType"]
    schema = _told(case, answer.status_code)
    if schema:
        jsonschema.validate(answer.json(), {**schema, "components": OPENAPI["components"]})


def _told(case, status):
    operation = OPENAPI["paths"].get(case.path, {}).get(case.method.lower(), {})
    content = operation.get("responses", {}).get(str(status), {}).get("content", {})
    return content.get("application/json", {}).get("schema")


def try_all(schema, client, headers, examples):
    """Every operation, as told and otherwise; how many answers were good, so that nobody takes refusals for a success."""
    good = 0
    for result in schema.get_all_operations():
        operation = result.ok()
        for mode in MODES:

            @seed(1)
            @settings(
                max_examples=examples,
                deadline=None,
                database=None,
                phases=[Phase.generate],
                suppress_health_check=list(HealthCheck),
            )
            @given(case=operation.as_strategy(generation_mode=mode))
            def attempt(case):
                nonlocal good
                answer = send(client, headers, case)
                is_answer(case, answer)
                good += answer.status_code < 300

            try:
                attempt()
            except Exception as error:
                if "Unsatisfiable" not in type(error).__name__:  # nothing is wrong that could be said wrongly
                    raise
    return good


def test_the_native_api_answers_what_its_schema_allows_and_forbids(client, headers):
    assert try_all(NATIVE, client, headers, 4) > 5


def test_fhir_answers_what_its_statement_allows_and_forbids(client, headers):
    assert try_all(fhir_schema(), client, headers, 2) > 10


@pytest.mark.slow
@pytest.mark.parametrize("schema", [NATIVE, None], ids=["native", "fhir"])
def test_both_answer_at_length(client, headers, schema):
    assert try_all(schema or fhir_schema(), client, headers, 40) > 25
