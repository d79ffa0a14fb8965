"""Reading and searching over HTTP: valid R4 in every answer, the right rows, nothing without permission."""

from datetime import timedelta

import orjson
import pytest

from catchment.kernel import clock
from catchment.kernel.models import AuditEntry
from catchment.rooms.people.models import Person
from catchment.rooms.record.models import FACT_MODELS, Encounter, Observation, Source
from catchment.rooms.staff.models import ApiToken, Post
from catchment.standards.fhir.validity import faults

TYPES = (
    "Patient", "Organization", "Location", "Practitioner", "PractitionerRole", "Encounter", "Condition", "Observation",
    "Procedure", "MedicationRequest", "AllergyIntolerance", "Immunization", "DiagnosticReport", "DocumentReference",
    "ServiceRequest",
)  # fmt: skip


def ids(response):
    return [entry["resource"]["id"] for entry in response.resource.get("entry", [])]


@pytest.mark.parametrize("kind", TYPES)
def test_every_type_is_searched_and_read_as_valid_r4(fhir, kind):
    found = fhir(kind)
    assert found.status_code == 200
    (entry,) = found.resource["entry"]
    assert entry["search"]["mode"] == "match"
    assert faults(entry["resource"]) == []
    single = fhir(f"{kind}/{entry['resource']['id']}")
    assert single.resource == entry["resource"]
    assert entry["fullUrl"].endswith(f"/fhir/R4/{kind}/{single.resource['id']}")


def test_a_read_tells_what_was_sent(fhir, sent):
    patient = fhir(f"Patient/{sent.public_id}").resource
    assert (patient["name"][0]["text"], patient["gender"], patient["birthDate"]) == ("林静", "female", "1970-05-06")
    assert {"system": "urn:hospital", "value": "MR-lin"} in patient["identifier"]
    (entry,) = fhir("Observation").resource["entry"]
    sugar = entry["resource"]
    assert sugar["valueQuantity"] == {"unit": "mmol/L", "value": 7.8}
    assert sugar["code"]["coding"][0] == {"system": "http://loinc.org", "code": "2339-0", "display": "血糖"}
    assert sugar["subject"]["reference"] == f"Patient/{sent.public_id}"
    assert sugar["effectiveDateTime"] == "2024-03-01T01:10:00.000Z"


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("Patient?name=林", 1),
        ("Patient?name=linj", 1),
        ("Patient?name=王", 0),
        ("Patient?identifier=MR-lin", 1),
        ("Patient?identifier=urn:hospital|MR-lin", 1),
        ("Patient?identifier=urn:other|MR-lin", 0),
        ("Patient?birthdate=1970-05-06", 1),
        ("Patient?birthdate=1970", 1),
        ("Patient?birthdate=ge1970-05-07", 0),
        ("Patient?birthdate=lt1970-05-07&birthdate=gt1970-05-05", 1),
        ("Patient?birthdate=1970-05-06&gender=male", 0),
        ("Patient?gender=male,female", 1),
        ("Patient?gender:not=male", 1),
        ("Patient?active=true", 1),
        ("Patient?phone=13800000001", 1),
        ("Organization?name=市立", 1),
        ("Organization?name:exact=市立", 0),
        ("Organization?name:contains=医院", 1),
        ("Location?status=active", 1),
        ("Practitioner?name=周", 1),
        ("PractitionerRole?active=true&role=specialist", 1),
        ("Encounter?status=finished&class=AMB", 1),
        ("Encounter?date=2024-03-01", 1),
        ("Encounter?date=ge2024-03-01T09:00:00%2B08:00&date=le2024-03", 1),
        ("Encounter?date=2024-02", 0),
        ("Condition?code=http://hl7.org/fhir/sid/icd-10|I10", 1),
        ("Condition?code=|I10", 0),
        ("Condition?clinical-status=active", 1),
        ("Condition?onset-date=2020-01", 1),
        ("Observation?code=2339-0,9999-9", 1),
        ("Observation?code=http://loinc.org|", 1),
        ("Observation?code=9999-9", 0),
        ("Observation?date=sa2024-03-01", 0),
        ("Observation?date=ne2023", 1),
        ("Observation?_lastUpdated=gt2000", 1),
        ("MedicationRequest?status=active", 1),
    ],
)
def test_a_search_finds_what_it_asks_for(fhir, query, found):
    response = fhir(query)
    assert response.status_code == 200, response.content.decode()
    assert len(ids(response)) == found


def test_searches_by_reference_take_every_form(fhir, sent):
    visit, key = Encounter.objects.get(), sent.public_id
    for text in (key, f"Patient/{key}", f"http://here/fhir/R4/Patient/{key}"):
        assert len(ids(fhir("Observation", {"patient": text}))) == 1
        assert len(ids(fhir("Observation", {"subject": text}))) == 1
    assert len(ids(fhir("Observation", {"encounter": visit.pk}))) == 1
    assert len(ids(fhir("Encounter", {"service-provider": f"Organization/{visit.facility.organization_id}"}))) == 1
    assert ids(fhir("Observation", {"patient": "00000000-0000-0000-0000-000000000000"})) == []
    assert fhir("Observation", {"patient": "Device/1"}).status_code == 400


def test_pages_follow_one_another_without_a_gap(fhir, sent):
    source, row = Source.objects.get(), Observation.objects.get()
    for number in range(24):
        at = row.at + timedelta(days=number)
        Observation.objects.create(
            person=sent, source=source, status="final", at=at, recorded_at=at, display=f"x{number}", value=number
        )
    address, seen = f"Observation?patient={sent.public_id}&_count=10", []
    while address:
        page = fhir(address)
        assert page.resource["total"] == 25
        seen += ids(page)
        links = {link["relation"]: link["url"] for link in page.resource["link"]}
        address = links["next"].split("/fhir/R4/")[1] if "next" in links else ""
    assert len(seen) == len(set(seen)) == 25
    assert len(ids(fhir("Observation?_count=3"))) == 3
    assert "total" not in fhir("Observation?_count=3").resource
    assert fhir("Observation?_summary=count&_total=accurate").resource["total"] == 25


@pytest.mark.parametrize(
    ("query", "status", "word"),
    [
        ("Patient?colour=red", 400, "colour"),
        ("Patient?name:phonetic=x", 400, "phonetic"),
        ("Patient?birthdate=yesterday", 400, "yesterday"),
        ("Patient?birthdate=2024-02-31", 400, "2024-02-31"),
        ("Patient?_count=many", 400, "_count"),
        ("Patient?_after=x", 400, "_after"),
        ("Patient?gender=", 400, "gender"),
        ("Patient?active=perhaps", 400, "perhaps"),
        ("Patient?_format=xml", 406, "xml"),
        ("Patient?name=%00", 400, "U+0000"),
        ("Patient/not-a-key", 404, "not-a-key"),
        ("Patient/00000000-0000-0000-0000-000000000000", 404, "Patient"),
        ("Observation/99999999", 404, "Observation"),
        ("Observation/99999999999999999999", 404, "Observation"),
        ("Account", 404, "Account"),
        ("Patient/1/2/3", 404, "1/2/3"),
        ("Patient/00000000-0000-0000-0000-000000000000/$everything", 404, "Patient"),
    ],
)
def test_what_cannot_be_answered_is_an_operation_outcome(fhir, query, status, word):
    response = fhir(query)
    assert response.status_code == status
    assert response.resource["resourceType"] == "OperationOutcome"
    assert word in response.resource["issue"][0]["diagnostics"]


def test_an_unknown_parameter_is_passed_over_only_when_asked(fhir):
    response = fhir("Patient?colour=red", Prefer="handling=lenient")
    assert len(ids(response)) == 1
    assert "colour" not in response.resource["link"][0]["url"]


def test_writing_is_not_offered(fhir):
    response = fhir("Patient", {"resourceType": "Patient"}, method="post")
    assert (response.status_code, response.resource["resourceType"]) == (405, "OperationOutcome")


@pytest.mark.parametrize("token", ["", "wrong"])
def test_nobody_reads_without_a_token(fhir, token):
    for address in ("Patient", "Patient/x", "Patient/x/$everything"):
        response = fhir(address, token=token)
        assert (response.status_code, response.headers["WWW-Authenticate"]) == (401, "Bearer")


def test_a_token_that_has_ended_and_a_role_that_may_not_read_are_refused(fhir):
    Post.objects.update(role="insurance-officer")
    assert fhir("Patient").status_code == 403
    Post.objects.update(role="interface")
    assert fhir("Patient").status_code == 200
    ApiToken.objects.update(revoked_at=clock.now())
    assert fhir("Patient").status_code == 401


def test_each_read_of_a_person_is_audited(fhir, sent):
    AuditEntry.objects.all().delete()
    fhir(f"Patient/{sent.public_id}")
    fhir("Observation")
    fhir(f"Patient/{sent.public_id}/$everything")
    fhir("Organization")
    fhir("Observation?code=nothing")
    entries = AuditEntry.objects.filter(event="person.read").order_by("pk")
    assert [(one.event, one.person_id, one.detail["how"]) for one in entries] == [
        ("person.read", sent.pk, "read"),
        ("person.read", sent.pk, "search"),
        ("person.read", sent.pk, "everything"),
    ]


def test_everything_is_the_person_the_record_and_who_and_where(fhir, sent):
    response = fhir(f"Patient/{sent.public_id}/$everything")
    found = [entry["resource"] for entry in response.resource["entry"]]
    assert found[0]["resourceType"] == "Patient"
    held = {one["resourceType"] for one in found}
    assert held >= {"Encounter", "Condition", "Observation", "Organization", "Location", "Practitioner"}
    named = {f"{one['resourceType']}/{one['id']}" for one in found}
    for reference in _references(found):
        assert reference in named
    only = fhir(f"Patient/{sent.public_id}/$everything?_type=Observation,Patient")
    assert {entry["resource"]["resourceType"] for entry in only.resource["entry"]} == {"Observation", "Patient"}
    later = fhir(f"Patient/{sent.public_id}/$everything?start=2025-01-01&_type=Observation")
    assert "entry" not in later.resource
    assert fhir(f"Patient/{sent.public_id}/$everything?x=1").status_code == 400


def _references(value):
    if isinstance(value, dict):
        if "reference" in value:
            yield value["reference"]
        for inner in value.values():
            yield from _references(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _references(inner)


def test_the_number_of_queries_does_not_grow_with_the_page(fhir, sent, django_assert_max_num_queries):
    source = Source.objects.get()
    at = Observation.objects.get().at
    for number in range(50):
        Observation.objects.create(
            person=sent, source=source, status="final", at=at, recorded_at=at, display=f"x{number}", value=number
        )
        Person.objects.create(name=f"人{number}", sex="male", created_at=at, updated_at=at)
    fhir("Organization")
    with django_assert_max_num_queries(6):
        fhir(f"Observation?patient={sent.public_id}&_count=50")


def test_the_capability_statement_is_open_and_tells_what_is_offered(fhir):
    statement = fhir("metadata", token="").resource
    assert statement["fhirVersion"] == "4.0.1"
    offered = {one["type"]: one for one in statement["rest"][0]["resource"]}
    assert set(offered) >= set(TYPES)
    assert {"name": "birthdate", "type": "date"} in offered["Patient"]["searchParam"]
    assert offered["Patient"]["operation"][0]["name"] == "everything"


@pytest.mark.parametrize("kind", sorted(FACT_MODELS))
def test_rows_with_nothing_but_what_must_be_there_are_valid(fhir, sent, kind):
    model = FACT_MODELS[kind]
    at = clock.now()
    told = {"klass": "OTH"} if kind == "encounter" else {"display": ""}
    row = model.objects.create(
        person=sent, source=Source.objects.get(), status="entered-in-error", at=at, recorded_at=at, **told
    )
    address = {"allergy": "AllergyIntolerance", "medication": "MedicationRequest", "report": "DiagnosticReport",
               "document": "DocumentReference", "request": "ServiceRequest"}.get(kind, kind.capitalize())  # fmt: skip
    assert fhir(f"{address}/{row.pk}").status_code == 200


def test_a_signed_in_post_reads_too(fhir, client, sent, django_user_model):
    from catchment.site.middleware import POST_KEY

    post = Post.objects.get()
    post.practitioner.user = django_user_model.objects.create_user("doctor")
    post.practitioner.save()
    client.force_login(post.practitioner.user)
    session = client.session
    session[POST_KEY] = post.pk
    session.save()
    assert orjson.loads(client.get("/fhir/R4/Patient").content)["resourceType"] == "Bundle"


def test_a_search_by_form_finds_the_same_and_leaves_nothing_in_an_address(fhir, sent):
    asked = {"identifier": "urn:hospital|MR-lin", "gender": "female"}
    form = {"method": "post", "content_type": "application/x-www-form-urlencoded"}
    by_form = fhir("Patient/_search", "identifier=urn:hospital|MR-lin&gender=female", **form)
    assert ids(by_form) == ids(fhir("Patient", asked)) == [str(sent.public_id)]
    assert "/_search" not in by_form.resource["link"][0]["url"]
    assert fhir("Patient/_search", "colour=red", **form).status_code == 400
    assert fhir("Patient/_search", "{}", method="post", content_type="application/json").status_code == 415
    assert fhir("Patient/_search", token="", **form).status_code == 401
    assert fhir("Patient/_search").status_code == 405


@pytest.mark.parametrize(
    "query", ["identifier=MR-secret", "identifier=MR-secret&colour=red", "phone=MR-secret&_count=x"]
)
def test_what_is_searched_by_stands_in_no_log_and_no_audit(fhir, caplog, query):
    caplog.set_level("INFO")
    fhir(f"Patient?{query}")
    fhir("Patient/MR-secret-address")
    assert "MR-secret" not in caplog.text.replace("MR-secret-address", "")
    told = AuditEntry.objects.values_list("detail", "subject_kind", "actor_name")
    assert "MR-secret" not in str(list(told))
