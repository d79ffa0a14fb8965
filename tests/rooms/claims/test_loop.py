"""A claim's way: from an encounter, checked, settled and posted, cancelled, settled again."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

import county as small
from catchment.kernel.actor import system
from catchment.kernel.errors import Invalid, NotAllowed, Refusal
from catchment.rooms.claims import actions, queries
from catchment.rooms.claims.models import ClaimLine, Settlement, YearAccount
from catchment.rooms.claims.types import Category, Kind, LineTold, State, Told
from catchment.rooms.ledger import queries as ledger
from catchment.rooms.people.models import Coverage
from catchment.rooms.referral.models import Referral
from stays import CLERK, checked, codes, live, made, mended, settled

NOW = small.NOW


def test_an_encounter_becomes_a_claim_with_its_lines_and_groups(stay):
    (claim,) = checked(stay(also=("E11.900",)))
    assert (claim.state, claim.total, claim.days, claim.age) == (State.CHECKED, 400_000, 6, 67)
    assert (claim.drg, claim.grouped) == ("D113", "ok")
    assert claim.weight > Decimal(0)
    assert [line.category for line in ClaimLine.objects.filter(claim=claim).order_by("category")] == [
        "drug", "examination", "laboratory", "service",
    ]  # fmt: skip
    assert claim.estimated
    assert claim.excluded == sum(ClaimLine.objects.filter(claim=claim).values_list("excluded", flat=True)) > 0


def test_the_same_encounter_makes_one_claim(stay):
    key = stay()
    assert len(made(key)) == 1
    assert made(key) == []


def test_what_has_not_ended_or_cost_nothing_is_left_with_its_reason(stay):
    told, left = queries.from_encounters([stay(status="in-progress"), stay(parts={"drug": 0})])
    assert (told, [why for _key, why in left]) == ([], ["not-finished", "no-cost"])


def test_the_same_stay_from_another_source_meets_the_database(stay, county):
    (claim,) = made(stay())
    again = Told(
        source="sheet:a", ref="1", person_id=claim.person_id, facility_id=claim.facility_id, kind=Kind.INPATIENT,
        begins_on=claim.begins_on, ends_on=claim.ends_on, lines=(LineTold(category=Category.DRUG, amount=1),),
    )  # fmt: skip
    with pytest.raises(IntegrityError, match="claim_stay_once"), transaction.atomic():
        actions.make_claims(actor=CLERK, now=NOW, told=[again])


def test_a_settlement_posts_one_balanced_transaction(stay, county):
    (claim,) = settled(stay())
    one = live(claim)
    assert one.fund + one.patient == claim.total
    sums = {line.account.split(":")[-1]: line.balance for line in ledger.trial_balance(NOW.date())}
    assert sums == {
        "fund-receivable": one.fund, "patient-receivable": one.patient, "basic": -one.basic, "self-pay": -one.patient,
    }  # fmt: skip
    assert ledger.verify()[1] == []


def test_the_second_stay_of_a_year_counts_on_the_first(stay):
    first, second = settled(stay(), stay(begins=date(2026, 2, 20), code="K29.500"))
    steps = [live(one).steps[0]["deductible"] for one in (first, second)]
    assert steps == [40_000, 32_000]
    assert YearAccount.objects.get(person=first.person).admissions == 2


def test_an_earlier_settlement_taken_back_marks_the_later_and_it_is_reckoned_anew_with_new_entries(stay):
    first, second = settled(stay(), stay(begins=date(2026, 2, 20), code="K29.500"))
    before = ledger.verify()[0]["transactions"]
    actions.cancel_claim(actor=CLERK, now=NOW, claim_id=first.pk, reason="费用有误")
    assert live(second).stale == {"code": "taken-back", "facts": {"claim": first.number}}
    assert live(second).steps[0]["deductible"] == 32_000
    actions.recompute_year(actor=CLERK, now=NOW, person_id=first.person_id, year=2026)
    assert live(second).steps[0]["deductible"] == 40_000
    assert not live(second).stale
    assert ledger.verify() == ({"transactions": before + 3, "postings": 20, "sum": 0}, [])
    assert YearAccount.objects.get(person=first.person).admissions == 1


def test_a_cancelled_claim_is_mended_and_settled_again(stay):
    (claim,) = settled(stay())
    actions.cancel_claim(actor=CLERK, now=NOW, claim_id=claim.pk, reason="费用有误")
    mended(claim)
    actions.settle_claims(actor=CLERK, now=NOW, claim_ids=[claim.pk])
    assert Settlement.objects.filter(claim=claim).count() == 2
    assert YearAccount.objects.get(person=claim.person).admissions == 1


def test_a_settled_claim_cannot_be_mended_and_a_cancellation_wants_a_reason(stay):
    (claim,) = settled(stay())
    with pytest.raises(Refusal):
        mended(claim)
    with pytest.raises(Invalid):
        actions.cancel_claim(actor=CLERK, now=NOW, claim_id=claim.pk, reason=" ")


def test_overlapping_stays_are_sent_back_with_the_other_as_evidence(stay):
    (first,) = settled(stay())
    (claim,) = checked(stay(begins=date(2026, 1, 8)))
    assert (claim.state, codes(claim)["overlap"]) == (State.REJECTED, "reject")
    assert claim.findings[0]["facts"]["claim"] == first.pk


@pytest.mark.parametrize(
    ("given", "code", "severity"),
    [
        ({"code": "N40.x00"}, "sex", "reject"),
        ({"code": "O80.900"}, "age", "flag"),
        ({"code": ""}, "no-diagnosis", "reject"),
        ({"parts": {"drug": 900_000, "service": 100_000}}, "drug-share", "flag"),
        ({"parts": {"consumable": 900_000, "service": 100_000}}, "consumable-share", "flag"),
        ({"days": 61, "begins": date(2025, 11, 5)}, "long", "flag"),
    ],
)
def test_what_the_rules_find(stay, given, code, severity):
    (claim,) = checked(stay(**given))
    assert codes(claim)[code] == severity
    assert (claim.state == State.REJECTED) == (severity == "reject")


def test_a_split_stay_a_readmission_and_a_transfer_are_flagged(stay, county):
    settled(stay())
    assert "split" in codes(checked(stay(begins=date(2026, 1, 13)))[0])
    assert "transfer" in codes(checked(stay(begins=date(2026, 1, 11), days=1, facility=county.township))[0])
    again = checked(stay(begins=date(2026, 1, 29), code="J18.901"))[0]
    assert codes(again) == {"readmission": "flag"}


def test_who_goes_to_the_city_is_reduced_unless_a_referral_was_accepted(stay, county):
    def referred():
        Referral.objects.create(
            number="R9", person=county.person, direction="out", urgency="ordinary", from_facility=county.village,
            to_facility=county.outside, holder_facility=county.village, state="arrived", state_since=NOW,
            created_at=NOW, sent_at=datetime(2026, 1, 30, tzinfo=UTC), accepted_at=NOW,
        )  # fmt: skip

    (bare,) = settled(stay(facility=county.outside))
    referred()
    (with_papers,) = settled(stay(facility=county.outside, begins=date(2026, 2, 10), code="K29.500"))
    assert (bare.way, with_papers.way) == ("unfiled", "transferred")
    assert with_papers.way_facts["referral"] == "R9"
    assert live(bare).steps[0]["why"][1] == {"code": "reduced", "facts": {"points": 15}}


@pytest.mark.parametrize(("sent", "way"), [("2026-02-10T15:30", "transferred"), ("2026-02-10T16:30", "unfiled")])
def test_a_referral_counts_by_the_countys_day_of_its_sending(stay, county, sent, way):
    """Half past midnight in the county is the day after the admission, though in UTC it is still the same day."""
    moment = datetime.fromisoformat(sent).replace(tzinfo=UTC)
    Referral.objects.create(
        number="R9", person=county.person, direction="out", urgency="ordinary", from_facility=county.village,
        to_facility=county.outside, holder_facility=county.village, state="arrived", state_since=moment,
        created_at=moment, sent_at=moment, accepted_at=moment,
    )  # fmt: skip
    (claim,) = settled(stay(facility=county.outside, begins=date(2026, 2, 10)))
    assert claim.way == way


def test_rights_of_the_day_decide_layers_and_aid(stay, county):
    rows = [(county.person.pk, "subsistence", date(2020, 1, 1), "t")]
    assert actions.entitle(actor=CLERK, now=NOW, rows=rows) == 1
    assert actions.entitle(actor=CLERK, now=NOW, rows=rows) == 0
    (claim,) = settled(stay(parts={"service": 8_000_000}))
    assert live(claim).aid > 0


def test_who_has_no_insurance_pays_all_and_is_told_why(stay, county):
    Coverage.objects.update(until=date(2025, 1, 1))
    (claim,) = settled(stay())
    assert (live(claim).patient, live(claim).fund) == (claim.total, 0)
    assert "no-coverage" in codes(claim)
    assert live(claim).steps[0]["why"][0]["code"] == "uninsured"


def test_a_visit_has_a_cap_of_its_own(stay):
    visits = [stay(begins=date(2026, 1, day), days=0, klass="AMB", parts={"service": 100_000}) for day in (5, 6, 7)]
    funds = [live(claim).fund for claim in settled(*visits)]
    assert sum(funds) == 60_000
    assert funds[2] < funds[0]


def test_a_whole_year_is_made_once_and_goes_on_where_it_was_left(stay):
    stay()
    stay(begins=date(2026, 2, 20), code="K29.500")
    stay(begins=date(2025, 3, 1))
    made(stay(begins=date(2026, 3, 10), code="I10.x00x002", days=3))
    done = actions.make_year(actor=CLERK, now=NOW, year=2026)
    assert (done.made, done.settled, done.known) == (2, 3, 1)
    again = actions.make_year(actor=CLERK, now=NOW, year=2026)
    assert (again.made, again.settled, again.known) == (0, 0, 3)


def test_spending_is_summed_by_place_month_kind_and_insurance(stay, county):
    settled(
        stay(), stay(begins=date(2026, 2, 20), code="K29.500"), stay(begins=date(2026, 2, 27), facility=county.outside)
    )
    lines = queries.fund_spending(date(2026, 1, 1), date(2026, 12, 31))
    assert [(line.month.month, line.in_county, line.claims) for line in lines] == [
        (1, True, 1),
        (2, True, 1),
        (3, False, 1),
    ]
    assert all(line.fund + line.patient == line.total for line in lines)
    assert queries.fund_spending(date(2026, 1, 1), date(2026, 12, 31), person_ids=[]) == []


def test_nobody_without_the_capability_makes_a_claim(stay):
    told, _left = queries.from_encounters([stay()])
    with pytest.raises(NotAllowed):
        actions.make_claims(actor=system("x"), now=NOW, told=told)


def test_another_hospital_cannot_take_the_step(stay, county):
    (claim,) = made(stay())
    from dataclasses import replace

    stranger = replace(county.township_doctor, capabilities=frozenset({"claims.work"}))
    with pytest.raises(NotAllowed):
        actions.check_claims(actor=stranger, now=NOW, claim_ids=[claim.pk])
