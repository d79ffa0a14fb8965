"""An encounter that another system sends marks the arrival, as one recorded here does."""

from datetime import timedelta

import orjson
import pytest

import samples
from catchment.kernel.actor import system
from catchment.rooms.people.models import Person
from catchment.rooms.record import actions as record
from catchment.rooms.record.models import Encounter
from catchment.rooms.referral import actions
from catchment.rooms.referral.models import Referral
from catchment.rooms.referral.types import ReferralForm
from catchment.standards.identity import systems
from county import NOW

LATER = NOW + timedelta(days=1)


@pytest.fixture
def send(county, tmp_path):
    """Import resources as the hospital's own system would send them."""
    hospital = samples.organization(
        "lead", identifier=[{"system": systems.ORGANISATION_CODE, "value": county.hospital.code}]
    )

    def import_them(*resources):
        path = tmp_path / "his.ndjson"
        path.write_bytes(b"\n".join(map(orjson.dumps, [hospital, *resources])))
        origin = record.ensure_source("his")
        return record.import_files(actor=system("his", "record.import"), now=LATER, source=origin, paths=[path])

    return import_them


@pytest.fixture
def waiting(county, send) -> Referral:
    """An imported person whose referral the hospital has accepted."""
    send(samples.patient())
    person = Person.objects.get(name="林静")
    form = ReferralForm(
        to_service_id=county.cardiology.pk, urgency="urgent", reason_code="0", diagnosis="胸痛", question="请明确诊断"
    )
    drafted = actions.draft_referral(actor=county.village_doctor, now=NOW, person_id=person.pk, form=form)
    actions.send_referral(actor=county.village_doctor, now=NOW, referral_id=drafted.pk)
    return actions.accept_referral(actor=county.desk, now=NOW, referral_id=drafted.pk)


def visit(at, **more):
    return samples.encounter(
        serviceProvider=samples.reference("Organization/lead"), period={"start": at.isoformat()}, **more
    )


def test_it_registers_the_arrival(send, waiting):
    send(visit(LATER, status="in-progress"))
    waiting.refresh_from_db()
    assert (waiting.state, waiting.arrival_encounter) == ("arrived", Encounter.objects.get())


@pytest.mark.parametrize(
    "resource",
    [
        visit(NOW - timedelta(days=90)),
        visit(LATER, status="planned"),
        samples.encounter(serviceProvider=samples.reference("Organization/lead"), period=None),
        visit(LATER, status="cancelled"),
        visit(LATER, status="entered-in-error"),
        samples.encounter(serviceProvider=None, participant=[], period={"start": LATER.isoformat()}),
    ],
)
def test_what_is_no_visit_after_the_referral_leaves_it_waiting(send, waiting, resource):
    send({name: value for name, value in resource.items() if value})
    waiting.refresh_from_db()
    assert Encounter.objects.exists()
    assert waiting.state == "accepted"


def test_a_batch_asks_once_however_many_encounters_it_holds(county, waiting, django_assert_num_queries):
    elsewhere = [Encounter(person_id=waiting.person_id, facility_id=county.township.pk, at=LATER)] * 200
    with django_assert_num_queries(1):
        actions.match_arrivals(encounters=elsewhere, now=LATER)
    waiting.refresh_from_db()
    assert waiting.state == "accepted"
