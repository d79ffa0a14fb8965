"""A hospital disputes that a claim was sent back or taken back; the office answers within the edition's days."""

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

import county as small
from catchment.kernel.actor import system
from catchment.kernel.errors import Invalid, NotAllowed, Refusal
from catchment.rooms.board.models import WorkItem
from catchment.rooms.board.queries import notices
from catchment.rooms.claims import actions, queries
from catchment.rooms.claims.models import Claim, ReviewDocument, Settlement
from catchment.rooms.record.models import Encounter
from stays import CLERK, amend, checked, mended, settled

PDF = b"%PDF-1.7\n%%EOF"
OFFICE = system("tests", "claims.pay", "claims.oversee", "claims.work")


@pytest.fixture
def desk(county):
    small._actor("孟佳宁", county.hospital, "insurance-officer")
    return replace(county.desk, capabilities=frozenset({"claims.work", "claims.read"}))


@pytest.fixture
def rejected(stay, county):
    """A stay that a rule sent back: the person's sex does not fit the diagnosis."""
    wrong = "C61.x00" if county.person.sex == "female" else "C53.900"
    (claim,) = checked(stay(code=wrong))
    assert claim.state == "rejected"
    return claim


def disputed(desk, claim, **more):
    given = {"actor": desk, "now": small.NOW, "claim_id": claim.pk, "text": "病案首页性别登记有误"} | more
    return actions.dispute_claim(**given)


def test_an_upheld_dispute_stays_with_its_reason_and_the_hospital_hears_of_it(desk, rejected):
    review = disputed(desk, rejected, files=[("病历.pdf", PDF)])
    work = WorkItem.objects.get(kind="claims.dispute", state="open")
    assert (work.due_at.date() >= review.due_on - timedelta(days=1), review.kind) == (True, "dispute")
    assert ReviewDocument.objects.get(review=review).name == "病历.pdf"
    with pytest.raises(Invalid):
        actions.decide_review(actor=OFFICE, now=small.NOW, review_id=review.pk, verb="refuse")
    with pytest.raises(NotAllowed):
        actions.decide_review(actor=desk, now=small.NOW, review_id=review.pk, verb="grant", text="x")
    actions.decide_review(actor=OFFICE, now=small.NOW, review_id=review.pk, verb="refuse", text="资料不支持")
    rejected.refresh_from_db()
    assert rejected.state == "rejected"
    assert not WorkItem.objects.filter(kind="claims.dispute", state="open").exists()
    (notice,) = notices(desk)
    assert "维持原处理" in notice.text
    assert notice.url == f"/claims/{rejected.public_id}/"


def test_an_overturned_one_goes_back_into_settlement_with_the_finding_overruled(desk, rejected):
    review = disputed(desk, rejected)
    with pytest.raises(Invalid):
        actions.decide_review(actor=OFFICE, now=small.NOW, review_id=review.pk, verb="grant")
    actions.decide_review(actor=OFFICE, now=small.NOW, review_id=review.pk, verb="grant", text="公安证明已核对")
    rejected.refresh_from_db()
    assert (rejected.state, rejected.grouped != "") == ("checked", True)
    (finding,) = [one for one in rejected.findings if one["code"] == "sex"]
    assert (finding["severity"], finding["overruled"]) == ("flag", OFFICE.name)
    actions.settle_claims(actor=CLERK, now=small.NOW, claim_ids=[rejected.pk])
    assert Settlement.objects.filter(claim=rejected, cancelled_at__isnull=True).exists()


def test_what_the_office_took_back_can_be_disputed_what_the_hospital_took_back_itself_cannot(desk, stay):
    by_office, by_desk = settled(stay(), stay(begins=date(2026, 1, 20)))
    actions.cancel_claim(actor=OFFICE, now=small.NOW, claim_id=by_office.pk, reason="疑似挂床")
    actions.cancel_claim(actor=desk, now=small.NOW, claim_id=by_desk.pk, reason="录错")
    with pytest.raises(Refusal, match="被医保经办撤销"):
        disputed(desk, by_desk)
    review = disputed(desk, by_office)
    actions.decide_review(actor=OFFICE, now=small.NOW, review_id=review.pk, verb="grant", text="体温单可证")
    assert Claim.objects.get(pk=by_office.pk).state == "checked"


def test_a_claim_nobody_can_reckon_is_mended_and_not_disputed(desk, stay):
    (claim,) = checked(stay(code=""))
    assert claim.state == "rejected"
    with pytest.raises(Refusal, match="修改后重新提交"):
        disputed(desk, claim)


def test_after_the_editions_days_it_is_too_late(desk, rejected):
    amend("claims.rules", dispute_days=2)
    last = queries.dispute_until(rejected)
    late = datetime.combine(last + timedelta(days=1), small.NOW.timetz())
    with pytest.raises(Refusal, match=last.isoformat()):
        disputed(desk, rejected, now=late)


def test_another_hospital_disputes_nothing_and_an_empty_reason_is_named(desk, rejected, county):
    with pytest.raises(NotAllowed):
        disputed(replace(desk, facility_id=county.township.pk), rejected)
    with pytest.raises(Invalid):
        disputed(desk, rejected, text=" ")


def test_while_a_dispute_waits_the_claim_is_not_mended_and_no_second_one_is_taken(desk, rejected):
    review = disputed(desk, rejected)
    with pytest.raises(Refusal, match="撤回申诉"):
        mended(rejected)
    with pytest.raises(Refusal, match="还没有答复"):
        disputed(desk, rejected)
    actions.decide_review(actor=desk, now=small.NOW, review_id=review.pk, verb="withdraw")
    assert disputed(desk, rejected).state == "asked"


def test_a_stay_that_was_claimed_again_meanwhile_is_not_paid_twice(desk, stay):
    key = stay()
    (claim,) = settled(key)
    actions.cancel_claim(actor=OFFICE, now=small.NOW, claim_id=claim.pk, reason="重复")
    review = disputed(desk, claim)
    Encounter.objects.filter(pk=key).update(number="x")
    settled(stay())
    with pytest.raises(Refusal, match="已有结算单"):
        actions.decide_review(actor=OFFICE, now=small.NOW, review_id=review.pk, verb="grant", text="x")
