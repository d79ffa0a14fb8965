"""What is recorded here: where, by whom, from this system; told to higher rooms, audited, refused without permission."""

from dataclasses import replace
from datetime import timedelta

import pytest

from catchment.kernel import events
from catchment.kernel.actor import system
from catchment.kernel.errors import Invalid, NotAllowed
from catchment.kernel.models import AuditEntry
from catchment.rooms.people.models import Person
from catchment.rooms.record import actions
from catchment.rooms.record.models import FACT_MODELS, Encounter
from catchment.rooms.record.types import EncounterStatus
from county import NOW, make_person

LATER = NOW + timedelta(hours=2)
WRITES = {
    "encounter": (actions.record_encounter, {"reason": "头晕"}),
    "observation": (
        actions.record_observation,
        {"code": "2339-0", "display": "血糖", "value": 7.8, "unit": "mmol/L"},
    ),
    "condition": (actions.record_condition, {"code": "I10", "display": "高血压"}),
    "medication": (actions.record_medication, {"display": "氨氯地平", "dose": "5 mg 口服 每日一次"}),
    "report": (actions.record_report, {"display": "心电图", "conclusion": "窦性心律"}),
    "document": (actions.record_document, {"display": "出院小结", "text": "住院三天"}),
}


@pytest.fixture
def doctor(county):
    return county.village_doctor


def write(kind, actor, person_id, **more):
    action, told = WRITES[kind]
    return action(actor=actor, now=NOW, person_id=person_id, **told, **more)


@pytest.mark.parametrize("kind", WRITES)
def test_a_fact_says_where_by_whom_when_and_from_which_source(county, doctor, kind):
    written = write(kind, doctor, county.person.pk)
    row = FACT_MODELS[kind].objects.get(pk=written.pk)
    assert (row.person, row.facility, row.practitioner_id) == (county.person, county.village, doctor.practitioner_id)
    assert (row.source.code, row.source.kind, row.external_id) == ("catchment", "native", "")
    assert (row.at, row.recorded_at) == (NOW, NOW)


@pytest.mark.parametrize("kind", WRITES)
def test_a_fact_leaves_one_audit_entry_about_the_person(county, doctor, kind):
    row = write(kind, doctor, county.person.pk)
    entry = AuditEntry.objects.get(event=f"{kind}.record")
    assert (entry.person_id, entry.subject_kind, entry.subject_id) == (county.person.pk, kind, row.pk)
    assert entry.post_id == doctor.post_id


@pytest.mark.parametrize("kind", WRITES)
def test_without_the_capability_or_a_facility_nothing_is_written(county, doctor, kind):
    for actor in (replace(doctor, capabilities=doctor.capabilities - {"record.write"}), system("x", "record.write")):
        with pytest.raises(NotAllowed):
            write(kind, actor, county.person.pk)
    assert not FACT_MODELS[kind].objects.exists()
    assert not AuditEntry.objects.filter(event=f"{kind}.record").exists()


@pytest.mark.parametrize("kind", WRITES)
def test_nobody_and_a_merged_duplicate_are_refused_by_name(county, doctor, kind):
    gone = make_person("王秀英", None, None)
    Person.objects.filter(pk=gone.pk).update(merged_into=county.person)
    for key in (gone.pk, 10_000_000):
        with pytest.raises(Invalid) as refused:
            write(kind, doctor, key)
        assert [problem.field for problem in refused.value.problems] == ["person"]


def test_a_visit_is_over_when_it_is_recorded_and_a_stay_goes_on(county, doctor):
    visit = actions.record_encounter(actor=doctor, now=NOW, person_id=county.person.pk)
    assert (visit.status, visit.klass, visit.ended_at) == ("finished", "AMB", NOW)
    began = NOW - timedelta(hours=3)
    stay = actions.record_encounter(
        actor=county.desk, now=NOW, person_id=county.person.pk, klass="IMP", status=EncounterStatus.IN_PROGRESS,
        at=began, department="心内科", number="ZY1",
    )  # fmt: skip
    assert (stay.at, stay.recorded_at, stay.ended_at) == (began, NOW, None)
    assert (stay.department, stay.number) == ("心内科", "ZY1")


def test_higher_rooms_are_told_of_an_encounter_and_can_undo_it(county, doctor):
    heard = []

    def listen(*, encounters, now, **_facts):
        heard.extend((row.pk, now) for row in encounters)
        raise Invalid

    events.subscribe("encounter.recorded", "listener", listen)
    try:
        with pytest.raises(Invalid):
            actions.record_encounter(actor=doctor, now=NOW, person_id=county.person.pk)
    finally:
        events.subscribe("encounter.recorded", "listener", lambda **_facts: None)
    assert [now for _, now in heard] == [NOW]
    assert not Encounter.objects.exists()
    assert not AuditEntry.objects.filter(event="encounter.record").exists()


def test_a_blood_pressure_is_one_panel(county, doctor):
    visit = actions.record_encounter(actor=doctor, now=NOW, person_id=county.person.pk)
    row = actions.record_blood_pressure(
        actor=doctor, now=NOW, person_id=county.person.pk, systolic=152, diastolic=94, encounter_id=visit.pk
    )
    assert (row.code_system, row.code, row.category, row.encounter_id) == (
        "loinc", "85354-9", "vital-signs", visit.pk,
    )  # fmt: skip
    assert {part["code"]: part["value"] for part in row.components} == {"8480-6": 152, "8462-4": 94}


@pytest.mark.parametrize(
    ("systolic", "diastolic", "field"),
    [
        (39, 30, "systolic"),
        (301, 90, "systolic"),
        (120, 19, "diastolic"),
        (230, 201, "diastolic"),
        (90, 90, "diastolic"),
    ],
)
def test_a_blood_pressure_that_cannot_be_is_refused_by_its_field(county, doctor, systolic, diastolic, field):
    with pytest.raises(Invalid) as refused:
        actions.record_blood_pressure(
            actor=doctor, now=NOW, person_id=county.person.pk, systolic=systolic, diastolic=diastolic
        )
    assert [problem.field for problem in refused.value.problems] == [field]


def test_an_observation_without_any_result_is_refused(county, doctor):
    with pytest.raises(Invalid) as refused:
        actions.record_observation(actor=doctor, now=NOW, person_id=county.person.pk, code="x", display="血糖")
    assert refused.value.problems[0].field == "value"
    told = actions.record_observation(
        actor=doctor, now=NOW, person_id=county.person.pk, code="x", display="尿蛋白", text="阴性"
    )
    assert (told.value, told.value_text) == (None, "阴性")
