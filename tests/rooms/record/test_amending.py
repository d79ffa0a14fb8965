"""Entries end or are withdrawn where they were written; nothing is erased."""

import pytest

import county as small_county
from catchment.kernel.errors import Invalid, NotFound, Refusal
from catchment.kernel.models import AuditEntry
from catchment.rooms.record import actions, queries
from catchment.rooms.record.models import Condition, Encounter, Medication
from catchment.rooms.record.types import Amendment, Coded, FactKind, Prescribed, VisitForm

NOW = small_county.NOW


@pytest.fixture
def visit(county):
    form = VisitForm(
        diagnoses=(Coded("2型糖尿病", "E11.9"),), medicines=(Prescribed("二甲双胍", "0.5 g"), Prescribed("")), pulse=70
    )
    return actions.record_visit(actor=county.village_doctor, now=NOW, person_id=county.person.pk, form=form)


@pytest.fixture
def amend(county, visit):
    def change(row, kind, how, *, actor=None, mistake="", person_id=None):
        actions.amend_entry(
            actor=actor or county.village_doctor, now=NOW, person_id=person_id or county.person.pk, kind=kind,
            key=row.pk, how=how, mistake=mistake,
        )  # fmt: skip
        row.refresh_from_db()
        return row

    return change


def test_a_diagnosis_keeps_its_code_and_an_empty_line_writes_nothing(visit):
    row = Condition.objects.get(encounter=visit)
    assert (row.code_system, row.code, row.display) == ("icd-10", "E11.9", "2型糖尿病")
    assert Medication.objects.get(encounter=visit).code_system == ""


def test_a_medicine_is_stopped_and_leaves_the_summary(county, amend):
    row = amend(Medication.objects.get(), FactKind.MEDICATION, Amendment.END)
    assert (row.status, row.ended_at) == ("stopped", NOW)
    assert queries.summary(county.person.pk, now=NOW).medicines == ()


def test_a_diagnosis_is_resolved(county, amend):
    row = amend(Condition.objects.get(), FactKind.CONDITION, Amendment.END)
    assert (row.status, row.abated_at) == ("resolved", NOW)
    assert queries.summary(county.person.pk, now=NOW).problems == ()


def test_a_diagnosis_written_in_error_is_disproved_and_the_audit_says_why(county, amend):
    row = amend(Condition.objects.get(), FactKind.CONDITION, Amendment.WITHDRAW, mistake="wrong-person")
    assert (row.status, row.verification) == ("entered-in-error", "entered-in-error")
    assert AuditEntry.objects.get(event="condition.amend").detail == {"how": "withdraw", "mistake": "wrong-person"}
    assert queries.summary(county.person.pk, now=NOW).problems == ()


def test_why_must_be_one_of_the_list(amend):
    with pytest.raises(Invalid):
        amend(Condition.objects.get(), FactKind.CONDITION, Amendment.WITHDRAW, mistake="because")


def test_an_entry_ends_once_and_a_visit_is_not_withdrawn(amend, visit):
    row = amend(Medication.objects.get(), FactKind.MEDICATION, Amendment.END)
    with pytest.raises(Refusal):
        amend(row, FactKind.MEDICATION, Amendment.END)
    with pytest.raises(Refusal):
        amend(visit, FactKind.ENCOUNTER, Amendment.WITHDRAW, mistake="duplicate")


def test_only_the_facility_that_wrote_it_may(county, amend):
    with pytest.raises(Refusal):
        amend(Condition.objects.get(), FactKind.CONDITION, Amendment.END, actor=county.desk)


def test_a_stay_under_way_is_ended_where_it_is(county, amend):
    stay = actions.record_encounter(
        actor=county.desk, now=NOW, person_id=county.person.pk, klass="IMP", status="in-progress"
    )
    with pytest.raises(Refusal):
        amend(stay, FactKind.ENCOUNTER, Amendment.END)
    done = amend(stay, FactKind.ENCOUNTER, Amendment.END, actor=county.desk)
    assert (done.status, done.ended_at) == ("finished", NOW)


def test_an_entry_of_somebody_else_is_not_found(amend):
    with pytest.raises(NotFound):
        amend(Encounter.objects.get(), FactKind.ENCOUNTER, Amendment.END, person_id=-1)
