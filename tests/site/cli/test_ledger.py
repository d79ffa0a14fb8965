"""`catchment ledger` and `catchment verify ledger`."""

import json

import pytest
from django.db import connection
from typer.testing import CliRunner

from catchment.site.cli import app, output

pytestmark = pytest.mark.django_db

LINE = {
    "kind": "transfer",
    "booked_on": "2026-03-05",
    "source": "bank",
    "ref": "B1",
    "lines": [
        {"account": "fund:resident:basic", "amount": "-12.34"},
        {"account": "organization:bank:deposit", "amount": "12.34"},
    ],
}


@pytest.fixture(autouse=True)
def ready(monkeypatch):
    monkeypatch.setattr("catchment.site.cli.running.ready", lambda: None)


def run(*arguments):
    return CliRunner().invoke(app, [*map(str, arguments)])


def told(*arguments):
    return json.loads(run(*arguments, "--json").stdout)


@pytest.fixture
def posted(tmp_path):
    file = tmp_path / "entries.jsonl"
    file.write_text(json.dumps(LINE))
    assert run("ledger", "post", file).exit_code == 0
    return file


def test_what_is_posted_is_on_the_statement_once(posted):
    assert told("ledger", "post", posted)[0]["number"] == 1
    statement = told("ledger", "statement", "fund:resident:basic")
    assert [(line["amount"], line["balance"]) for line in statement["lines"]] == [(-1234, -1234)]


def test_the_trial_balance_is_nothing(posted):
    assert told("ledger", "trial-balance", "--on", "2026-03-31")["total"] == {
        "debit": 1234,
        "credit": 1234,
        "balance": 0,
    }
    assert "12.34" in run("ledger", "trial-balance").stdout


def test_a_month_is_closed_and_reopened_by_somebody(posted):
    assert told("ledger", "close", "2026-03", "--by", "王会计", "--reason", "月结")[0]["state"] == "closed"
    assert told("ledger", "reopen", "2026-03", "--by", "王会计", "--reason", "补记")[0]["state"] == "open"


@pytest.mark.parametrize(
    ("entry", "told"),
    [
        ({**LINE, "booked_on": "5 March"}, "line 1"),
        ({**LINE, "lines": None}, "line 1: the entry has no proper lines"),
        ({"lines": []}, "the entry has no proper kind, booked_on, source, ref"),
        ({**LINE, "lines": [{"account": "fund:resident:basic"}]}, "a line has no proper amount"),
        ({**LINE, "lines": ["12"]}, "a line has no proper account, amount"),
        ([LINE], "the entry has no proper kind"),
    ],
)
def test_a_wrong_entry_names_its_line_and_what_is_wrong(tmp_path, entry, told):
    file = tmp_path / "entries.jsonl"
    file.write_text(json.dumps(entry))
    with pytest.raises(output.CommandError, match=told):
        CliRunner().invoke(app, ["ledger", "post", str(file)], catch_exceptions=False)


def test_verify_ends_with_1_and_names_the_first_fault(posted):
    assert told("verify", "ledger")["faults"] == []
    connection.check_constraints()
    with connection.cursor() as cursor:
        cursor.execute("update ledger_posting set amount = amount + 1 where amount > 0")
    done = run("verify", "ledger", "--json")
    assert (done.exit_code, json.loads(done.stdout)["faults"][0]["subject"]) == (1, "2026-03/bank/1")
