"""A year of claims reckoned again gives the same fen; a posting, a figure or an edition that was changed is named."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

import county as small
from catchment.kernel.actor import system
from catchment.rooms.claims import actions, queries
from catchment.rooms.claims.models import CasePayment, Claim, Entitlement, Settlement, Statement, YearAccount
from catchment.rooms.claims.queries import replaying, restating
from catchment.rooms.ledger.models import Posting
from catchment.rooms.people.models import Coverage
from stays import CLERK, amend, made, mended, settled

PAYER = system("tests", "claims.pay", "claims.work", "claims.oversee")
LATER, NEXT = datetime(2027, 3, 1, tzinfo=UTC), datetime(2028, 3, 1, tzinfo=UTC)
PAYMENT = "claims.drg-payment.local"


@pytest.fixture
def year(stay, county):
    """A year: five stays up to the third layer, a visit, two persons, one stay cancelled between, months and clearance."""
    Entitlement.objects.create(person=county.person, category="subsistence", since=date(2026, 4, 1), source="x")
    other = small.make_person("旁人", county.person.area, county.village)
    Coverage.objects.create(person=other, kind="employee")
    first, _second = settled(
        stay(parts={"service": 700_000}), stay(begins=date(2026, 1, 20), code="K29.500", parts={"service": 400_000})
    )
    settled(stay(begins=date(2026, 5, 2), parts={"drug": 4_000_000, "service": 5_000_000}))
    actions.prepay_month(actor=PAYER, now=LATER, year=2026, month=3)
    for month in (1, 2):
        actions.state_month(actor=PAYER, now=LATER, year=2026, month=month)
    actions.cancel_claim(actor=CLERK, now=LATER, claim_id=first.pk, reason="重复")
    settled(
        stay(begins=date(2026, 6, 1), person=other), stay(begins=date(2026, 7, 1), parts={"service": 6_000_000}),
        stay(begins=date(2026, 8, 1), klass="AMB", days=0),
    )  # fmt: skip
    actions.recompute_year(actor=CLERK, now=LATER, person_id=county.person.pk, year=2026)
    for month in range(3, 13):
        actions.state_month(actor=PAYER, now=LATER, year=2026, month=month)
    actions.clear_year(actor=PAYER, now=LATER, year=2026)


def again(of=2026, months=range(1, 13), **more):
    """The months as one: what the first of them found first, the sums of all."""
    found = list(queries.resettle(of, months, **more).values())
    first = next((one.first for one in found if one.first), None)
    sums = {name: sum(getattr(one, name) for one in found) for name in ("counted", "kept", "again", "differing")}
    return queries.Again(first=first, **sums)


def payments(of=2026):
    return [queries.restate(of, month) for month in range(1, 13)]


def test_the_year_gives_the_same_fen(year):
    found, paid = again(), payments()
    assert (found.counted, found.first, found.kept) == (5, None, found.again)
    assert found.kept > 0
    assert Settlement.objects.filter(aid__gt=0, cancelled_at__isnull=True).exists()
    assert [one.first for one in paid] == [None] * 12
    assert sum(one.counted for one in paid) == Statement.objects.count()
    assert sum(one.kept for one in paid) == sum(one.again for one in paid)


def test_month_by_month_is_the_year(year):
    """Each month knows what the person's earlier stays of the year had used up, asked for alone or with the others."""
    assert {at: again(months=[at]) for at in range(1, 13)} == {
        at: replace(one, editions=set()) for at, one in queries.resettle(2026).items()
    }
    amend("claims.layers.demo", basic_cap=100)
    YearAccount.objects.update(own=1)
    together = queries.resettle(2026)
    assert {at: queries.resettle(2026, [at])[at] for at in range(1, 13)} == together
    assert sum(one.differing for one in together.values()) > len([one for one in together.values() if one.counted])


def test_a_persons_year_is_read_once_for_all_months(year, django_assert_max_num_queries):
    with CaptureQueriesContext(connection) as alone:
        queries.resettle(2026, [5])
    queries.resettle(2026)
    with django_assert_max_num_queries(len(alone) + 1):
        queries.resettle(2026)


def test_a_small_block_gives_the_same_and_tells_how_far_it_is(year, monkeypatch):
    monkeypatch.setattr(replaying, "BLOCK", 1)
    monkeypatch.setattr(restating, "BLOCK", 1)
    heard = []
    found = again(heard=lambda *at: heard.append(at))
    assert (found.counted, found.first, heard[-1], len(heard)) == (5, None, (5, 5), 2)
    assert queries.restate(2026, 12).first is None


def tampered(sql, *values):
    """As somebody would who has the database in their hands: the guards are off."""
    with connection.cursor() as cursor:
        cursor.execute("set session_replication_role = replica")
        cursor.execute(sql, values)
        cursor.execute("set session_replication_role = default")


def test_a_posting_that_was_changed_is_named_with_its_claim(year):
    row = Settlement.objects.filter(cancelled_at__isnull=True).order_by("pk").last()
    posting = Posting.objects.filter(transaction=row.transaction, account__purpose="fund-receivable").first()
    other = Posting.objects.filter(transaction=row.transaction, account__purpose="patient-receivable").first()
    for key, sign in ((posting.pk, 1), (other.pk, -1)):
        tampered("update ledger_posting set amount = amount + %s where id = %s", sign, key)
    found = again()
    assert (found.differing, found.first.subject) == (1, row.claim.number)
    assert found.first.what.endswith("fund-receivable")
    assert int(found.first.kept) - int(found.first.again) == 1


@pytest.mark.parametrize(
    ("model", "change", "what"),
    [
        (Claim, "total = total + 100", "patient"),
        (Settlement, "basic = basic + 1, patient = patient - 1", "basic"),
        (Settlement, "added = jsonb_set(added, '{own}', '1')", "added"),
    ],
)
def test_a_figure_that_was_changed_is_named(year, model, change, what):
    row = Settlement.objects.filter(cancelled_at__isnull=True).order_by("pk").last()
    key = row.claim_id if model is Claim else row.pk
    tampered(f"update {model._meta.db_table} set {change} where id = %s", key)  # noqa: S608 constants only
    first = again(months=[row.claim.ends_on.month]).first
    assert (first.subject, first.what) == (row.claim.number, what)


def test_an_account_of_the_year_that_was_changed_is_named(year, county):
    account = YearAccount.objects.get(person=county.person)
    tampered("update claims_yearaccount set own = own + 1 where id = %s", account.pk)
    assert again().first.subject == f"year account {account.pk}"


def test_an_edition_that_says_something_else_now_is_named(year):
    amend("claims.layers.demo", basic_cap=100)
    found = again()
    assert found.first.what == "basic"
    assert found.kept > found.again
    amend(PAYMENT, low_times="0.9", factors={"2": "0.7"})
    assert queries.restate(2026, 1).first is not None


def test_a_case_paid_otherwise_a_group_and_a_statement_are_named(year):
    case = CasePayment.objects.filter(statement__kind="clearance").first()
    number, statement = case.claim.number, case.statement
    tampered("update claims_casepayment set fund = fund + 1 where id = %s", case.pk)
    assert queries.restate(2026, 12).first.what == "fund"
    tampered("update claims_casepayment set fund = fund - 1 where id = %s", case.pk)
    tampered("update claims_statement set paid = paid + 1 where id = %s", statement.pk)
    assert queries.restate(2026, 12).first.what == "paid"
    tampered("update claims_statement set paid = paid - 1 where id = %s", statement.pk)
    tampered("update claims_claim set drg = 'X' where id = %s", case.claim_id)
    first = queries.restate(2026, 12).first
    assert (first.subject, first.what) == (number, "group")


def test_a_floating_rate_is_found_again_from_the_years_weights(stay):
    amend(PAYMENT, rate={"kind": "floating", "yuan": 8000, "budget_yuan": 31_337})
    settled(stay(), stay(begins=date(2026, 1, 20), code="K29.500"))
    actions.state_month(actor=PAYER, now=LATER, year=2026, month=1)
    actions.clear_year(actor=PAYER, now=LATER, year=2026)
    assert [one.first for one in payments()] == [None] * 12
    amend(PAYMENT, rate={"kind": "floating", "yuan": 8000, "budget_yuan": 31_338})
    assert queries.restate(2026, 12).first is not None


def test_what_came_late_and_what_was_asked_back_is_reckoned_again_too(stay):
    one, _two = settled(stay(), stay(begins=date(2026, 1, 20), code="K29.500"))
    actions.clear_year(actor=PAYER, now=LATER, year=2026)
    actions.cancel_claim(actor=CLERK, now=LATER, claim_id=one.pk, reason="重复")
    mended(one, total=100_000, lines=queries.content_of(one).lines[:1])
    settled(stay(begins=date(2026, 11, 3), code="E11.900"))
    actions.state_month(actor=PAYER, now=LATER, year=2027, month=1)
    actions.clear_year(actor=PAYER, now=NEXT, year=2027)
    assert [found.first for found in [*payments(2026), *payments(2027)]] == [None] * 24
    assert again().first is None


def test_a_claim_that_is_not_settled_is_not_counted(stay):
    made(stay())
    assert (again().counted, queries.restate(2026, 1).counted) == (0, 0)
