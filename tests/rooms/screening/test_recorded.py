"""As soon as something is recorded about a person, that person and no other is assessed anew."""

import orjson
import pytest
from procrastinate.contrib.django.models import ProcrastinateJob

import samples
from catchment.kernel.actor import system
from catchment.rooms.people.models import Person
from catchment.rooms.record import actions as record
from catchment.rooms.screening import jobs
from catchment.rooms.screening.models import Assessment, Case
from county import NOW, make_person


def due():
    """The jobs that were put off until the transaction is committed."""
    found = ProcrastinateJob.objects.filter(task_name__endswith="reassess_people", status="todo").order_by("id")
    return [job.args["person_ids"] for job in found]


def test_a_blood_pressure_leads_to_an_assessment_and_a_case_of_that_person_alone(county, publish, pressure):
    publish("hypertension")
    other = make_person("李建国", county.village.area, county.village)
    pressure(county.person, 184, 112)
    assert due() == [[county.person.pk]]
    assert jobs.reassess_people(person_ids=due()[0]) == 1
    assert Case.objects.get().person == county.person
    assert not Assessment.objects.filter(person=other).exists()


def test_what_another_system_sends_leads_to_it_too(county, publish, tmp_path):
    publish("hypertension")
    path = tmp_path / "his.ndjson"
    path.write_bytes(b"\n".join(map(orjson.dumps, [samples.patient(), _pressure()])))
    origin = record.ensure_source("his")
    record.import_files(actor=system("his", "record.import"), now=NOW, source=origin, paths=[path])
    person = Person.objects.get(name="林静")
    assert [person.pk] in due()
    jobs.reassess_people(person_ids=[person.pk])
    assert Assessment.objects.get(person=person, newest=True).band == "grade 1"


def _pressure():
    parts = [("8480-6", 151), ("8462-4", 92)]
    return {
        "resourceType": "Observation", "id": "bp-1", "status": "final",
        "code": {"coding": [{"system": "http://loinc.org", "code": "85354-9"}], "text": "血压"},
        "subject": {"reference": f"Patient/{samples.patient()['id']}"}, "effectiveDateTime": "2026-03-01T09:00:00+08:00",
        "component": [
            {
                "code": {"coding": [{"system": "http://loinc.org", "code": code}]},
                "valueQuantity": {"value": value, "unit": "mmHg", "system": "http://unitsofmeasure.org", "code": "mm[Hg]"},
            }
            for code, value in parts
        ],
    }  # fmt: skip


@pytest.mark.parametrize("people", [[], [987_654]])
def test_nobody_to_assess_is_no_error(county, publish, people):
    publish("hypertension")
    assert jobs.reassess_people(person_ids=people) == 0
