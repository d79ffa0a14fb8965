"""`catchment budget`: a year from admissions to clearance, resumed, told, computed again."""

import json
from datetime import UTC, date, datetime

import pytest
from django.utils import timezone
from typer.testing import CliRunner

import county as small
import lived
from catchment.kernel import clock
from catchment.kernel.actor import system
from catchment.rooms.budget.models import Prepayment, PreSettlement
from catchment.rooms.claims import actions as claims
from catchment.rooms.claims.models import Claim, Statement
from catchment.rooms.ledger import queries as ledger
from catchment.rooms.ledger.models import Transaction
from catchment.rooms.people.models import Coverage
from catchment.rooms.rulebook import queries as rulebook
from catchment.site.cli import app, budget_year, output

YEAR = ("--community", "N1", "--year", "2025")


@pytest.fixture
def county(db, monkeypatch):
    monkeypatch.setattr("catchment.site.cli.running.ready", lambda: None)
    rulebook.forget()
    made = small.build()
    lived.live(made)
    yield made
    rulebook.forget()


def run(*arguments):
    with output.clear_errors():
        return CliRunner().invoke(app, ["budget", *arguments], catch_exceptions=False)


def test_a_year_runs_goes_on_and_runs_again_without_change(county):
    assert run("make", *YEAR).exit_code == 0
    for step in ("sign", "agree"):
        run(step, *YEAR, "--by", "许总")
    run("prepay", "--community", "N1", "--month", "2025-01")
    assert run("year", *YEAR, "--as-recorded").exit_code == 0
    posted = Transaction.objects.count()
    told = json.loads(run("year", *YEAR, "--as-recorded", "--json").stdout)
    assert (told["state"], Prepayment.objects.count(), Transaction.objects.count()) == ("cleared", 12, posted)
    assert sum(share["amount"] for share in told["shares"]) == told["clearance"]["kept"]
    assert ledger.verify()[1] == []
    replayed = json.loads(run("replay", "--community", "N1", "--month", "2025-12", "--json").stdout)
    assert all(check["same"] for check in replayed["checks"])
    assert replayed["drift"]["taken"] == replayed["drift"]["record_now"]
    year = json.loads(run("replay", *YEAR, "--json").stdout)
    assert year["months"][-1] == replayed
    assert [each["month"] for each in year["months"]] == [f"2025-{at:02d}" for at in range(1, 13)]
    assert "2025-07" in run("replay", *YEAR).stdout


def test_a_community_that_is_not_there_is_told_before_anything_is_made(county):
    with pytest.raises(SystemExit):
        run("year", "--community", "NOPE", "--year", "2025")
    assert not Claim.objects.exists()


def test_a_year_under_way_takes_what_is_due(county):
    today = timezone.localdate()
    asked = ("year", "--community", "N1", "--year", str(today.year), "--as-recorded", "--json")
    told = json.loads(run(*asked).stdout)
    assert set(Prepayment.objects.values_list("month", flat=True)) == set(range(1, today.month + 1))
    assert set(PreSettlement.objects.values_list("quarter", flat=True)) == set(range(1, (today.month - 1) // 3 + 1))
    assert told["state"] in {"running", "pre-settled"}


def test_one_command_goes_from_admissions_through_payment_by_group_to_the_clearance(county):
    Coverage.objects.create(person=county.person, kind="resident")
    assert run("year", *YEAR).exit_code == 0
    kinds = set(Statement.objects.filter(period__startswith="2025").values_list("kind", flat=True))
    assert {"monthly", "clearance"} <= kinds
    posted = Transaction.objects.count()
    assert run("year", *YEAR).exit_code == 0
    assert Transaction.objects.count() == posted
    checks = json.loads(run("replay", "--community", "N1", "--month", "2025-12", "--json").stdout)["checks"]
    assert [one for one in checks if not one["same"]] == []
    assert {"settlements", "payments by group"} <= {one["what"] for one in checks}
    assert ledger.verify()[1] == []


def test_a_changed_prepayment_ends_the_replay_with_code_1(county):
    run("year", *YEAR, "--as-recorded")
    Prepayment.objects.filter(month=2).update(amount=7)
    assert run("replay", *YEAR).exit_code == 1
    assert run("replay", "--community", "N1", "--month", "2025-03").exit_code == 0
    assert run("replay", "--community", "N1", "--month", "2025-02").exit_code == 1


def test_what_is_not_there_is_told_in_one_line(county, capsys):
    with pytest.raises(SystemExit):
        run("show", "--community", "N1", "--year", "2019")
    assert "请先编制" in capsys.readouterr().err
    with pytest.raises(SystemExit):
        run("replay", *YEAR, "--month", "2025-03")
    assert "--month or --year" in capsys.readouterr().err
    with pytest.raises(SystemExit):
        run("prepay", "--community", "N1", "--month", "May")
    assert "2025-03" in capsys.readouterr().err


def test_a_year_is_over_by_the_countys_day_not_by_that_of_greenwich(county, monkeypatch):
    """Half past midnight on New Year's Day in the county is still the old year's last afternoon in UTC."""
    moment = datetime(2025, 12, 31, 16, 30, tzinfo=UTC)
    monkeypatch.setattr(clock, "now", lambda: moment)
    Coverage.objects.create(person=county.person, kind="resident")
    claims.make_year(actor=system("tests", "claims.work"), now=moment, year=2025)
    payer = system("tests", "claims.pay")
    budget_year.pay_by_group(payer, 2025, date(2025, 12, 31), lambda *_: None)
    assert not Statement.objects.filter(kind="clearance").exists()
    budget_year.pay_by_group(payer, 2025, timezone.localdate(moment), lambda *_: None)
    assert Statement.objects.filter(kind="clearance", period="2025").exists()
