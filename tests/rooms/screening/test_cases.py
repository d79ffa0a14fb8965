"""A case from being found to the end, the ways in which people drop out, the plan, the clock."""

from datetime import date, timedelta

import pytest

from catchment.kernel.actor import system
from catchment.kernel.errors import Invalid, NotAllowed, NotFound, Refusal
from catchment.rooms.board.models import WorkItem
from catchment.rooms.screening import actions, queries
from catchment.rooms.screening.models import Case
from catchment.rooms.staff.models import CareResponsibility
from county import NOW

CLOCK = system("screening", "screening.run", "screening.clock")


@pytest.fixture
def case(county, publish, pressure, run):
    publish("hypertension")
    CareResponsibility.objects.create(
        person=county.person, post_id=county.village_doctor.post_id, since=date(2026, 1, 1)
    )
    pressure(county.person, 150, 88)
    run()
    return Case.objects.get()


def take(case, actor, verb, now=NOW, **given):
    return actions.take(actor=actor, now=now, case_id=case.pk, verb=verb, given=given)


def test_a_case_goes_from_found_to_enrolled_with_its_times_and_one_duty_at_a_time(case, county):
    team, kinds = county.village_doctor, []
    for verb in ("inform", "reach", "test", "confirm", "enrol"):
        moved = take(case, team, verb, result="三次均高于 140/90" if verb == "confirm" else "")
        kinds.append(
            list(WorkItem.objects.filter(subject_kind="screening", state="open").values_list("kind", flat=True))
        )
    assert kinds == [["screening.reach"], ["screening.test"], ["screening.confirm"], ["screening.enrol"], []]
    assert (moved.state, moved.result, moved.ended_at) == ("enrolled", "三次均高于 140/90", NOW)
    assert None not in {moved.informed_at, moved.reached_at, moved.tested_at, moved.confirmed_at}
    assert [event.verb for event in queries.history_of(moved)] == [
        "open",
        "inform",
        "reach",
        "test",
        "confirm",
        "enrol",
    ]


@pytest.mark.parametrize(
    ("verb", "code", "state"), [("refuse", "R02", "refused"), ("lose", "N01", "unreachable"), ("depart", "D01", "moved-away")]
)  # fmt: skip
def test_who_drops_out_does_so_with_a_coded_reason_and_can_be_taken_up_again(case, county, verb, code, state):
    dropped = take(case, county.village_doctor, verb, code=code)
    assert (dropped.state, dropped.ended_at, dropped.due_at) == (state, None, None)
    assert queries.history_of(dropped)[-1].reason_code == code
    assert not WorkItem.objects.filter(subject_kind="screening", state="open").exists()
    assert take(case, county.village_doctor, "take-up").state == "reached"


@pytest.mark.parametrize(
    ("given", "said"), [({}, "选择一个理由"), ({"code": "N01"}, "R01"), ({"code": "R99"}, "写明理由")]
)
def test_a_reason_is_of_the_list_and_other_needs_words(case, county, given, said):
    with pytest.raises(Invalid, match=said):
        take(case, county.village_doctor, "refuse", **given)
    case.refresh_from_db()
    assert case.state == "found"


def test_only_the_team_and_its_centre_may_act(case, county):
    with pytest.raises(NotAllowed):
        take(case, county.specialist, "inform")
    assert take(case, county.township_doctor, "inform").state == "informed"


def test_a_step_out_of_turn_or_unknown_is_refused(case, county):
    with pytest.raises(Refusal, match="当前状态"):
        take(case, county.village_doctor, "enrol")
    with pytest.raises(NotFound, match="没有这个步骤"):
        take(case, county.village_doctor, "escalate")


def test_what_may_be_done_now_is_told_with_why_not(case, county):
    offered = {choice.step.verb: choice.allowed for choice in queries.actions_for(case, county.village_doctor)}
    assert offered == {"inform": True, "reach": True, "refuse": True, "lose": True, "depart": True}
    elsewhere = queries.actions_for(case, county.specialist)
    assert {(choice.allowed, choice.code) for choice in elsewhere} == {(False, "capability")}


def test_the_plan_is_ticked_off_once_by_the_team(case, county):
    done = actions.finish_plan_action(actor=county.village_doctor, now=NOW, case_id=case.pk, place=0)
    assert (done.code, done.done_by_id) == ("repeat", county.village_doctor.post_id)
    with pytest.raises(Invalid, match="已经办过"):
        actions.finish_plan_action(actor=county.village_doctor, now=NOW, case_id=case.pk, place=0)
    with pytest.raises(NotFound):
        actions.finish_plan_action(actor=county.village_doctor, now=NOW, case_id=case.pk, place=9)


def test_a_case_that_nobody_moves_goes_to_the_centre_once(case, county):
    late = case.due_at + timedelta(days=7, minutes=1)
    assert actions.run_clocks(actor=CLOCK, now=late - timedelta(minutes=2)) == 0
    assert actions.run_clocks(actor=CLOCK, now=late) == 1
    work = WorkItem.objects.get(subject_kind="screening", state="open")
    assert (work.facility_id, work.role, work.escalation) == (county.township.pk, "health-manager", 1)
    assert actions.run_clocks(actor=CLOCK, now=late) == 0
