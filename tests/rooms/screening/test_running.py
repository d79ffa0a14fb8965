"""Running over the county: what is written, once; what is opened, raised, ended; going on where it stopped."""

from datetime import date, timedelta

import pytest

from catchment.kernel.actor import system
from catchment.kernel.errors import Invalid
from catchment.kernel.models import AuditEntry, FlowEvent
from catchment.rooms.board.models import WorkItem
from catchment.rooms.record import actions as record
from catchment.rooms.screening import actions, queries
from catchment.rooms.screening.actions import running
from catchment.rooms.screening.models import Assessment, Case, PlanAction, Run
from catchment.rooms.staff.models import CareResponsibility
from county import NOW, make_person

SCREENER = system("screening", "screening.run", "screening.clock")


def newest(person, model="hypertension_grade"):
    return Assessment.objects.get(person=person, model=model, newest=True)


def test_an_assessment_says_what_it_rests_on_and_a_second_run_writes_nothing(county, publish, pressure, run):
    publish("hypertension")
    entry = pressure(county.person, 152, 88)
    first = run()
    row = newest(county.person)
    assert (row.status, row.band, row.edition) == ("assessed", "grade 1", "2018")
    assert row.rules.startswith("2026.1/test-")
    assert row.inputs["sbp_mmhg"] == {"value": 152.0, "from": "measurement", "entry": entry.pk, "day": "2026-03-01"}
    assert row.inputs["age_years"] == {"value": 67.0, "from": "age"}
    assert (first.assessed, first.changed, first.opened) == (1, 1, 1)
    again = run()
    assert (again.assessed, again.changed, again.opened) == (1, 0, 0)
    assert Run.objects.get().finished_at == NOW


def test_an_assessment_that_rests_on_old_values_is_due_again(county, publish, pressure, run):
    publish("hypertension", interval_days=90)
    old, fresh = county.person, make_person("新测", county.person.area, county.village)
    pressure(old, 152, 88, days_ago=90)
    pressure(fresh, 120, 70, days_ago=89)
    run()
    programme = queries.programmes_on(NOW.date()).programme("hypertension")
    actor = system("test", "screening.read", "screening.statistics-all")

    def told(now):
        return {stage.code: stage.count for stage in queries.funnel(actor, programme, now)}

    def behind(stage):
        return set(queries.people_behind(actor, programme, NOW.date(), by="township", place="", stage=stage))

    assert newest(old).rests_on == NOW.date() - timedelta(days=90)
    assert {code: told(NOW)[code] for code in ("eligible", "assessed", "due")} == {
        "eligible": 2,
        "assessed": 1,
        "due": 1,
    }
    assert (behind("assessed"), behind("due")) == ({fresh}, {old})
    assert told(NOW + timedelta(days=1))["due"] == 2
    pressure(old, 150, 88, days_ago=0)
    run(NOW + timedelta(minutes=1))
    assert told(NOW)["due"] == 0


def test_a_missing_input_is_named_and_nothing_is_made_up(county, publish, run):
    publish("hypertension")
    run()
    row = newest(county.person)
    assert (row.status, row.value, row.band) == ("missing", None, "")
    assert row.reasons["missing"] == ["sbp_mmhg", "dbp_mmhg"]


def test_who_is_diagnosed_leaves_the_programme_and_the_row_says_so(county, publish, pressure, run):
    publish("hypertension")
    pressure(county.person, 152, 88)
    run()
    record.record_condition(
        actor=county.village_doctor, now=NOW, person_id=county.person.pk, code="I10.x00", display="高血压"
    )
    run(NOW + timedelta(days=1))
    assert newest(county.person).status == "out_of_population"
    assert Assessment.objects.filter(person=county.person).count() == 2
    assert run(NOW + timedelta(days=2)).changed == 0


def test_a_band_that_asks_for_action_opens_a_case_on_the_board_of_the_doctor(county, publish, pressure, run):
    publish("hypertension")
    CareResponsibility.objects.create(
        person=county.person, post_id=county.village_doctor.post_id, since=date(2026, 1, 1)
    )
    pressure(county.person, 170, 101)
    run()
    case = Case.objects.get()
    assert (case.state, case.band, case.facility_id, case.post_id) == (
        "found", "grade 2", county.village.pk, county.village_doctor.post_id,
    )  # fmt: skip
    work = WorkItem.objects.get(subject_kind="screening")
    assert (work.kind, work.post_id, work.headline) == ("screening.reach", case.post_id, "高血压筛查 · 2 级高血压")
    assert work.due_at == NOW + timedelta(days=7)
    assert [one.code for one in PlanAction.objects.order_by("place")] == ["repeat", "confirm"]
    assert AuditEntry.objects.filter(event="screening.open", person_id=county.person.pk).count() == 1


def test_rising_risk_raises_the_case_and_falling_risk_ends_it_quietly(county, publish, pressure, run):
    publish("hypertension")
    pressure(county.person, 150, 88, days_ago=3)
    run()
    pressure(county.person, 186, 112, days_ago=2)
    assert run(NOW + timedelta(hours=1)).updated == 1
    case = Case.objects.get()
    assert (case.band, case.priority, case.assessment_id) == ("grade 3", "urgent", newest(county.person).pk)
    pressure(county.person, 128, 78, days_ago=1)
    assert run(NOW + timedelta(hours=2)).lapsed == 1
    case.refresh_from_db()
    assert (case.state, case.ended_at) == ("lapsed", NOW + timedelta(hours=2))
    assert not WorkItem.objects.filter(subject_kind="screening", state="open").exists()
    assert list(FlowEvent.objects.filter(subject_kind="screening").values_list("verb", flat=True)) == [
        "open",
        "raise",
        "lapse",
    ]


def test_a_value_that_grows_old_ends_no_case_because_it_says_nothing(county, publish, pressure, run):
    publish("hypertension")
    pressure(county.person, 150, 88)
    run()
    run(NOW + timedelta(days=800))
    assert (newest(county.person).status, Case.objects.get().state) == ("missing", "found")


def test_a_facility_is_given_so_many_cases_at_a_time_the_gravest_first(county, publish, pressure, run):
    publish("hypertension", most_open=1)
    graver = make_person("李建国", county.village.area, county.village)
    pressure(county.person, 150, 88)
    pressure(graver, 190, 100)
    assert run().opened == 1
    assert Case.objects.get().person == graver


def test_an_ended_case_is_not_opened_again_within_the_interval(county, publish, pressure, run):
    publish("hypertension")
    pressure(county.person, 150, 88)
    run()
    case, team = Case.objects.get(), county.village_doctor
    for verb in ("reach", "test", "clear"):
        actions.take(actor=team, now=NOW, case_id=case.pk, verb=verb, given={})
    assert run(NOW + timedelta(days=300)).opened == 0
    assert run(NOW + timedelta(days=366)).opened == 1


def test_a_run_that_was_stopped_goes_on_with_the_next_block(county, publish, pressure, run, monkeypatch):
    publish("hypertension")
    monkeypatch.setattr(running, "BLOCK", 1)
    for number in range(5):
        pressure(make_person(f"人{number}", county.village.area, county.village), 150, 88)
    stopped = []

    def stop(done, of):
        stopped.append((done, of))
        if done == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run(report=stop)
    before = Run.objects.get()
    assert (before.done, before.finished_at) == (2, None)
    whole = run(report=lambda done, of: stopped.append((done, of)))
    assert [done for done, _of in stopped] == [1, 2, 3, 4, 5, 6]
    assert (whole.people, whole.assessed) == (6, 5)


def test_a_programme_that_is_not_known_is_named_with_those_that_are(publish, run):
    publish("hypertension", "kidney")
    with pytest.raises(Invalid, match="hypertension、kidney"):
        run(programme="x")


def test_one_person_in_postgresql_is_assessed_as_in_the_county(county, publish, pressure, run):
    publish("hypertension", "kidney")
    pressure(county.person, 152, 88)
    run()
    done = actions.reassess(actor=SCREENER, now=NOW, person_ids=[county.person.pk])
    assert (done.people, done.changed) == (1, 0)
