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


@pytest.mark.parametrize(
    ("damage", "fault"),
    [
        ("update ledger_posting set amount = amount + 1 where amount > 0", "unbalanced"),
        ("update ledger_transaction set number = 9 where number = 2", "gap"),
        ("update ledger_journal set last = 5", "missing-at-end"),
        ("update ledger_transaction set booked_on = '2025-01-01' where number = 1", "outside-period"),
        ("update ledger_period set state = 'closed'", "period-state"),
        ("delete from ledger_posting where amount > 0", "one-sided"),
    ],
)
def test_the_proof_names_what_was_damaged_behind_its_back(books, damage, fault):
    books(1, "a")
    books(2, "b")
    connection.check_constraints()
    with connection.cursor() as cursor:
        cursor.execute("set local catchment.rebuild = on")
        cursor.execute(damage)
    assert fault in [one.fault for one in queries.verify()[1]]


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
