"""A recent imported diagnosis opens a case of disease control once; history opens none; what is taken back ends."""

from datetime import datetime, time, timedelta

import orjson
import pytest
from django.utils import timezone

import county as small
from catchment.kernel import clock
from catchment.kernel.actor import system
from catchment.rooms.board.models import WorkItem
from catchment.rooms.board.queries import notices
from catchment.rooms.record import actions as record
from catchment.rooms.record.models import Condition
from catchment.rooms.record.types import SourceKind
from catchment.rooms.rulebook import queries as rulebook
from catchment.rooms.rulebook.models import Edition
from catchment.rooms.surveillance.models import ReportCard

pytestmark = pytest.mark.django_db
ICD = "http://hl7.org/fhir/sid/icd-10"


@pytest.fixture
def now():
    return datetime.combine(clock.now().date(), time(12), tzinfo=timezone.get_default_timezone())


@pytest.fixture
def control(county):
    place = small._facility("C1", "县疾控中心", "disease-control", "county", county.hospital.area, 121.3, 28.1)
    return small._actor("疾控员", place, "disease-control-officer")


@pytest.fixture
def send(tmp_path, now):
    number = iter(range(100))

    def sent(*resources, at=now, source="hospital"):
        people = [{"resourceType": "Patient", "id": key, "gender": "female"} for key in ("p1", "p2")]
        path = tmp_path / f"{next(number)}.ndjson"
        path.write_bytes(b"\n".join(map(orjson.dumps, [*people, *resources])))
        origin = record.ensure_source(source, kind=SourceKind.FHIR)
        return record.import_files(actor=system("tests", "record.import"), now=at, source=origin, paths=[path])

    return sent


def diagnosis(day, key="c1", code="B05.900", *, system=ICD, person="p1", **more):
    return {
        "resourceType": "Condition", "id": key, "subject": {"reference": f"Patient/{person}"},
        "code": {"coding": [{"system": system, "code": code, "display": "x"}]},
        **({"recordedDate": day.isoformat()} if day is not None else {}), **more,
    }  # fmt: skip


def verified(as_what):
    return {
        "verificationStatus": {
            "coding": [{"system": "http://terminology.hl7.org/CodeSystem/condition-ver-status", "code": as_what}]
        }
    }


def standing():
    return ReportCard.objects.filter(withdrawn_at__isnull=True)


@pytest.mark.parametrize(("days", "opened"), [(0, 1), (13, 1), (14, 0), (4000, 0), (-1, 0)])
def test_only_a_diagnosis_of_the_edition_s_days_opens_a_case(control, send, now, days, opened):
    made = timezone.localdate(now) - timedelta(days=days)
    assert send(diagnosis(made)).as_dict()["rejected"] == 0
    assert Condition.objects.count() == 1
    assert WorkItem.objects.filter(kind="surveillance.report", facility_id=control.facility_id).count() == opened
    for card in ReportCard.objects.all():
        assert (timezone.localdate(card.diagnosed_at), card.due_at) == (made, now + timedelta(hours=24))
        assert card.facility is None


def test_without_days_in_the_edition_imports_open_none(control, send, now):
    edition = Edition.objects.get(key="surveillance.notifiable")
    Edition.objects.filter(pk=edition.pk).update(content={**edition.content, "import_days": 0})
    rulebook.forget()
    send(diagnosis(timezone.localdate(now)))
    assert not ReportCard.objects.exists()
    rulebook.forget()


@pytest.mark.parametrize(
    "given",
    [
        {"day": None}, {"code": "I10"}, {"system": "http://snomed.info/sct"}, verified("refuted"),
        verified("entered-in-error"),
    ],
)  # fmt: skip
def test_undated_other_and_void_diagnoses_open_none(control, send, now, given):
    send(diagnosis(**{"day": timezone.localdate(now), **given}))
    assert Condition.objects.count() == 1
    assert not ReportCard.objects.exists()


def test_the_same_again_a_new_version_and_the_same_illness_from_elsewhere_open_no_second(control, send, now):
    today = timezone.localdate(now)
    send(diagnosis(today))
    send(diagnosis(today))
    send(diagnosis(today, note=[{"text": "复核"}]), at=now + timedelta(hours=1))
    send(diagnosis(today - timedelta(days=3), "c2"), diagnosis(today, "c3", person="p2"))
    assert sorted(ReportCard.objects.values_list("condition__external_id", flat=True)) == ["c1", "c3"]
    assert WorkItem.objects.filter(kind="surveillance.report").count() == 2


@pytest.mark.parametrize(
    ("change", "left"),
    [
        (verified("entered-in-error"), []), (verified("refuted"), []), ({"code": "I10"}, []),
        ({"code": "A38.x00"}, ["scarlet-fever"]), ({"person": "p2"}, ["measles"]),
    ],
)  # fmt: skip
def test_what_the_sender_takes_back_or_puts_right_ends_the_case(control, send, now, change, left):
    today = timezone.localdate(now)
    send(diagnosis(today))
    send(diagnosis(**{"day": today, **change}))
    assert list(standing().values_list("disease", flat=True)) == left
    assert ReportCard.objects.filter(withdrawn_at=now).count() == 1
    assert WorkItem.objects.filter(kind="surveillance.report", state="open").count() == len(left)
    assert len(notices(control)) == 1
    assert {card.person_id for card in standing()} <= set(Condition.objects.values_list("person_id", flat=True))


def test_a_diagnosis_taken_up_again_opens_a_case_again(control, send, now):
    today = timezone.localdate(now)
    for as_what in ("confirmed", "entered-in-error", "provisional"):
        send(diagnosis(today, **verified(as_what)))
    assert standing().count() == 1
    assert ReportCard.objects.count() == 2
