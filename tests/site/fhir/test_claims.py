"""Claims, settlements and insurance over FHIR: valid, mapped to the fen, and only to whom the walls show them."""

import re
from datetime import UTC, datetime

import orjson
import pytest

import county as small
import stays
from catchment.kernel import clock
from catchment.kernel.models import AuditEntry
from catchment.rooms.claims import actions
from catchment.rooms.claims.models import Claim, Settlement
from catchment.rooms.consent.models import Relation
from catchment.standards.fhir.validity import faults


@pytest.fixture
def his(county):
    """The hospital's own system, which has the person in care."""
    now = clock.now()
    Relation.objects.create(
        person=county.person, facility=county.hospital, kind="presence", since=now, until=now.replace(year=2100)
    )
    return small._actor("医院信息系统", county.hospital, "interface")


@pytest.fixture
def claim(county):
    return stays.settled(stays.maker(county)(also=("E11.900",), parts={"service": 2_000_000, "drug": 100}))[0]


@pytest.fixture
def ask(enter):
    def asked(actor, address, code=200):
        answer = enter(actor).get(f"/fhir/R4/{address}")
        told = orjson.loads(answer.content)
        assert (answer.status_code, faults(told)) == (code, [])
        return told

    return asked


def found(bundle):
    return [entry["resource"] for entry in bundle.get("entry", [])]


def test_a_claim_is_told_with_its_lines_in_order_and_to_the_fen(ask, his, claim, county):
    (told,) = found(ask(his, f"Claim?patient={county.person.public_id}&status=active"))
    assert told["id"] == str(claim.public_id)
    assert told["total"] == {"value": 20001.0, "currency": "CNY"}
    assert sum(item["net"]["value"] for item in told["item"]) == 20001.0
    assert told["patient"]["reference"] == f"Patient/{county.person.public_id}"
    assert [one["diagnosisCodeableConcept"]["coding"][0]["code"] for one in told["diagnosis"]] == ["J18.900", "E11.900"]


def test_a_response_and_an_explanation_tell_the_layers(ask, his, claim):
    one = stays.live(claim)
    response = ask(his, f"ClaimResponse/{claim.public_id}")
    explanation = ask(his, f"ExplanationOfBenefit/{one.pk}")
    for told in (response, explanation):
        amounts = {
            part["category"]["coding"][0]["code"]: round(part["amount"]["value"] * 100) for part in told["total"]
        }
        assert amounts["benefit"] + amounts["copay"] == amounts["submitted"] == claim.total
        assert amounts["basic"] == one.basic
    assert (response["outcome"], explanation["payment"]["amount"]["value"]) == ("complete", one.fund / 100)
    assert "起付线" in explanation["processNote"][0]["text"]


def test_days_are_the_countys(ask, his, claim):
    moment = datetime(2026, 7, 31, 16, 30, tzinfo=UTC)
    Settlement.objects.update(at=moment)
    Claim.objects.update(made_at=moment, state_since=moment)
    explanation = ask(his, f"ExplanationOfBenefit/{stays.live(claim).pk}")
    response = ask(his, f"ClaimResponse/{claim.public_id}")
    days = explanation["created"], explanation["payment"]["date"], response["created"]
    assert set(days) == {"2026-08-01"}


def test_reasons_are_told_in_the_readers_language(enter, his, claim):
    """What was settled in Chinese is told in English to who asks for it."""
    address = f"/fhir/R4/ExplanationOfBenefit/{stays.live(claim).pk}"
    told = orjson.loads(enter(his).get(address, headers={"accept-language": "en"}).content)
    texts = [note["text"] for note in told["processNote"]]
    assert "deductible 400.00 yuan" in texts[0]
    assert not [text for text in texts if re.search(r"[\u3000-\u9fff\uff00-\uffef]", text)]


def test_a_rejected_claim_tells_its_errors_and_a_cancelled_settlement_says_so(ask, his, county):
    make = stays.maker(county)
    (wrong,) = stays.checked(make(code="N40.x00"))
    response = ask(his, f"ClaimResponse/{wrong.public_id}")
    assert (response["outcome"], response["error"][0]["code"]["coding"][0]["code"]) == ("error", "sex")
    (paid,) = stays.settled(make(begins=wrong.ends_on))
    gone = stays.live(paid)
    actions.cancel_claim(actor=stays.CLERK, now=clock.now(), claim_id=paid.pk, reason="费用有误")
    assert ask(his, f"ExplanationOfBenefit/{gone.pk}")["status"] == "cancelled"
    assert found(ask(his, "ExplanationOfBenefit?status=active")) == []
    assert len(found(ask(his, "Claim?status=cancelled"))) == 1


def test_insurance_is_told_and_everything_holds_all_four(ask, his, claim, county):
    (told,) = found(ask(his, f"Coverage?beneficiary=Patient/{county.person.public_id}"))
    assert (told["type"]["coding"][0]["code"], told["status"]) == ("resident", "active")
    kinds = {one["resourceType"] for one in found(ask(his, f"Patient/{county.person.public_id}/$everything"))}
    assert {"Claim", "ClaimResponse", "ExplanationOfBenefit", "Coverage"} <= kinds
    later = found(ask(his, f"Patient/{county.person.public_id}/$everything?start=2026-06-01&_type=Claim"))
    assert later == []


def test_the_insurance_office_reads_claims_without_seeing_the_person(ask, officer, claim, county):
    (told,) = found(ask(officer, "Claim"))
    assert told["patient"] == {"display": "身份不予显示"}
    assert ask(officer, f"Patient/{county.person.public_id}", 403)
    assert found(ask(officer, "Claim?identifier=" + claim.number))[0]["id"] == str(claim.public_id)
    assert found(ask(officer, "Claim?identifier=JS99999999")) == []


def test_another_hospitals_system_and_a_doctor_see_none(ask, county, claim):
    other = small._actor("别院系统", county.township, "interface")
    assert found(ask(other, "Claim")) == found(ask(other, "ExplanationOfBenefit")) == []
    ask(other, f"Claim/{claim.public_id}", 404)
    ask(county.specialist, "Claim", 403)


def test_reading_is_noted_for_the_person(ask, his, claim):
    ask(his, f"ExplanationOfBenefit/{stays.live(claim).pk}")
    entry = AuditEntry.objects.filter(event="person.read").latest("pk")
    assert (entry.person_id, entry.detail["type"]) == (claim.person_id, "ExplanationOfBenefit")
