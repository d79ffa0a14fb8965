"""A visit is written as one act, or not at all."""

import pytest

import county as small_county
from catchment.kernel.errors import Invalid, NotAllowed
from catchment.rooms.record import actions, queries
from catchment.rooms.record.models import Document, Encounter, Observation
from catchment.rooms.record.types import VisitForm

NOW = small_county.NOW


@pytest.fixture
def write(county):
    def record(key="", actor=None, **fields):
        return actions.record_visit(
            actor=actor or county.village_doctor, now=NOW, person_id=county.person.pk, form=VisitForm(**fields), key=key
        )

    return record


def test_one_visit_holds_everything_that_was_measured(county, write):
    encounter = write(systolic=152, diastolic=96, pulse=78, glucose=7.2, weight=61.5, temperature=36.6, note="头晕")
    rows = Observation.objects.filter(encounter=encounter)
    assert {row.code: row.value for row in rows if row.value} == {
        "8867-4": 78, "15074-8": 7.2, "29463-7": 61.5, "8310-5": 36.6,
    }  # fmt: skip
    assert [part["value"] for part in rows.get(code="85354-9").components] == [152, 96]
    assert Document.objects.get(encounter=encounter).text == "头晕"
    assert encounter.facility_id == county.village_doctor.facility_id


def test_what_was_written_is_seen_in_the_summary(county, write):
    write(systolic=152, diastolic=96)
    shown = queries.summary(county.person.pk, now=NOW)
    assert [(one.display, one.shown) for one in shown.results] == [("血压", "152/96")]


def test_a_visit_at_home_is_a_visit_at_home(write):
    assert write(pulse=70, at_home=True).klass == "HH"


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({}, [""]),
        ({"systolic": 150}, ["diastolic"]),
        ({"diastolic": 90}, ["systolic"]),
        ({"systolic": 90, "diastolic": 90}, ["diastolic"]),
        ({"pulse": 700, "temperature": 366}, ["pulse", "temperature"]),
        ({"glucose": float("nan")}, ["glucose"]),
        ({"weight": 0.1}, ["weight"]),
    ],
)
def test_what_cannot_be_right_is_refused_by_name_and_nothing_is_written(write, fields, wrong):
    with pytest.raises(Invalid) as refused:
        write(**fields)
    assert [problem.field for problem in refused.value.problems] == wrong
    assert not Encounter.objects.exists()


def test_the_same_form_sent_twice_is_one_visit(write):
    assert write("k1", pulse=70) == write("k1", pulse=70)
    assert Observation.objects.count() == 1


def test_a_post_that_may_not_write_is_refused(county, write):
    with pytest.raises(NotAllowed):
        write(actor=county.manager, pulse=70)
    assert not Encounter.objects.exists()
