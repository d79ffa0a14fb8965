"""The books balance, whoever writes them."""

from datetime import date

import pytest
from django.db import IntegrityError, ProgrammingError, connection, transaction

import county as small
from catchment.kernel import wall
from catchment.kernel.actor import system
from catchment.kernel.errors import Invalid, NotAllowed, Refusal
from catchment.rooms.ledger import actions, queries
from catchment.rooms.ledger.models import Transaction
from catchment.rooms.ledger.types import Entry, Line, Owner, OwnerKind

CLERK = system("tests", "ledger.post", "ledger.close")
NOW, DAY = small.NOW, date(2026, 3, 5)


@pytest.fixture
def books(db):
    """Two accounts, and a function that moves fen from the first to the second."""
    first, second = (
        actions.open_account(actor=CLERK, now=NOW, owner=Owner(kind=OwnerKind.FUND, code=code), purpose="basic")
        for code in ("resident", "employee")
    )

    def move(amount, ref, day=DAY):
        lines = (Line(account_id=first.pk, amount=-amount), Line(account_id=second.pk, amount=amount))
        entry = Entry(kind="payment", booked_on=day, lines=lines, source=("tests", ref))
        return actions.post(actor=CLERK, now=NOW, entry=entry)

    move.first, move.second = first, second
    return move


@pytest.fixture
def sql(books):
    """Raw SQL as a clerk with a database prompt would write it."""

    def run(statement, *values):
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("set local catchment.rebuild = off")
            cursor.execute(statement, values)
            rows = cursor.fetchall() if cursor.description else []
            connection.check_constraints()
            return rows

    return run


def test_a_statement_carries_the_balance(books):
    books(500, "a")
    books(200, "b", date(2026, 4, 1))
    opening, lines = queries.statement(books.second.pk, since=date(2026, 4, 1), until=date(2026, 4, 30))
    assert (opening, [(line.number, line.amount, line.balance) for line in lines]) == (
        500,
        [("2026-04/tests/1", 200, 700)],
    )


def test_the_trial_balance_sums_to_nothing_on_any_day(books):
    books(500, "a")
    books(200, "b", date(2026, 4, 1))
    assert [line.balance for line in queries.trial_balance(date(2026, 3, 31))] == [500, -500]
    assert sum(line.balance for line in queries.trial_balance(date(2026, 4, 1))) == 0


def test_an_entry_that_does_not_balance_is_refused_with_the_difference(books):
    lines = (Line(account_id=books.first.pk, amount=-100), Line(account_id=books.second.pk, amount=99))
    entry = Entry(kind="payment", booked_on=DAY, lines=lines, source=("tests", "x"))
    with pytest.raises(Invalid, match=r"0\.01"):
        actions.post(actor=CLERK, now=NOW, entry=entry)


def test_nobody_posts_without_the_capability(books):
    with pytest.raises(NotAllowed):
        actions.open_account(actor=system("x"), now=NOW, owner=Owner(kind=OwnerKind.FUND, code="y"), purpose="z")


def test_the_same_source_is_posted_once(books):
    assert books(500, "a").pk == books(500, "a").pk
    with pytest.raises(Refusal, match="冲正"):
        books(501, "a")


def test_the_database_refuses_one_side_without_the_other(books, sql):
    books(500, "a")
    with pytest.raises(IntegrityError, match="does not balance"):
        sql(
            "with t as (insert into ledger_transaction (period_id, kind, source_kind, source_ref, booked_on,"
            " recorded_at, recorded_by, memo) select id, 'k', 'raw', 'r', '2026-03-09', now(), 'x', ''"
            " from ledger_period returning id)"
            " insert into ledger_transaction (period_id, kind, source_kind, source_ref, booked_on, recorded_at,"
            " recorded_by, memo, corrects_id) select (select id from ledger_period), 'k2', 'raw', 'r2', '2026-03-09',"
            " now(), 'x', '', t.id from t"
        )


def test_the_database_refuses_a_transaction_out_of_balance(books, sql):
    books(500, "a")
    head = (
        "insert into ledger_transaction (period_id, kind, source_kind, source_ref, booked_on, recorded_at,"
        " recorded_by, memo) select id, 'k', 'raw', 'r', '2026-03-09', now(), 'x', '' from ledger_period returning id"
    )
    side = "insert into ledger_posting (transaction_id, account_id, amount) values (%s, %s, %s), (%s, %s, %s)"
    with connection.cursor() as cursor:
        cursor.execute(head)
        key = cursor.fetchone()[0]
        cursor.execute(side, [key, books.first.pk, -100, key, books.second.pk, 99])
    with pytest.raises(IntegrityError, match="sum -1"):
        connection.check_constraints()
    transaction.set_rollback(True)


@pytest.mark.parametrize(
    "statement",
    [
        "update ledger_posting set amount = amount * 2",
        "delete from ledger_posting",
        "update ledger_transaction set memo = 'x'",
        "delete from ledger_transaction",
        "update ledger_period set state = 'closed'",
        "update ledger_journal set last = 7",
        "truncate ledger_posting",
    ],
)
def test_what_is_written_stays(books, sql, statement):
    books(500, "a")
    connection.check_constraints()
    with pytest.raises(ProgrammingError, match="never changed"):
        sql(statement)


@pytest.mark.django_db(transaction=True)
def test_nothing_is_added_to_a_transaction_later(books, sql):
    key = books(500, "a").pk
    pair = "insert into ledger_posting (transaction_id, account_id, amount) values (%s, %s, -1), (%s, %s, 1)"
    with pytest.raises(IntegrityError, match="written already"):
        sql(pair, key, books.first.pk, key, books.second.pk)


def test_a_correction_is_a_new_entry_made_once(books):
    first = books(500, "a")
    back = actions.take_back(
        actor=CLERK, now=NOW, transaction_id=first.pk, booked_on=date(2026, 4, 2), reason="金额有误"
    )
    assert back.corrects_id == first.pk
    assert {line.balance for line in queries.trial_balance(date(2026, 4, 2))} == {0}
    assert queries.trial_balance(DAY)[0].balance == 500
    with pytest.raises(Refusal, match="冲正过"):
        actions.take_back(actor=CLERK, now=NOW, transaction_id=first.pk, booked_on=DAY, reason="again")


def test_a_closed_month_takes_nothing_until_somebody_named_reopens_it(books, sql):
    books(500, "a")
    actions.close_period(actor=CLERK, now=NOW, code="2026-03", by="王会计", reason="月结")
    with pytest.raises(Refusal, match="关账"):
        books(1, "b")
    with pytest.raises(IntegrityError, match="closed"):
        sql(
            "insert into ledger_transaction (period_id, kind, source_kind, source_ref, booked_on, recorded_at,"
            " recorded_by, memo) select id, 'k', 'raw', 'r', '2026-03-09', now(), 'x', '' from ledger_period"
        )
    with pytest.raises(Invalid):
        actions.reopen_period(actor=CLERK, now=NOW, code="2026-03", by="", reason="补记")
    actions.reopen_period(actor=CLERK, now=NOW, code="2026-03", by="王会计", reason="补记")
    books(1, "b")
    assert [(one.state, one.by) for one in queries.changes("2026-03")] == [("closed", "王会计"), ("open", "王会计")]


def test_numbers_have_no_gap_where_an_entry_was_rolled_back(books):
    books(1, "a")
    with transaction.atomic():
        books(2, "b")
        transaction.set_rollback(True)
    books(3, "c")
    assert list(Transaction.objects.order_by("pk").values_list("number", flat=True)) == [1, 2]
    assert queries.verify() == ({"transactions": 2, "postings": 4, "sum": 0}, [])


UNGUARDED = "set local session_replication_role = replica"
"""As a superuser who wants neither triggers nor foreign keys to see it."""
ATTACKS = {
    "one amount is raised": ("update ledger_posting set amount = amount + 1 where amount = 2", "unbalanced"),
    "both sides are raised": (
        "update ledger_posting set amount = amount * 2 where abs(amount) = 2",
        "altered 2026-03/tests/2",
    ),
    "a posting is moved to another account": (
        "update ledger_posting set account_id = {first} where account_id = {second} and amount = 2",
        "altered 2026-03/tests/2",
    ),
    "an entry gets another day of its month": (
        "update ledger_transaction set booked_on = '2026-03-06' where number = 1",
        "altered 2026-03/tests/1",
    ),
    "an entry gets another source": ("update ledger_transaction set source_ref = 'z' where number = 1", "altered"),
    "an entry is booked in another year": (
        "update ledger_transaction set booked_on = '2025-01-01' where number = 1",
        "outside-period 2026-03/tests/1",
    ),
    "an entry gets another number": ("update ledger_transaction set number = 9 where number = 2", "gap 2026-03/tests"),
    "an entry in the middle is gone": (
        (
            "with t as (delete from ledger_transaction where number = 2 returning id)"
            " delete from ledger_posting where transaction_id in (select id from t)"
        ),
        "gap 2026-03/tests/3",
    ),
    "the last entry is gone": (
        (
            "with t as (delete from ledger_transaction where number = 3 returning id)"
            " delete from ledger_posting where transaction_id in (select id from t)"
        ),
        "missing-at-end 2026-03/tests",
    ),
    "a head without its postings": ("delete from ledger_posting where abs(amount) = 2", "one-sided 2026-03/tests/2"),
    "one side is gone": ("delete from ledger_posting where amount > 0", "one-sided"),
    "postings without their head": ("delete from ledger_transaction where number = 3", "orphan-posting"),
    "postings without their account": ("delete from ledger_account where id = {second}", "orphan-posting"),
    "a journal says less": ("update ledger_journal set last = 2", "missing-at-end 2026-03/tests"),
    "a journal is gone": ("delete from ledger_journal", "no-journal 2026-03/tests/1"),
    "a period is gone": ("delete from ledger_period", "no-period"),
    "a period is closed by nobody": ("update ledger_period set state = 'closed'", "period-state 2026-03"),
    "an entry is slipped into a closed month": (
        (
            "with c as (insert into ledger_periodchange (period_id, state, at, by, reason) select id, 'closed',"
            " '2026-03-01 00:00+00', 'x', 'x' from ledger_period returning id)"
            " update ledger_period set state = 'closed' where exists (select from c)"
        ),
        "after-close 2026-03/tests/1",
    ),
    "an entry is written behind the books": (
        (
            "with t as (insert into ledger_transaction (period_id, number, kind, source_kind, source_ref, booked_on,"
            " recorded_at, recorded_by, memo, digest) select period_id, 4, kind, source_kind, 'slipped', booked_on,"
            " recorded_at, recorded_by, memo, digest from ledger_transaction where number = 3 returning id),"
            " o as (insert into ledger_posting (transaction_id, account_id, amount) select t.id, {first}, -7 from t"
            " union all select t.id, {second}, 7 from t) update ledger_journal set last = 4"
        ),
        "altered 2026-03/tests/4",
    ),
    "a correction takes back less": (
        (
            "update ledger_transaction set corrects_id = (select id from ledger_transaction where number = 1)"
            " where number = 2"
        ),
        "half-corrected 2026-03/tests/2",
    ),
    "a guard is switched off": (
        "alter table ledger_posting disable trigger ledger_same_moment",
        "unguarded ledger_posting",
    ),
    "a guard is dropped": ("drop trigger ledger_stays on ledger_journal", "unguarded ledger_journal"),
}


@pytest.mark.parametrize("attack", ATTACKS)
def test_what_a_superuser_does_behind_the_books_is_found_and_named(books, attack):
    statement, fault = ATTACKS[attack]
    for amount, ref in ((1, "a"), (2, "b"), (3, "c")):
        books(amount, ref)
    connection.check_constraints()
    assert queries.verify()[1] == []
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(UNGUARDED)
        cursor.execute(statement.format(first=books.first.pk, second=books.second.pk))
        told = [f"{one.fault} {one.subject}" for one in queries.verify()[1]]
        transaction.set_rollback(True)
    assert [one for one in told if one.startswith(fault)], told


def test_corrections_and_reopened_months_are_no_fault(books):
    first = books(500, "a")
    actions.close_period(actor=CLERK, now=NOW, code="2026-03", by="王会计", reason="月结")
    actions.reopen_period(actor=CLERK, now=NOW, code="2026-03", by="王会计", reason="补记")
    books(7, "b")
    actions.take_back(actor=CLERK, now=NOW, transaction_id=first.pk, booked_on=DAY, reason="金额|有误" + "长" * 300)
    assert queries.verify()[1] == []


def test_the_application_posts_behind_the_walls_and_sees_only_what_is_its(books):
    wall.enter(CLERK, at=NOW, terms=wall.Terms())
    try:
        books(500, "a")
        connection.check_constraints()
        assert queries.trial_balance(DAY)[0].balance == 500
        with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
            connection.cursor().execute("update ledger_posting set amount = amount * 2")
        wall.enter(None, at=NOW, terms=wall.Terms())
        assert queries.trial_balance(DAY) == []
    finally:
        wall.leave()
