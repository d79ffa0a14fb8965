"""The referral as ServiceRequest and Task: valid R4 in every state, only for those it concerns."""

import hashlib
from datetime import timedelta

import orjson
import pytest

from catchment.kernel import clock
from catchment.rooms.record.models import ServiceRequest, Source
from catchment.rooms.referral import actions
from catchment.rooms.referral.models import Referral
from catchment.rooms.referral.types import LetterForm, ReferralForm, State
from catchment.rooms.staff.models import ApiToken
from catchment.site.fhir.mapping.referral import REQUEST_STATUS, TASK_STATUS
from catchment.standards.fhir.systems import REQUIRED_CODES
from catchment.standards.fhir.validity import faults


@pytest.fixture
def referral(county) -> Referral:
    """A referral that has been sent with a slot held."""
    form = ReferralForm(
        to_service_id=county.cardiology.pk, urgency="urgent", reason_code="0", indication_code="1103",
        diagnosis_code="R07.400", diagnosis="胸痛", question="反复胸痛三天，请明确诊断", treatment="已服阿司匹林",
    )  # fmt: skip
    drafted = actions.draft_referral(
        actor=county.village_doctor, now=clock.now(), person_id=county.person.pk, form=form
    )
    return actions.send_referral(actor=county.village_doctor, now=clock.now(), referral_id=drafted.pk)


@pytest.fixture
def ask(client, county):
    """Ask a FHIR address as an actor; answers with the resource, checked against R4."""

    def as_actor(actor, address, data=None, *, status=200):
        raw, now = f"token-{actor.post_id}", clock.now()
        ApiToken.objects.get_or_create(
            digest=hashlib.sha256(raw.encode()).hexdigest(),
            defaults={"name": "t", "post_id": actor.post_id, "created_at": now, "expires_at": now + timedelta(days=1)},
        )
        response = client.get(f"/fhir/R4/{address}", data, headers={"Authorization": f"Bearer {raw}"})
        resource = orjson.loads(response.content)
        assert (response.status_code, faults(resource)) == (status, [])
        return resource

    return as_actor


def step(name, actor, referral, **more):
    return getattr(actions, f"{name}_referral")(actor=actor, now=clock.now(), referral_id=referral.pk, **more)


def found(bundle):
    return [entry["resource"] for entry in bundle.get("entry", [])]


def test_a_sent_referral_reads_as_request_and_task(ask, county, referral):
    request = ask(county.desk, f"ServiceRequest/{referral.public_id}")
    assert (request["status"], request["intent"], request["priority"]) == ("active", "order", "urgent")
    assert request["identifier"] == [{"value": referral.number}]
    assert request["subject"]["reference"] == f"Patient/{county.person.public_id}"
    assert request["requester"]["reference"] == f"PractitionerRole/{county.village_doctor.post_id}"
    assert request["performer"][0]["reference"] == f"Organization/{county.hospital.organization_id}"
    assert [reason["coding"][0]["code"] for reason in request["reasonCode"]] == ["R07.400", "0"]
    assert [note["text"] for note in request["note"]] == ["反复胸痛三天，请明确诊断", "已服阿司匹林"]
    assert request["occurrenceDateTime"].startswith(referral.booking.slot.starts_at.isoformat()[:16])
    task = ask(county.desk, f"Task/{referral.public_id}")
    assert (task["status"], task["businessStatus"]["coding"][0]["code"]) == ("requested", "sent")
    assert task["focus"]["reference"] == f"ServiceRequest/{referral.public_id}"
    assert task["for"] == request["subject"]
    assert task["owner"]["reference"] == f"Organization/{county.hospital.organization_id}"
    assert task["restriction"]["period"]["end"][:16] == referral.due_at.isoformat()[:16]


def test_the_loop_is_followed_to_its_end(ask, county, referral):
    def told():
        key = referral.public_id
        return ask(county.desk, f"Task/{key}"), ask(county.village_doctor, f"ServiceRequest/{key}")["status"]

    step("accept", county.desk, referral)
    assert told()[0]["status"] == "accepted"
    step("arrive", county.desk, referral)
    assert told()[0]["status"] == "in-progress"
    letter = LetterForm(diagnoses=({"code": "I20.000", "display": "不稳定性心绞痛"},), advice="坚持服药")
    step("answer", county.specialist, referral, letter=letter)
    task, request = told()
    assert (task["status"], request) == ("in-progress", "active")
    assert task["output"][0]["valueString"] == "不稳定性心绞痛\n坚持服药"
    assert task["owner"]["reference"] == f"Organization/{county.village.organization_id}"
    step("take_over", county.village_doctor, referral)
    step("follow_up", county.village_doctor, referral, note="血压平稳")
    task, request = told()
    assert (task["status"], request) == ("completed", "completed")
    assert task["executionPeriod"]["end"] == task["lastModified"]


def test_a_refusal_carries_its_reason(ask, county, referral):
    step("decline", county.desk, referral, code="R01", text="床位已满")
    task = ask(county.village_doctor, f"Task/{referral.public_id}")
    assert task["status"] == "rejected"
    assert task["statusReason"]["coding"][0]["code"] == "R01"
    assert task["statusReason"]["text"] == "床位已满"
    assert ask(county.village_doctor, f"ServiceRequest/{referral.public_id}")["status"] == "on-hold"


@pytest.mark.parametrize("state", sorted(set(State) - {State.DRAFT}))
def test_every_state_is_told_in_words_of_r4(ask, county, referral, state):
    Referral.objects.filter(pk=referral.pk).update(state=state)
    for kind, meanings in (("ServiceRequest", REQUEST_STATUS), ("Task", TASK_STATUS)):
        resource = ask(county.desk, f"{kind}/{referral.public_id}")
        assert resource["status"] == meanings[state]
        assert resource["status"] in REQUIRED_CODES[f"{kind}.status"]
        assert len(found(ask(county.desk, f"{kind}?status={meanings[state]}"))) == 1
        assert found(ask(county.desk, f"{kind}?status:not={meanings[state]}")) == []


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("ServiceRequest?priority=urgent&intent=order", 1),
        ("ServiceRequest?priority=stat", 0),
        ("ServiceRequest?code=up", 1),
        ("ServiceRequest?authored=ge2020&_lastUpdated=ge2020", 1),
        ("ServiceRequest?authored=lt2020", 0),
        ("ServiceRequest?occurrence=ge2020", 1),
        ("Task?business-status=sent&code=fulfill", 1),
        ("Task?business-status=accepted", 0),
        ("Task?authored-on=ge2020&modified=ge2020", 1),
        ("Task?status=requested,accepted", 1),
        ("Task?intent=plan", 0),
    ],
)
def test_searches_by_what_is_told(ask, county, referral, query, count):
    assert len(found(ask(county.desk, query))) == count


def test_searches_by_whom_it_concerns(ask, county, referral):
    asked = {
        "patient": [f"Patient/{county.person.public_id}", county.person.public_id],
        "requester": [
            f"PractitionerRole/{county.village_doctor.post_id}",
            f"Practitioner/{county.village_doctor.practitioner_id}",
            f"Organization/{county.village.organization_id}",
        ],
        "identifier": [referral.number],
        "_id": [referral.public_id],
    }
    only = {
        "ServiceRequest": {"performer": [f"Organization/{county.hospital.organization_id}"]},
        "Task": {
            "owner": [f"Organization/{county.hospital.organization_id}"],
            "focus": [f"ServiceRequest/{referral.public_id}"],
            "based-on": [f"ServiceRequest/{referral.public_id}"],
        },
    }
    for kind, own in only.items():
        for name, values in {**asked, **own}.items():
            for value in values:
                assert len(found(ask(county.desk, kind, {name: value}))) == 1, (kind, name, value)
        nobody = "00000000-0000-0000-0000-000000000000"
        assert found(ask(county.desk, kind, {"patient": nobody})) == []
        assert found(ask(county.desk, kind, {"requester": "Organization/1000000"})) == []


def test_what_r4_does_not_know_is_refused(ask, county, referral):
    for query in ("Task?status=nonsense", "Task?owner=Device/1", "Task?colour=red", "ServiceRequest?owner=1"):
        assert ask(county.desk, query, status=400)["resourceType"] == "OperationOutcome"


def test_only_those_it_concerns_see_it_and_nobody_a_draft(ask, county, referral):
    drafted = actions.draft_referral(
        actor=county.village_doctor, now=clock.now(), person_id=county.person.pk,
        form=ReferralForm(to_service_id=county.general.pk, urgency="ordinary", reason_code="0", question="请诊"),
    )  # fmt: skip
    assert found(ask(county.township_doctor, "Task")) == []
    ask(county.township_doctor, f"ServiceRequest/{referral.public_id}", status=404)
    for actor in (county.village_doctor, county.desk, county.manager):
        assert [one["id"] for one in found(ask(actor, "Task"))] == [str(referral.public_id)]
        ask(actor, f"Task/{drafted.public_id}", status=404)


def test_everything_holds_the_referral_and_whoever_it_names(ask, county, referral):
    resources = found(ask(county.desk, f"Patient/{county.person.public_id}/$everything"))
    named = {f"{one['resourceType']}/{one['id']}" for one in resources}
    assert {f"ServiceRequest/{referral.public_id}", f"Task/{referral.public_id}"} <= named
    assert f"PractitionerRole/{county.village_doctor.post_id}" in named
    assert f"Practitioner/{county.village_doctor.practitioner_id}" in named
    assert {f"Location/{county.hospital.pk}", f"Location/{county.village.pk}"} <= named
    kinds = {
        one["resourceType"]
        for one in found(ask(county.township_doctor, f"Patient/{county.person.public_id}/$everything"))
    }
    assert not kinds & {"ServiceRequest", "Task"}


def test_the_number_of_queries_does_not_grow_with_the_referrals(ask, county, referral, django_assert_max_num_queries):
    kept = Referral.objects.get(pk=referral.pk)
    for number in range(20):
        kept.pk, kept.public_id, kept.number = None, None, f"copy-{number}"
        kept.public_id = Referral._meta.get_field("public_id").get_default()
        kept.booking = None
        kept.save(force_insert=True)
    ask(county.desk, "Task")
    with django_assert_max_num_queries(9):
        assert len(found(ask(county.desk, "Task", {"patient": county.person.public_id, "_count": 50}))) == 21


def test_the_statement_offers_both(ask, county):
    offered = {one["type"]: one for one in ask(county.desk, "metadata")["rest"][0]["resource"]}
    assert {"name": "owner", "type": "reference"} in offered["Task"]["searchParam"]
    assert {"name": "_lastUpdated", "type": "date"} in offered["ServiceRequest"]["searchParam"]


def test_orders_of_the_record_stand_beside_referrals(ask, county, referral):
    source = Source.objects.create(code="his", name="HIS", kind="fhir")
    for number in range(3):
        ServiceRequest.objects.create(
            person=county.person, source=source, status="active", at=clock.now(), recorded_at=clock.now(),
            display=f"检查{number}", code="ct", code_system="urn:x",
        )  # fmt: skip
    address, seen = f"ServiceRequest?patient={county.person.public_id}&_count=2", []
    while address:
        page = ask(county.desk, address)
        assert page["total"] == 4
        seen += [one["id"] for one in found(page)]
        links = {link["relation"]: link["url"] for link in page["link"]}
        address = links["next"].split("/fhir/R4/")[1] if "next" in links else ""
    keys = [str(key) for key in ServiceRequest.objects.order_by("pk").values_list("pk", flat=True)]
    assert seen == [str(referral.public_id), *keys]
    assert len(found(ask(county.desk, "ServiceRequest?code=ct"))) == 3
    assert len(found(ask(county.desk, "ServiceRequest?status=active"))) == 4

    everything = found(ask(county.desk, f"Patient/{county.person.public_id}/$everything?_type=ServiceRequest"))
    assert len(everything) == 4
