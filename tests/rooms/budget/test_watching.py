"""What the fund watches for: signs by stated rules, judged by people, evidence behind each."""

from datetime import date

import pytest

import lived
from catchment.kernel.errors import Invalid, Refusal
from catchment.kernel.models import AuditEntry, FlowEvent
from catchment.rooms.board.models import WorkItem
from catchment.rooms.budget.actions import watching
from catchment.rooms.budget.models import Evidence, Finding
from catchment.rooms.budget.rules.editions import WatchItem
from catchment.rooms.budget.rules.watching import Figure, signs
from catchment.rooms.budget.types import Watch
from catchment.rooms.record.models import Encounter, Source
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


def test_upcoding_and_outflow_rise_by_points():
    item = WatchItem(watch=Watch.UPCODING, zh="x", en="x", limit=5, least=30)
    drift = Figure(
        facility_id=1, facility="F", counted=40, of=100, counted_before=30, of_before=100, events=100, events_before=100
    )
    assert [float(sign.value) for sign in signs(item, [drift])] == [10.0]
    assert (
        signs(
            item,
            [
                Figure(
                    facility_id=1,
                    facility="F",
                    counted=9,
                    of=10,
                    counted_before=1,
                    of_before=10,
                    events=10,
                    events_before=10,
                )
            ],
        )
        == []
    )


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
