"""A patient's way from the village to the hospital and home again."""

from dataclasses import replace
from datetime import timedelta

import pytest

from catchment.kernel.actor import system
from catchment.kernel.errors import Invalid, NotAllowed, Refusal
from catchment.kernel.models import AuditEntry
from catchment.rooms.board import queries as board
from catchment.rooms.board.types import View
from catchment.rooms.booking.models import Slot
from catchment.rooms.referral import actions, queries
from catchment.rooms.referral.types import LetterForm, ReferralForm, Sending
from county import NOW, County

LETTER = LetterForm(
    diagnoses=({"code": "I20.000", "display": "不稳定性心绞痛"},),
    course="住院治疗，症状缓解",
    medicines=({"display": "阿司匹林肠溶片", "dose": "100mg 每日一次"},),
    advice="每周测血压一次，坚持服药",
    follow_up_days=5,
)


def form(county: County, **changes) -> ReferralForm:
    base = ReferralForm(
        to_service_id=county.cardiology.pk,
        urgency="urgent",
        reason_code="0",
        indication_code="1103",
        diagnosis_code="R07.400",
        diagnosis="胸痛",
        question="反复胸痛三天，请明确诊断",
    )
    return replace(base, **changes)


def drafted(county: County, **changes):
    return actions.draft_referral(
        actor=county.village_doctor, now=NOW, person_id=county.person.pk, form=form(county, **changes)
    )


def sent(county: County, sending: Sending | None = None, **changes):
    referral = drafted(county, **changes)
    return actions.send_referral(actor=county.village_doctor, now=NOW, referral_id=referral.pk, sending=sending)


def accepted(county: County, **changes):
    referral = sent(county, **changes)
    return actions.accept_referral(actor=county.desk, now=NOW + timedelta(minutes=9), referral_id=referral.pk)


def work(actor, view=View.FACILITY, now=NOW):
    return [line.kind for line in board.lines(actor, view, now=now)]


def test_an_up_referral_closes_its_loop(county):
    referral = accepted(county)
    assert referral.booking.slot is not None
    arrived = actions.arrive_referral(actor=county.desk, now=NOW + timedelta(days=1), referral_id=referral.pk)
    assert arrived.state == "arrived"
    answered = actions.answer_referral(
        actor=county.specialist, now=NOW + timedelta(days=4), referral_id=referral.pk, letter=LETTER
    )
    assert answered.holder_facility_id == county.village.pk
    taken = actions.take_over_referral(
        actor=county.village_doctor, now=NOW + timedelta(days=5), referral_id=referral.pk
    )
    assert taken.due_at == NOW + timedelta(days=10)
    assert work(county.village_doctor, View.MINE) == ["referral.follow-up"]
    closed = actions.follow_up_referral(
        actor=county.village_doctor, now=NOW + timedelta(days=9), referral_id=referral.pk, note="血压 132/80，无胸痛"
    )
    assert closed.state == "closed"
    assert [event.verb for event in queries.history_of(closed)] == [
        "draft", "send", "accept", "arrive", "answer", "take-over", "follow-up",
    ]  # fmt: skip
    assert work(county.village_doctor) == []


def test_every_step_leaves_an_audit_entry_about_the_person(county):
    accepted(county)
    events = AuditEntry.objects.filter(person_id=county.person.pk).values_list("event", flat=True)
    assert {"referral.draft", "referral.send", "referral.accept", "booking.hold", "booking.confirm"} <= set(events)


def test_sending_holds_a_slot_and_declining_gives_it_back(county):
    referral = sent(county)
    slot = referral.booking.slot
    assert Slot.objects.get(pk=slot.pk).state == "held"
    declined = actions.decline_referral(actor=county.desk, now=NOW, referral_id=referral.pk, code="R01")
    assert Slot.objects.get(pk=slot.pk).state == "free"
    assert declined.booking is None
    assert work(county.village_doctor) == ["referral.reroute"]


def test_a_refusal_needs_a_reason_from_the_list_of_its_day(county):
    referral = sent(county)
    with pytest.raises(Invalid) as refused:
        actions.decline_referral(actor=county.desk, now=NOW, referral_id=referral.pk, code="R77")
    assert refused.value.problems[0].field == "reason_code"
    referral.refresh_from_db()
    assert referral.state == "sent"


def test_other_as_a_reason_must_be_written_out(county):
    referral = sent(county)
    with pytest.raises(Invalid, match="写明"):
        actions.decline_referral(actor=county.desk, now=NOW, referral_id=referral.pk, code="R99")


def test_the_sender_cannot_accept_its_own_referral(county):
    referral = sent(county)
    with pytest.raises(NotAllowed):
        actions.accept_referral(actor=county.village_doctor, now=NOW, referral_id=referral.pk)


def test_what_may_be_done_is_told_with_the_reason_why_not(county):
    referral = sent(county)
    seen = queries.by_public_id(county.village_doctor, referral.public_id)
    choices = {choice.step.verb: choice for choice in queries.actions_for(seen, county.village_doctor)}
    assert choices["withdraw"].allowed
    assert not choices["accept"].allowed
    assert choices["accept"].code == "side"


def test_a_redirect_keeps_the_history_and_starts_the_clock_anew(county):
    referral = sent(county)
    later = NOW + timedelta(minutes=90)
    moved = actions.redirect_referral(
        actor=county.desk, now=later, referral_id=referral.pk, to_service_id=county.general.pk, code="D01"
    )
    assert moved.state == "sent"
    assert moved.to_service_id == county.general.pk
    assert moved.due_at == later + timedelta(minutes=120)
    assert [event.verb for event in queries.history_of(moved)] == ["draft", "send", "redirect"]


def test_a_question_goes_back_and_its_answer_restarts_the_clock(county):
    referral = sent(county)
    actions.request_information(actor=county.desk, now=NOW, referral_id=referral.pk, text="请附心电图")
    assert work(county.village_doctor, View.MINE) == ["referral.supply"]
    later = NOW + timedelta(hours=3)
    again = actions.supply_information(
        actor=county.village_doctor, now=later, referral_id=referral.pk, text="心电图：窦性心律"
    )
    assert (again.state, again.due_at) == ("sent", later + timedelta(minutes=120))


def test_an_emergency_is_phoned_first(county):
    referral = drafted(county, urgency="emergency")
    with pytest.raises(Invalid, match="电话"):
        actions.send_referral(actor=county.village_doctor, now=NOW, referral_id=referral.pk)
    gone = actions.send_referral(
        actor=county.village_doctor, now=NOW, referral_id=referral.pk, sending=Sending(phone="心内科值班 顾医生 已接")
    )
    assert gone.due_at == NOW + timedelta(minutes=15)


def test_a_second_live_referral_for_the_same_specialty_is_shown_first(county):
    first = sent(county)
    second = drafted(county)
    with pytest.raises(Refusal) as refused:
        actions.send_referral(actor=county.village_doctor, now=NOW, referral_id=second.pk)
    assert refused.value.facts["public_id"] == str(first.public_id)
    known = Sending(acknowledged_live=True)
    assert (
        actions.send_referral(actor=county.village_doctor, now=NOW, referral_id=second.pk, sending=known).state
        == "sent"
    )


def test_what_the_catalogue_keeps_below_asks_for_a_reason_and_is_marked(county):
    with pytest.raises(Invalid, match="目录"):
        drafted(county, diagnosis_code="I10.x00", diagnosis="高血压")
    marked = drafted(county, diagnosis_code="I10.x00", diagnosis="高血压", catalogue_reason="三药联用仍不达标")
    assert marked.against_catalogue


def test_a_down_referral_carries_the_letter_and_counts_when_taken_over(county):
    down = form(county, to_service_id=county.township_ward.pk, reason_code="2", indication_code="2003", letter=LETTER)
    referral = actions.draft_referral(actor=county.specialist, now=NOW, person_id=county.person.pk, form=down)
    assert referral.direction == "down"
    actions.send_referral(actor=county.specialist, now=NOW, referral_id=referral.pk, sending=Sending(reserve=False))
    actions.accept_referral(actor=county.township_doctor, now=NOW, referral_id=referral.pk)
    taken = actions.take_over_referral(actor=county.township_doctor, now=NOW, referral_id=referral.pk, note="已上门")
    assert taken.taken_over_at == taken.arrived_at == taken.answered_at == NOW
    assert work(county.township_doctor, View.MINE) == ["referral.follow-up"]


def test_a_down_referral_without_a_letter_is_refused(county):
    with pytest.raises(Invalid) as refused:
        actions.draft_referral(
            actor=county.specialist,
            now=NOW,
            person_id=county.person.pk,
            form=form(county, to_service_id=county.township_ward.pk, reason_code="2", indication_code="2003"),
        )
    assert [problem.field for problem in refused.value.problems] == ["letter"]


def test_outside_the_network_the_sender_keeps_the_book(county):
    referral = sent(county, to_service_id=county.outside_cardiology.pk, indication_code="1001")
    assert (referral.direction, referral.booking) == ("out", None)
    assert work(county.village_doctor, View.MINE) == ["referral.accept"]
    village, key = county.village_doctor, {"now": NOW, "referral_id": referral.pk}
    actions.accept_referral(actor=village, **key)
    assert work(village, View.MINE) == ["referral.arrive"]
    actions.arrive_referral(actor=village, **key)
    assert work(village, View.MINE) == ["referral.answer"]
    actions.answer_referral(actor=village, letter=LETTER, **key)
    actions.take_over_referral(actor=village, **key)
    assert actions.follow_up_referral(actor=village, note="无胸痛", **key).state == "closed"


def test_a_missed_destination_is_sent_elsewhere_with_its_history(county):
    referral = sent(county)
    actions.decline_referral(actor=county.desk, now=NOW, referral_id=referral.pk, code="R02")
    again = actions.resend_referral(
        actor=county.village_doctor, now=NOW, referral_id=referral.pk, to_service_id=county.general.pk
    )
    assert (again.state, again.to_service_id) == ("sent", county.general.pk)


def test_only_facilities_concerned_see_a_referral(county):
    referral = sent(county)
    assert queries.by_public_id(county.desk, referral.public_id).pk == referral.pk
    assert queries.by_public_id(county.manager, referral.public_id).pk == referral.pk
    with pytest.raises(Refusal):
        queries.by_public_id(county.township_doctor, referral.public_id)


def test_proposals_name_why(county):
    best = queries.proposals(county.village_doctor, county.person, now=NOW, diagnosis_code="I21.900")[0]
    assert best.service_id == county.cardiology.pk
    assert {"specialty", "capable", "network", "level", "slot", "distance"} == {reason.code for reason in best.reasons}


def test_nobody_accepting_climbs_the_chain_and_then_expires(county):
    referral = sent(county, sending=Sending(phone="已接"), urgency="emergency")
    clock = replace(county.desk, role="system", capabilities=frozenset({"referral.clock"}), facility_id=None)
    assert actions.run_clocks(actor=clock, now=NOW + timedelta(minutes=16)) == {"escalate": 1}
    referral.refresh_from_db()
    assert (referral.escalation, referral.holder_role) == (1, "specialist")
    assert work(county.specialist, View.MINE) == ["referral.accept"]
    assert actions.run_clocks(actor=clock, now=NOW + timedelta(minutes=27)) == {"escalate": 1}
    referral.refresh_from_db()
    assert referral.holder_role == "duty-manager"
    slot = referral.booking.slot
    assert actions.run_clocks(actor=clock, now=NOW + timedelta(hours=5)) == {"expire": 1}
    assert Slot.objects.get(pk=slot.pk).state == "free"


def test_the_last_holder_is_told_once_and_it_stands_overdue_until_it_expires(county):
    referral = sent(county, Sending(phone="急诊值班"), urgency="emergency")
    clock = system("referral-clocks", "referral.clock")
    told = [actions.run_clocks(actor=clock, now=NOW + timedelta(minutes=16 + 11 * n)) for n in range(6)]
    assert told == [{"escalate": 1}, {"escalate": 1}, {}, {}, {}, {}]
    referral.refresh_from_db()
    assert referral.due_at < NOW + timedelta(minutes=60)
    assert actions.run_clocks(actor=clock, now=NOW + timedelta(minutes=500)) == {"expire": 1}


def test_who_does_not_come_is_noted_after_the_editions_time(county):
    referral = accepted(county)
    clock = replace(county.desk, role="system", capabilities=frozenset({"referral.clock"}), facility_id=None)
    assert actions.run_clocks(actor=clock, now=referral.due_at - timedelta(minutes=1)) == {}
    assert actions.run_clocks(actor=clock, now=referral.due_at + timedelta(minutes=1)) == {"miss": 1}
    assert work(county.village_doctor) == ["referral.reroute"]


def test_an_encounter_at_the_destination_registers_the_arrival(county):
    from catchment.rooms.record.models import Encounter, Source

    referral = accepted(county)
    source = Source.objects.create(code="his", name="HIS", kind="native")
    when = NOW + timedelta(days=1)
    encounter = Encounter.objects.create(
        person=county.person, facility=county.hospital, source=source, status="in-progress", klass="AMB", at=when,
        recorded_at=when,
    )  # fmt: skip
    actions.match_arrival(encounter=encounter, now=when)
    referral.refresh_from_db()
    assert (referral.state, referral.arrival_encounter_id) == ("arrived", encounter.pk)


def test_advice_becomes_a_referral_without_typing_again(county):
    advice = actions.ask_advice(
        actor=county.village_doctor, now=NOW, person_id=county.person.pk, form=form(county, urgency="ordinary")
    )
    assert work(county.specialist, View.MINE) == ["advice.answer"]
    actions.answer_advice(
        actor=county.specialist, now=NOW, advice_id=advice.pk, answer="建议来院做冠脉造影", recommends_referral=True
    )
    assert work(county.village_doctor, View.MINE) == ["advice.read"]
    referral = actions.convert_advice(actor=county.village_doctor, now=NOW, advice_id=advice.pk)
    assert referral.origin_advice_id == advice.pk
    assert "冠脉造影" in referral.question
    assert referral.to_service_id == county.cardiology.pk


def test_the_patients_link_belongs_to_the_first_browser(county):
    referral = sent(county)
    secret = actions.issue_link(actor=county.village_doctor, now=NOW, referral=referral)
    found, browser = actions.open_link(now=NOW, secret=secret, browser="")
    assert found.pk == referral.pk
    assert actions.open_link(now=NOW, secret=secret, browser=browser)[0].pk == referral.pk
    with pytest.raises(Refusal):
        actions.open_link(now=NOW, secret=secret, browser="another")
