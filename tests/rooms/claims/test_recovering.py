"""A case taken back after its year's clearance: the hospital's payment by group is asked back, once, with its reason."""

from datetime import UTC, date, datetime

import pytest

from catchment.kernel.actor import system
from catchment.rooms.claims import actions, queries
from catchment.rooms.claims.models import CasePayment, Settlement, Statement
from catchment.rooms.ledger import queries as ledger
from stays import CLERK, amend, settled

PAYER = system("tests", "claims.pay")
LATER, NEXT = datetime(2027, 3, 1, tzinfo=UTC), datetime(2028, 3, 1, tzinfo=UTC)
KEY = "claims.drg-payment.local"


@pytest.fixture
def cleared(stay):
    """Two settled stays of January 2026, stated and cleared."""
    claims = settled(
        stay(parts={"service": 700_000}), stay(begins=date(2026, 1, 20), code="K29.500", parts={"service": 400_000})
    )
    actions.state_month(actor=PAYER, now=LATER, year=2026, month=1)
    (statement,) = actions.clear_year(actor=PAYER, now=LATER, year=2026)
    return claims, statement


def cancelled(claim, now=LATER):
    actions.cancel_claim(actor=CLERK, now=now, claim_id=claim.pk, reason="冒名住院")


def paid(claim):
    return CasePayment.objects.get(claim=claim, statement__kind="clearance", statement__period="2026").fund


def balances():
    assert ledger.verify()[1] == []
    return {
        (line.account.split(":")[0], line.account.split(":")[-1]): line.balance
        for line in ledger.trial_balance(date(2030, 1, 1))
    }


def test_the_next_month_asks_back_what_was_paid_and_says_who_took_the_case_back_and_why(cleared):
    (claim, kept), _statement = cleared
    worth = paid(claim)
    cancelled(claim)
    assert [one.fund for one in queries.waits_to_be_recovered(claim.pk)] == [worth]
    (month,) = actions.state_month(actor=PAYER, now=LATER, year=2027, month=1)
    back = CasePayment.objects.get(statement=month)
    assert (back.worth, back.fund, back.claim, month.fund, month.paid) == ("recovered", -worth, claim, -worth, -worth)
    assert (month.cases, month.deposit, month.offset) == (0, 0, 0)
    assert (back.why[0]["facts"]["reason"], back.why[0]["facts"]["by"]) == ("冒名住院", CLERK.name)
    assert [why["code"] for why in month.why][:2] == ["back", "owed"]
    assert queries.waits_to_be_recovered(claim.pk) == []
    found = balances()
    assert found[("facility", "fund-receivable")] == 0
    assert found[("facility", "bank")] == paid(kept) == -found[("fund", "bank")]


def test_it_is_asked_back_once_and_the_next_clearance_does_not_give_it_back(cleared):
    (claim, kept), _statement = cleared
    cancelled(claim)
    actions.state_month(actor=PAYER, now=LATER, year=2027, month=1)
    assert actions.state_month(actor=PAYER, now=datetime(2027, 4, 1, tzinfo=UTC), year=2027, month=2) == []
    (year,) = actions.clear_year(actor=PAYER, now=NEXT, year=2027)
    assert (year.paid, year.fund) == (0, -paid(claim))
    assert actions.state_month(actor=PAYER, now=datetime(2028, 4, 1, tzinfo=UTC), year=2028, month=1) == []
    found = balances()
    assert found[("facility", "bank")] == paid(kept)
    assert found[("facility", "fund-receivable")] == 0


def test_without_a_month_the_next_clearance_asks_it_back(cleared):
    (claim, kept), _statement = cleared
    cancelled(claim)
    (year,) = actions.clear_year(actor=PAYER, now=NEXT, year=2027)
    assert year.paid == -paid(claim)
    assert balances()[("facility", "bank")] == paid(kept)


def test_it_is_set_off_against_what_the_month_pays(cleared, stay):
    (claim, _kept), _statement = cleared
    cancelled(claim)
    new = settled(stay(begins=date(2027, 1, 3), parts={"service": 900_000}))[0]
    (month,) = actions.state_month(actor=PAYER, now=LATER, year=2027, month=1)
    worth = CasePayment.objects.get(claim=new).fund
    assert (month.cases, month.fund) == (1, worth - paid(claim))
    assert month.deposit == round(worth * 0.05)
    assert month.paid == worth - paid(claim) - month.deposit


def test_an_edition_that_supplements_asks_it_back_on_a_supplement(cleared):
    amend(KEY, late="supplement")
    (claim, kept), _statement = cleared
    cancelled(claim)
    assert actions.state_month(actor=PAYER, now=LATER, year=2027, month=1) == []
    (one,) = actions.clear_year(actor=PAYER, now=LATER, year=2026)
    assert (one.kind, one.period, one.cases, one.paid) == ("supplement", "2026.1", 0, -paid(claim))
    assert actions.clear_year(actor=PAYER, now=LATER, year=2026) == []
    assert balances()[("facility", "bank")] == paid(kept)


def test_reckoned_anew_after_the_clearance_the_old_is_asked_back_and_the_new_paid_on_one_statement(cleared):
    """The second stay of the year counted on the first: its own part and deductible change."""
    (claim, kept), _statement = cleared
    cancelled(claim)
    actions.recompute_year(actor=CLERK, now=LATER, person_id=kept.person_id, year=2026)
    (month,) = actions.state_month(actor=PAYER, now=LATER, year=2027, month=1)
    of_kept = CasePayment.objects.filter(statement=month, claim=kept).order_by("fund")
    assert [one.worth for one in of_kept] == ["recovered", "normal"]
    assert [one.worth for one in queries.cases_on(month)] == ["recovered", "recovered", "normal"]
    assert balances()[("facility", "fund-receivable")] == 0
    assert balances()[("facility", "bank")] == of_kept[1].fund - month.deposit
    assert Settlement.objects.filter(claim=kept, cancelled_by=CLERK.name).count() == 1


def test_a_hospital_none_of_whose_cases_count_any_more_gives_back_what_months_paid(stay):
    (claim,) = settled(stay(parts={"service": 700_000}))
    actions.state_month(actor=PAYER, now=LATER, year=2026, month=1)
    cancelled(claim)
    (year,) = actions.clear_year(actor=PAYER, now=LATER, year=2026)
    first = Statement.objects.get(kind="monthly")
    assert (year.cases, year.paid) == (0, -first.paid)
    found = balances()
    assert found[("facility", "bank")] == found[("facility", "deposit")] == found[("facility", "fund-receivable")] == 0
