"""What the fund watches for: signs by stated rules, judged by people, evidence behind each."""

from datetime import date
from fractions import Fraction

import pytest

import lived
from catchment.kernel.errors import Invalid, Refusal
from catchment.kernel.models import AuditEntry, FlowEvent
from catchment.rooms.board.models import WorkItem
from catchment.rooms.budget.actions import watching
from catchment.rooms.budget.models import Evidence, Finding
from catchment.rooms.budget.rules.case_mix import Weighed, drifts
from catchment.rooms.budget.rules.editions import WatchItem
from catchment.rooms.budget.rules.watching import Count, Figure, signs
from catchment.rooms.budget.rules.words import WHY
from catchment.rooms.budget.types import Watch
from catchment.rooms.claims.models import Claim
from catchment.rooms.record.models import Encounter, Observation, Source
from catchment.rooms.referral.models import Referral


def watch():
    return watching.watch_year(actor=lived.CLERK, now=lived.NOW, community="N1", year=2025)


def found():
    return {one.watch for one in watch()}


def test_an_ordinary_year_shows_nothing(county):
    lived.live(county)
    assert watch() == []


def test_fewer_visits_than_the_year_before_are_seen_with_those_not_seen_again(county):
    lived.live(county)
    Encounter.objects.filter(facility=county.village, at__year=2025).exclude(person=county.person).delete()
    one = watch()[0]
    assert (one.watch, one.facility, one.counted) == ("under-service", county.village, 12)
    assert set(Evidence.objects.filter(finding=one).values_list("day__year", flat=True)) == {2024}


def test_stays_split_in_two_are_seen(county):
    lived.live(county)
    source = Source.objects.get(code="his")
    for month in range(1, 13):
        lived.stay(source, county.person, county.hospital, date(2025, month, 14), 1000)
        lived.stay(source, county.person, county.hospital, date(2025, month, 18), 1000)
    assert "readmission" in found()


def test_costs_shifted_to_patients_are_seen(county):
    lived.live(county)
    source = Source.objects.get(code="his")
    for year, cost in ((2024, 2000), (2025, 9_000_000)):
        for at in range(40):
            lived.stay(
                source, county.person, county.hospital, date(year, 1 + at % 12, 12), 1000, cost=cost, reason=f"A{at}"
            )
    assert "cost-shift" in found()


def test_severe_cases_refused_are_seen_and_open_to_the_referrals(county):
    lived.live(county)
    for at in range(8):
        referral = Referral.objects.create(
            number=f"R{at}", person=county.person, direction="up", urgency="urgent", from_facility=county.township,
            to_facility=county.hospital, holder_facility=county.hospital, state="declined", state_since=lived.NOW,
            created_at=lived.NOW, sent_at=lived.NOW.replace(year=2025, month=5), parties=[county.hospital.pk],
        )  # fmt: skip
        if at < 4:
            FlowEvent.objects.create(
                subject_kind="referral", subject_id=referral.pk, verb="decline", to_state="declined", at=lived.NOW,
                actor_role="x", facility_id=county.hospital.pk,
            )  # fmt: skip
    one = watch()[0]
    assert (one.watch, one.counted, one.of, one.value) == ("refused-severe", 4, 8, "50.0")
    assert Evidence.objects.filter(finding=one, kind="referral").count() == 4


def test_a_stay_split_at_once_is_seen_whatever_the_second_disease(county):
    lived.live(county)
    source = Source.objects.get(code="his")
    for at in range(24):
        month = 1 + at % 12
        lived.stay(source, county.person, county.township, date(2025, month, 1 + at), 1000, reason=f"A{at}")
        lived.stay(source, county.person, county.township, date(2025, month, 3 + at), 1000, reason=f"K{at}")
    assert [(one.watch, one.facility.code) for one in watch()] == [("readmission", "T1")]


def test_money_that_leaves_the_county_is_seen_and_the_same_money_at_home_is_not(county):
    lived.live(county)
    source = Source.objects.get(code="his")
    for year, place in ((2024, county.hospital), (2025, county.outside)):
        for at in range(40):
            lived.stay(source, county.person, place, date(year, 1 + at % 12, 1 + at % 28), 900_000, reason=f"A{at}")
    assert "outflow" in found()
    Encounter.objects.filter(at__year=2025, facility=county.outside, cost_parts__fund=900_000).update(
        facility=county.hospital
    )
    Finding.objects.all().delete()
    assert "outflow" not in found()


def test_what_serious_illness_and_aid_pay_is_not_put_on_the_patient(county):
    """Basic insurance leaves nine tenths of each stay of 2025, another fund pays them: the own part has not risen."""
    lived.live(county)
    source = Source.objects.get(code="his")
    for year, fund in ((2024, 9_000), (2025, 1_000)):
        for at in range(40):
            day = date(year, 1 + at % 12, 1 + at // 12)
            lived.stay(source, county.person, county.township, day, fund, cost=10_000, reason=f"A{at}")
    assert "cost-shift" in found()
    for one in Encounter.objects.filter(facility=county.township, at__year=2025):
        lived.grouped(one, "FR15", 1)
        lived.settled(Claim.objects.get(encounter=one), basic=1_000, aid=8_000)
    Finding.objects.all().delete()
    assert "cost-shift" not in found()


GROUPS = {"light": ("FR15", "0.8"), "heavy": ("FR11", "1.6"), "other": ("GB29", "2.4")}


def inpatients(county, year, quarter, kinds, *, place=None, result=""):
    """Stays of one quarter, each ("light", "heavy" or "other") in its group; no two for the same disease."""
    source = Source.objects.get(code="his")
    for at, kind in enumerate(kinds):
        day = date(year, quarter * 3 - at % 3, 1 + at // 3 % 26)
        one = lived.stay(
            source, county.person, place or county.hospital, day, 1000, days=1, reason=f"Q{year}{at}{kind}"
        )
        Encounter.objects.filter(pk=one.pk).update(at=one.at.replace(minute=at % 60, second=quarter))
        lived.grouped(one, *GROUPS[kind], result=result)


def of_kind(kind):
    return [one for one in watch() if one.watch == kind]


def test_the_same_diseases_grouped_heavier_are_seen_with_the_stays_behind(county):
    lived.live(county)
    for quarter in range(1, 5):
        inpatients(county, 2024, quarter, ["light"] * 30 + ["heavy"] * 10)
    for quarter in (1, 2, 4):
        inpatients(county, 2025, quarter, ["light"] * 30 + ["heavy"] * 10)
    inpatients(county, 2025, 3, ["light"] * 10 + ["heavy"] * 30)
    (one,) = of_kind("case-mix")
    assert (one.facility, one.counted, one.of) == (county.hospital, 30, 40)
    assert float(one.value) == pytest.approx(40.0)
    assert "第 3 季度 CMI 1.400，前四季 1.000" in WHY.one(one.why)
    assert Evidence.objects.filter(finding=one).count() == 30
    assert {row.day.month for row in Evidence.objects.filter(finding=one)} == {7, 8, 9}


def test_a_year_of_more_complications_is_seen_and_the_same_share_is_not(county):
    lived.live(county)
    for quarter in range(1, 5):
        inpatients(county, 2024, quarter, ["light"] * 30 + ["heavy"] * 10)
        inpatients(county, 2025, quarter, ["light"] * 10 + ["heavy"] * 30)
        inpatients(county, 2024, quarter, ["light"] * 10 + ["heavy"] * 10, place=county.township)
        inpatients(county, 2025, quarter, ["light"] * 10 + ["heavy"] * 10, place=county.township)
    assert [(one.facility, one.counted, one.of) for one in of_kind("upcoding")] == [(county.hospital, 120, 160)]


def test_heavier_diseases_than_before_are_no_drift(county):
    """The index rises as much, by cases of another disease: new work, not other coding."""
    lived.live(county)
    for year, quarter in ((2024, 1), (2024, 2), (2024, 3), (2024, 4), (2025, 1)):
        inpatients(county, year, quarter, ["light"] * 30 + ["heavy"] * 10 + ["other"] * 2)
    inpatients(county, 2025, 2, ["light"] * 30 + ["heavy"] * 10 + ["other"] * 36)
    assert of_kind("case-mix") == []


def test_what_rises_everywhere_is_nobodys_drift(county):
    lived.live(county)
    for place in (county.hospital, county.township):
        for quarter in range(1, 5):
            inpatients(county, 2024, quarter, ["light"] * 30 + ["heavy"] * 10, place=place)
        inpatients(county, 2025, 1, ["light"] * 10 + ["heavy"] * 30, place=place)
    assert of_kind("case-mix") == []


def test_complications_that_no_result_shows_are_seen_and_those_that_show_are_not(county):
    lived.live(county)
    inpatients(county, 2024, 1, ["heavy"] * 30, result="H")
    inpatients(county, 2025, 1, ["heavy"] * 20, result="H")
    inpatients(county, 2025, 2, ["heavy"] * 20, result="N")
    inpatients(county, 2025, 3, ["heavy"] * 20)
    (one,) = of_kind("unsupported")
    assert (one.counted, one.of, one.value) == (20, 40, "50.0")
    assert {row.day.month for row in Evidence.objects.filter(finding=one)} <= {4, 5, 6}
    Observation.objects.filter(interpretation="N").update(interpretation="H")
    Finding.objects.all().delete()
    assert of_kind("unsupported") == []


def test_results_that_are_normal_everywhere_are_no_sign(county):
    lived.live(county)
    for place in (county.hospital, county.township):
        inpatients(county, 2025, 1, ["heavy"] * 30, place=place, result="N")
    assert of_kind("unsupported") == []


def test_a_quarter_that_is_not_over_is_not_judged():
    item = WatchItem(watch=Watch.CASE_MIX, zh="x", en="x", limit=5, least=10)
    rows = [Weighed(1, "F", 2024 * 4 + at, "FR1", 20, Fraction(20), Fraction(20), 0) for at in range(4)]
    rows.append(Weighed(1, "F", 2025 * 4, "FR1", 20, Fraction(30), Fraction(45), 20))
    assert drifts(item, rows, 2025, date(2025, 3, 1)) == []
    assert [float(one.value) for one in drifts(item, rows, 2025, date(2025, 4, 1))] == [50.0]


def figure(counted, of, counted_before, of_before):
    def count(n, whole):
        share = n / whole
        return Count(counted=n, of=whole, events=whole, variance=share * (1 - share) / whole)

    return Figure(facility_id=1, facility="F", now=count(counted, of), before=count(counted_before, of_before))


def test_few_cases_are_not_judged_and_chance_is_no_sign():
    item = WatchItem(watch=Watch.UPCODING, zh="x", en="x", limit=5, least=30, sure=3)
    assert signs(item, [figure(9, 10, 1, 10)]) == []
    assert signs(item, [figure(40, 100, 30, 100)]) == []
    assert [float(one.value) for one in signs(item, [figure(400, 1000, 300, 1000)])] == [10.0]
    assert signs(item, [figure(340, 1000, 300, 1000)]) == []


@pytest.fixture
def finding(county):
    lived.live(county)
    Encounter.objects.filter(facility=county.village, at__year=2025).exclude(person=county.person).delete()
    return watch()[0]


def test_a_finding_is_work_until_it_is_judged(finding):
    assert WorkItem.objects.get(subject_id=finding.pk, kind="budget.finding").state == "open"
    with pytest.raises(Invalid):
        watching.judge(actor=lived.CLERK, now=lived.NOW, finding_id=finding.pk, verb="confirm", outcome=" ")
    watching.judge(actor=lived.CLERK, now=lived.NOW, finding_id=finding.pk, verb="explain", outcome="医生休产假")
    assert WorkItem.objects.get(subject_id=finding.pk, kind="budget.finding").state == "done"
    with pytest.raises(Refusal):
        watching.judge(actor=lived.CLERK, now=lived.NOW, finding_id=finding.pk, verb="confirm", outcome="x")


def test_looking_again_renews_what_is_open_and_leaves_what_is_judged(finding):
    assert watch()[0].pk == finding.pk
    assert WorkItem.objects.filter(kind="budget.finding").count() == 1
    watching.judge(actor=lived.CLERK, now=lived.NOW, finding_id=finding.pk, verb="dismiss", outcome="x")
    assert watch()[0].state == "dismissed"
    assert Finding.objects.count() == 1


def test_opening_the_evidence_is_noted_for_each_person(finding):
    rows = watching.open_evidence(actor=lived.CLERK, now=lived.NOW, finding=finding)
    noted = AuditEntry.objects.filter(event="budget.evidence").values_list("person_id", flat=True)
    assert set(noted) == {row.person_id for row in rows}
