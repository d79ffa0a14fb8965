"""Reasons are kept as data and told in the reader's language, whatever language was spoken when they were written."""

import re
from datetime import UTC, date, datetime

import pytest
from django.utils.translation import override

import stays
from catchment.kernel.actor import system
from catchment.rooms.claims import actions, queries
from catchment.rooms.claims.models import CasePayment, Claim, Entitlement, Settlement, Statement
from catchment.rooms.claims.rules.words import WHY

PAYER = system("tests", "claims.pay", "claims.work", "claims.oversee")
LATER, NEXT = datetime(2027, 3, 1, tzinfo=UTC), datetime(2027, 4, 2, tzinfo=UTC)
NAMES = ("县人民医院", "邻市中心医院", "费用有误", "tests")
"""Names and a person's own words stay as they are in every language."""


@pytest.fixture
def year(stay, county):
    """A function that settles, pays by group, clears, takes back and asks back a year's claims in one language."""

    def lived(language):
        Entitlement.objects.create(person=county.person, category="subsistence", since=date(2026, 4, 1), source="x")
        with override(language):
            first, *_rest = stays.settled(
                stay(parts={"service": 700_000}),
                stay(begins=date(2026, 1, 8), code="K29.500", days=1, parts={"drug": 30_000_000}),
                stay(begins=date(2026, 5, 2), code="J18.900", facility=county.outside, parts={"service": 9_000_000}),
                stay(begins=date(2026, 5, 12), code="J18.900", days=70, parts={"service": 900_000}),
                stay(begins=date(2026, 8, 1), klass="AMB", days=0),
            )
            actions.prepay_month(actor=PAYER, now=LATER, year=2026, month=3)
            for month in range(1, 13):
                actions.state_month(actor=PAYER, now=LATER, year=2026, month=month)
            actions.clear_year(actor=PAYER, now=LATER, year=2026)
            actions.cancel_claim(actor=stays.CLERK, now=LATER, claim_id=first.pk, reason="费用有误")
        return first

    return lived


def told():
    """Every reason of every claim, settlement, payment and statement, as it reads now."""
    rows = [one for claim in Claim.objects.all() for one in claim.findings]
    rows += [why for row in Settlement.objects.all() for step in row.steps for why in step["why"]]
    rows += [row.stale for row in Settlement.objects.exclude(stale=None)]
    rows += [why for model in (CasePayment, Statement) for row in model.objects.all() for why in row.why]
    return [WHY.one(one) for one in rows]


def bare(text):
    for name in NAMES:
        text = text.replace(name, "")
    return text


@pytest.mark.parametrize(("written", "read"), [("zh-hans", "en"), ("en", "zh-hans"), ("en", "en")])
def test_what_was_settled_in_one_language_reads_in_the_other(year, written, read):
    year(written)
    with override(written):
        actions.state_month(actor=PAYER, now=NEXT, year=2027, month=1)
    with override(read):
        sentences = [bare(text) for text in told()]
    foreign = r"[\u3000-\u9fff\uff00-\uffef]" if read == "en" else r"[A-Za-z]{4,}"
    assert [text for text in sentences if re.search(foreign, text)] == []
    assert len(set(sentences)) > 15


def test_the_same_year_is_kept_alike_whatever_language_was_spoken(year):
    year("en")
    kept = [why for row in Settlement.objects.order_by("pk") for step in row.steps for why in step["why"]]
    assert {"code", "facts"} == {name for why in kept for name in why}
    with override("zh-hans"):
        found = queries.resettle(2026).values()
        paid = [queries.restate(2026, month).first for month in range(1, 13)]
    assert ({one.first for one in found}, paid) == ({None}, [None] * 12)


def test_a_reason_that_was_changed_is_named_by_the_replay(year):
    year("en")
    row = Settlement.objects.filter(cancelled_at__isnull=True).order_by("pk").first()
    row.steps[0]["why"][0]["facts"]["n"] = 9
    row.save()
    found = queries.resettle(2026)[row.claim.ends_on.month]
    assert (found.first.subject, found.first.what) == (row.claim.number, "steps")


def test_sentences_kept_earlier_are_read_as_they_were_written_and_the_replay_stays_sound(year):
    year("zh-hans")
    for row in Settlement.objects.all():
        row.steps = [{**step, "why": [f"旧：{WHY.one(why)}" for why in step["why"]]} for step in row.steps]
        row.stale = row.stale and "旧：已撤销"
        row.save()
    for payment in CasePayment.objects.all():
        payment.why = [{"code": "normal", "text": f"旧：{WHY.one(why)}"} for why in payment.why]
        payment.save()
    Claim.objects.update(findings=[{"code": "long", "severity": "flag", "text": "旧：超长", "facts": {}}])
    with override("en"):
        assert sum(text.startswith("旧：") for text in told()) > len(told()) / 2
    assert {one.first for one in queries.resettle(2026).values()} == {None}
    assert [queries.restate(2026, month).first for month in range(1, 13)] == [None] * 12


def test_what_is_reckoned_anew_is_taken_back_with_a_code_that_is_told(year):
    first = year("zh-hans")
    actions.recompute_year(actor=stays.CLERK, now=LATER, person_id=first.person_id, year=2026)
    actions.state_month(actor=PAYER, now=NEXT, year=2027, month=1)
    whys = [why for row in CasePayment.objects.filter(worth="recovered") for why in row.why]
    assert {why["facts"]["reason"] for why in whys} == {"费用有误", "earlier-taken-back"}
    with override("en"):
        assert any("An earlier settlement of the year" in WHY.one(why) for why in whys)
