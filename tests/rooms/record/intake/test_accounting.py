"""Every resource is accounted for, none is taken twice, and what waits is taken when its cause is gone."""

import gzip
import random

import orjson
import pytest

import samples
from catchment.kernel.actor import system
from catchment.kernel.errors import NotAllowed
from catchment.kernel.models import AuditEntry
from catchment.rooms.people.models import Person, PersonIdentifier, SuspectedMatch
from catchment.rooms.places.models import Facility
from catchment.rooms.record import actions
from catchment.rooms.record.models import (
    FACT_MODELS,
    Encounter,
    ImportRun,
    IncomingResource,
    Medication,
    MissingLink,
    Observation,
    Report,
)
from catchment.rooms.record.types import Fate
from catchment.rooms.staff.models import Post, Practitioner

from .conftest import IMPORTER, NOW

FATES = ("taken", "known", "unsupported", "rejected")


def counts(tally):
    found = tally.as_dict()
    return tuple(found[name] for name in ("read", *FATES))


def test_every_type_is_taken_and_linked_whatever_the_order(send):
    for seed in range(3):
        sent = samples.everything()
        random.Random(seed).shuffle(sent)
        assert counts(send(*sent, source=f"order-{seed}")) == (16, 16, 0, 0, 0)
        sugar = Observation.objects.get(source__code=f"order-{seed}")
        assert sugar.encounter.reason == "高血压复诊"
        assert sugar.facility.name == "市立医院"
        assert sugar.practitioner.name == "周明"
        assert Report.objects.get(source__code=f"order-{seed}").observation_ids == [sugar.pk]
        assert Medication.objects.get(source__code=f"order-{seed}").display == "氨氯地平"
    assert not MissingLink.objects.exists()
    assert Facility.objects.filter(name="东院区").count() == 0
    assert Facility.objects.filter(name="市立医院", longitude=121.1, in_network=False).count() == 3


def test_a_second_run_takes_nothing_twice(send):
    first = send(*samples.everything())
    held = {kind: model.objects.count() for kind, model in FACT_MODELS.items()}
    second = send(*samples.everything())
    assert counts(second) == (16, 0, 16, 0, 0)
    assert {kind: model.objects.count() for kind, model in FACT_MODELS.items()} == held
    assert (Person.objects.count(), Practitioner.objects.count(), Post.objects.count()) == (1, 1, 1)
    assert first.by_type().keys() == second.by_type().keys()


def test_a_changed_body_changes_the_row_and_nothing_else(send):
    send(*samples.everything())
    changed = samples.observation(valueQuantity={"value": 5.1, "unit": "mmol/L"})
    assert counts(send(changed, samples.patient(gender="male"))) == (2, 2, 0, 0, 0)
    assert Observation.objects.get().value == 5.1
    assert Person.objects.get().sex == "male"
    assert counts(send(changed)) == (1, 0, 1, 0, 0)


def test_the_same_id_from_another_source_is_another_resource(send):
    send(samples.patient(), source="one")
    send(samples.patient(), source="two")
    assert Person.objects.count() == 2
    (match,) = SuspectedMatch.objects.all()
    assert (match.left_id, match.right_id) == tuple(sorted(Person.objects.values_list("pk", flat=True)))


def test_the_holder_of_the_same_resident_id_and_birth_date_is_the_same_person(send):
    from datetime import date

    from catchment.standards.identity import systems
    from catchment.standards.identity.identifiers import make_resident_id

    card = [{"system": systems.RESIDENT_ID, "value": make_resident_id("999999", date(1970, 5, 6), 22)}]
    send(samples.patient(identifier=card), source="one")
    send(samples.patient("other", identifier=card), source="two")
    assert Person.objects.count() == 1
    send(samples.patient("child", identifier=card, birthDate="2001-01-01"), source="three")
    assert Person.objects.count() == 2
    assert PersonIdentifier.objects.filter(system="resident-id").count() == 1


def test_what_has_no_subject_yet_is_taken_when_the_subject_arrives(send):
    early = send(samples.observation(encounter=None) | {"encounter": samples.reference("Encounter/visit")})
    assert counts(early) == (1, 0, 0, 0, 1)
    (told,) = early.rejections
    assert told["reason"].startswith("unknown-subject: Observation.subject Patient/lin")
    later = send(samples.patient())
    assert (later.read, later.replayed) == (1, 1)
    row = Observation.objects.get()
    assert row.encounter_id is None
    send(samples.encounter(), samples.practitioner(), samples.organization())
    row.refresh_from_db()
    assert row.encounter == Encounter.objects.get()
    assert IncomingResource.objects.filter(fate=Fate.REJECTED).count() == 0


def test_what_is_mended_within_one_run_counts_as_taken(send, tmp_path):
    first, second = tmp_path / "a.json", tmp_path / "b.json"
    first.write_bytes(orjson.dumps(samples.observation()))
    second.write_bytes(orjson.dumps(samples.patient()))
    many = [samples.fact("Observation", f"x{n}", status="final", code={"text": "x"}) for n in range(2100)]
    tally = send(*many, first, second)
    assert counts(tally) == (2102, 2102, 0, 0, 0)
    assert tally.rejections == []


@pytest.mark.parametrize(
    ("resource", "reason"),
    [
        (samples.observation(status="fine"), "Observation.status: 'fine' is not one of"),
        (samples.observation(code=None), "Observation.code"),
        (samples.observation(effectiveDateTime="2024-13-01"), "Observation.effectiveDateTime"),
        (samples.observation(effectiveDateTime="2024-03-01T10:00"), "Observation.effectiveDateTime"),
        (samples.observation(valueString="also"), "Any of one field value is expected"),
        (samples.observation(colour="red"), "Observation.colour"),
        (samples.observation(subject=samples.reference("Device/1")), "subject-not-a-person"),
        (samples.observation(subject=samples.reference("Patient/nobody")), "unknown-subject"),
        (samples.patient(gender="f"), "Patient.gender: 'f' is not one of"),
        (samples.patient(name=[{"text": "a\x00b"}]), "U+0000"),
        (samples.encounter(period={"start": "0001-01-01T00:00:00+14:00"}), "outside the years"),
        (samples.role(organization=None), "no-organization"),
    ],
)
def test_a_bad_resource_is_rejected_with_its_element_and_harms_nothing_else(send, resource, reason):
    resource = {name: value for name, value in resource.items() if value is not None}
    sent = [
        one
        for one in samples.everything()
        if (one["resourceType"], one["id"]) != (resource["resourceType"], resource["id"])
    ]
    tally = send(resource, *[one for one in sent if one["resourceType"] in {"Patient", "Organization", "Practitioner"}])
    found = [told["reason"] for told in tally.rejections]
    assert tally[Fate.REJECTED] == 1
    assert reason in found[0]
    assert IncomingResource.objects.get(fate=Fate.REJECTED).body["id"] == resource["id"]


def test_a_bad_new_version_leaves_the_good_one_and_its_account(send):
    send(samples.patient(), samples.observation())
    assert counts(send(samples.observation(status="nonsense"))) == (1, 0, 0, 0, 1)
    assert Observation.objects.get().status == "final"
    assert counts(send(samples.observation())) == (1, 0, 1, 0, 0)


def test_a_mended_resource_is_taken_by_replay(send):
    send(samples.patient(), samples.observation(status="nonsense"))
    row = IncomingResource.objects.get(fate=Fate.REJECTED)
    row.body["status"] = "final"
    row.save()
    source = actions.ensure_source("test")
    tally = actions.replay_rejected(actor=IMPORTER, now=NOW, source=source)
    assert counts(tally) == (1, 1, 0, 0, 0)
    assert Observation.objects.get().value == 7.8


def test_types_that_are_not_taken_are_counted_as_unsupported(send):
    tally = send({"resourceType": "Claim", "id": "c"}, {"resourceType": "Nonsense"})
    assert counts(tally) == (2, 0, 0, 2, 0)
    assert tally.by_type()["Claim"] == {"read": 1, "taken": 0, "known": 0, "unsupported": 1, "rejected": 0}


def test_references_of_every_form_find_their_target(send):
    person = "urn:uuid:6d705d81-8546-43b2-b336-31a282128f2d"
    bundle = {
        "resourceType": "Bundle",
        "type": "transaction",
        "entry": [
            {"fullUrl": "urn:uuid:1", "resource": samples.observation("a", subject=samples.reference(person))},
            {"resource": samples.observation("b", subject=samples.reference("Patient?identifier=urn:hospital|MR-p"))},
            {"resource": samples.observation("c", subject={"identifier": {"system": "urn:hospital", "value": "MR-p"}})},
            {"resource": samples.observation("d", subject=samples.reference("http://far/fhir/Patient/p/_history/2"))},
            {
                "resource": samples.observation(
                    "e", subject=samples.reference("#in"), contained=[samples.patient("in", identifier=[])]
                )
            },
            {"fullUrl": person, "resource": samples.patient("p")},
            {"request": {"method": "DELETE", "url": "Patient/9"}},
        ],
    }
    assert counts(send(bundle)) == (6, 6, 0, 0, 0)
    assert Observation.objects.filter(person__name="林静").count() == 5
    assert Person.objects.count() == 2


def test_an_identifier_that_two_share_points_at_neither(send):
    number = [{"system": "urn:hospital", "value": "same"}]
    by_number = samples.observation(subject={"identifier": number[0]})
    tally = send(samples.patient("one", identifier=number), samples.patient("two", identifier=number), by_number)
    assert counts(tally) == (3, 2, 0, 0, 1)
    assert counts(send(by_number | {"id": "again"})) == (1, 0, 0, 0, 1)


def test_a_medicine_and_a_parent_that_come_later_are_filled_in(send):
    pills = next(one for one in samples.everything() if one["id"] == "pills")
    send(samples.patient(), pills, samples.organization("part", partOf=samples.reference("Organization/whole")))
    assert Medication.objects.get().display == "MedicationRequest"
    send({"resourceType": "Medication", "id": "drug", "code": {"text": "氨氯地平"}}, samples.organization("whole"))
    assert Medication.objects.get().display == "氨氯地平"
    assert Facility.objects.get(parent__isnull=False).parent_id != Facility.objects.get(parent__isnull=False).pk


def test_facts_of_a_merged_duplicate_go_to_the_person_kept(send):
    send(samples.patient("kept"), samples.patient("gone", identifier=[]))
    kept, gone = Person.objects.order_by("pk")
    Person.objects.filter(pk=gone.pk).update(merged_into=kept)
    send(samples.observation(subject=samples.reference("Patient/gone")))
    assert Observation.objects.get().person == kept


def test_a_run_is_audited_and_keeps_its_account(send):
    send(*samples.everything())
    assert ImportRun.objects.get().counts["taken"] == 16
    assert AuditEntry.objects.get(event="record.import").detail["read"] == 16


def test_importing_needs_its_capability(db):
    with pytest.raises(NotAllowed):
        actions.import_files(actor=system("x"), now=NOW, source=actions.ensure_source("x"), paths=[])


def test_chinese_profiles_say_status_and_sex_in_extensions(send):
    said = {"extension": [{"url": "http://x/status", "valueCoding": {"code": "final"}}]}
    sex = {"extension": [{"url": "http://x/sex", "valueCoding": {"code": "01"}}]}
    person = {name: value for name, value in samples.patient(_gender=sex).items() if name != "gender"}
    sugar = {name: value for name, value in samples.observation(_status=said).items() if name != "status"}
    assert counts(send(person, sugar)) == (2, 2, 0, 0, 0)
    assert (Person.objects.get().sex, Observation.objects.get().status) == ("male", "final")


def test_gzip_and_xml_files_are_read(send, tmp_path):
    packed, xml = tmp_path / "Patient.ndjson.gz", tmp_path / "o.xml"
    packed.write_bytes(gzip.compress(orjson.dumps(samples.patient())))
    xml.write_text(
        '<Observation xmlns="http://hl7.org/fhir"><id value="o"/><status value="final"/><code><text value="体温"/></code>'
        '<subject><reference value="Patient/lin"/></subject><valueQuantity><value value="36.6"/></valueQuantity></Observation>'
    )
    assert counts(send(xml, packed)) == (2, 2, 0, 0, 0)
    assert Observation.objects.get().value == 36.6


def test_versions_and_copies_in_one_file_each_meet_their_own_fate_and_meet_it_again(send, tmp_path):
    nobody = {name: value for name, value in samples.observation().items() if name != "subject"}
    path = tmp_path / "versions.ndjson"
    sent = [samples.patient(), samples.observation(), nobody, nobody, samples.observation(status="amended")]
    path.write_bytes(b"\n".join(map(orjson.dumps, [*sent, samples.patient()])))
    assert counts(send(path)) == (6, 3, 1, 0, 2)
    assert Observation.objects.get().status == "amended"
    assert counts(send(path)) == (6, 0, 4, 0, 2)
    assert Observation.objects.get().status == "amended"


def test_copies_of_what_waited_are_known_when_it_is_taken(send, tmp_path):
    first, second = tmp_path / "a.ndjson", tmp_path / "b.ndjson"
    early = orjson.dumps(samples.observation())
    filler = [samples.fact("Observation", f"x{n}", status="final", code={"text": "x"}) for n in range(2100)]
    first.write_bytes(b"\n".join([early, *map(orjson.dumps, filler), early]))
    second.write_bytes(orjson.dumps(samples.patient()))
    assert counts(send(first, second)) == (2103, 2102, 1, 0, 0)


def test_a_later_version_that_waits_replaces_the_earlier_when_its_subject_arrives(send):
    send(samples.patient(), samples.observation())
    moved = samples.observation(subject=samples.reference("Patient/chen"), status="amended")
    assert counts(send(moved)) == (1, 0, 0, 0, 1)
    assert send(samples.patient("chen", identifier=[])).replayed == 1
    row = Observation.objects.get()
    assert (row.status, row.person_id) == ("amended", Person.objects.order_by("-pk").first().pk)
    assert not IncomingResource.objects.filter(fate=Fate.REJECTED).exists()
