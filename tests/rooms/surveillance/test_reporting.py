"""A notifiable infection opens a case of disease control, due in the list's hours; nothing else does."""

from datetime import timedelta

import pytest

import county as small
from catchment.kernel import clock, wall
from catchment.kernel.models import AuditEntry
from catchment.rooms.board.models import WorkItem
from catchment.rooms.board.queries import notices
from catchment.rooms.record import actions as record
from catchment.rooms.record.types import Amendment, Coded, FactKind, VisitForm
from catchment.rooms.rulebook.models import Edition
from catchment.rooms.staff.queries import actor_of_post
from catchment.rooms.surveillance.models import ReportCard
from catchment.rooms.surveillance.queries import notifiable_on

pytestmark = pytest.mark.django_db
TERMS = wall.Terms(after_days=30)


@pytest.fixture
def control(county):
    place = small._facility("C1", "县疾控中心", "disease-control", "county", county.hospital.area, 121.3, 28.1)
    return small._actor("疾控员", place, "disease-control-officer")


@pytest.fixture
def diagnose(county):
    def done(code, display="x", *, now=None, actor=None):
        return record.record_condition(
            actor=actor or county.village_doctor, now=now or clock.now(), person_id=county.person.pk, code=code,
            display=display,
        )  # fmt: skip

    return done


@pytest.mark.parametrize(
    ("code", "disease", "klass", "hours", "priority"),
    [
        ("A00.9", "cholera", "A", 2, "emergency"),
        ("A22.1", "pulmonary-anthrax", "B", 2, "emergency"),
        ("A22.0", "anthrax", "B", 24, "urgent"),
        ("B05.900", "measles", "B", 24, "urgent"),
        ("B08.401", "hfmd", "C", 24, "urgent"),
    ],
)
def test_a_notifiable_infection_is_due_in_its_hours(control, diagnose, code, disease, klass, hours, priority):
    now = clock.now()
    diagnose(code, now=now)
    card, item = ReportCard.objects.get(), WorkItem.objects.get(kind="surveillance.report")
    assert (card.disease, card.klass, card.due_at) == (disease, klass, now + timedelta(hours=hours))
    assert (item.facility_id, item.due_at, item.priority) == (control.facility_id, card.due_at, priority)
    assert AuditEntry.objects.filter(event="infection.report", person_id=card.person_id).count() == 1


def test_the_board_s_line_does_not_name_the_infection(control, diagnose):
    diagnose("B24", "艾滋病")
    assert WorkItem.objects.get(kind="surveillance.report").headline == "B · 24 h"


@pytest.mark.parametrize("code", ["I10", "", "J18.900", "B08.0"])
def test_what_is_not_on_the_list_opens_nothing(control, diagnose, code):
    diagnose(code)
    assert not ReportCard.objects.exists()
    assert not WorkItem.objects.exists()


def test_the_same_illness_is_reported_once_and_a_later_one_again(control, diagnose):
    now = clock.now()
    for days in (0, 1, 89):
        diagnose("B05", now=now + timedelta(days=days))
    assert ReportCard.objects.count() == 1
    diagnose("B05", now=now + timedelta(days=91))
    assert ReportCard.objects.count() == 2


@pytest.mark.parametrize("reported", [False, True])
def test_a_diagnosis_written_in_error_takes_its_card_back_and_tells_the_office(control, county, diagnose, reported):
    written, now = diagnose("B05"), clock.now()
    if reported:
        WorkItem.objects.update(state="done")
    record.amend_entry(
        actor=county.village_doctor, now=now, person_id=county.person.pk, kind=FactKind.CONDITION, key=written.pk,
        how=Amendment.WITHDRAW, mistake="wrong-person",
    )  # fmt: skip
    (notice,) = notices(control)
    assert ReportCard.objects.get().withdrawn_at == now
    assert not WorkItem.objects.filter(state="open").exists()
    assert (notice.url, "请订正" in notice.text) == ("/cases/", reported)
    diagnose("B05")
    assert ReportCard.objects.filter(withdrawn_at__isnull=True).count() == 1


def test_a_visit_with_such_a_diagnosis_reports_it(control, county):
    form = VisitForm(diagnoses=(Coded("霍乱", "A00.9"), Coded("高血压", "I10")))
    record.record_visit(actor=county.village_doctor, now=clock.now(), person_id=county.person.pk, form=form)
    assert ReportCard.objects.get().facility == county.village


def test_without_an_office_or_a_list_the_diagnosis_is_written_all_the_same(county, diagnose):
    assert diagnose("A00.9").pk
    Edition.objects.filter(key="surveillance.notifiable").delete()
    from catchment.rooms.rulebook import queries as rulebook

    rulebook.forget()
    assert notifiable_on(clock.now().date()) is None
    assert diagnose("A00.9").pk
    assert not ReportCard.objects.exists()


def test_the_walls_show_a_card_to_the_office_that_holds_it_and_to_nobody_else(control, county, diagnose):
    diagnose("B05")
    other = small._facility("C2", "邻县疾控", "disease-control", "county", county.hospital.area, 121.3, 28.1)
    stranger = small._actor("邻县", other, "disease-control-officer")
    for actor, seen in ((control, 1), (stranger, 0), (county.specialist, 0), (county.manager, 0)):
        wall.enter(actor_of_post(actor.post_id, user_id=None), at=clock.now(), terms=TERMS)
        assert ReportCard.objects.count() == seen
        assert ReportCard.objects.update(name="x") == 0
        wall.leave()
