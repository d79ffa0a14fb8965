"""`catchment drg`: load, group, explain, without a database."""

import json
import shutil

import pytest
from typer.testing import CliRunner

from catchment.site.cli import app, output
from catchment.standards.drg import store

RECORD = {"id": "one", "sex": "M", "age": 40, "age_days": 14600, "pdx": "b1", "odx": ["k4"], "procs": []}


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch):
    monkeypatch.setenv("CATCHMENT_HOME", str(tmp_path / "home"))
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run(*arguments):
    return CliRunner().invoke(app, ["drg", *map(str, arguments)])


@pytest.fixture
def discharges(home):
    rows = [
        RECORD,
        {**RECORD, "id": "two", "sex": None},
        {**RECORD, "id": "three", "pdx": "b3"},
        {**RECORD, "age": "x"},
    ]
    path = home / "discharges.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


def test_load_reports_counts_and_keeps_the_scheme(home):
    told = json.loads(run("load", store.FICTIONAL_TABLES, "--scheme", "town", "--json").stdout)
    assert (told["loaded"], told["mdc"], told["drg"], told["problems"]) == (True, 7, 33, [])
    assert [one["scheme"] for one in json.loads(run("list", "--json").stdout)] == ["fictional", "county", "town"]


def test_load_takes_options(discharges):
    run("load", store.FICTIONAL_TABLES, "--scheme", "town", "--option", "rule:BR1=PDX1 & AGE_YEARS<18")
    run("group", "--scheme", "town", "--in", discharges, "--out", "out.jsonl")
    assert json.loads((discharges.parent / "out.jsonl").read_text().splitlines()[0])["status"] == "ungrouped"


def test_load_tells_every_problem_and_refuses(home):
    tables = shutil.copytree(store.FICTIONAL_TABLES, home / "tables")
    (tables / "cc.csv").write_text("dx_code,level,excl_group\nk1,big,1\nk1,CC,1\nk1,CC,1\n", encoding="utf-8")
    done = run("load", tables, "--scheme", "town")
    assert isinstance(done.exception, output.CommandError)
    assert "error: cc.csv, line 2: level 'big' is neither MCC nor CC" in done.stderr
    assert "error: cc.csv, line 4: dx_code k1 stands here a second time" in done.stderr
    told = json.loads(run("load", tables, "--scheme", "town", "--json").stdout)
    assert (told["loaded"], len(told["problems"])) == (False, 2)


def test_group_accounts_for_every_row(discharges):
    done = run("group", "--scheme", "fictional", "--in", discharges, "--out", "out.csv", "--json")
    told = json.loads(done.stdout)
    counts = {name: told[name] for name in ("read", "grouped", "ambiguous", "ungrouped", "invalid", "rejected")}
    assert counts == {"read": 4, "grouped": 1, "ambiguous": 0, "ungrouped": 1, "invalid": 1, "rejected": 1}
    assert told["problems"][0]["row"] == 4
    assert (discharges.parent / "out.csv").read_text(encoding="utf-8").splitlines() == [
        "id,status,mdc,adrg,drg", "one,ok,MDCB,BR1,BR13", "two,invalid,0000,00,0000",
        "three,ungrouped,0000,00,0000", "one,rejected,0000,00,0000",
    ]  # fmt: skip


def test_group_refuses_an_unknown_scheme(discharges):
    done = run("group", "--scheme", "nowhere", "--in", discharges, "--out", "out.csv")
    assert "known are fictional" in str(done.exception)
    assert isinstance(done.exception, output.CommandError)


def test_explain_tells_the_reasons(discharges):
    told = json.loads(run("explain", "--scheme", "fictional", "--in", discharges, "--json").stdout)
    assert (told["drg"], told["tried"][-1]["mdc"]) == ("BR13", "MDCB")
    shown = run("explain", "--scheme", "fictional", "--in", discharges, "--id", "three")
    assert (shown.exit_code, "ungrouped" in shown.stdout) == (0, True)


@pytest.mark.parametrize(("identifier", "told"), [("nobody", "has no discharge 'nobody'"), ("four", "age: 'x' is not")])
def test_explain_refuses_clearly(discharges, identifier, told):
    discharges.write_text(json.dumps({**RECORD, "id": "four", "age": "x"}), encoding="utf-8")
    done = run("explain", "--scheme", "fictional", "--in", discharges, "--id", identifier)
    assert isinstance(done.exception, output.CommandError)
    assert told in str(done.exception)


def test_explain_reads_csv_too(home):
    (home / "in.csv").write_text("id,sex,age,pdx,odx\na,M,forty,b1,\nb,M,40,b1,k4|k5\n", encoding="utf-8")
    told = json.loads(run("explain", "--scheme", "fictional", "--in", "in.csv", "--id", "b", "--json").stdout)
    assert (told["drg"], len(told["complications"])) == ("BR13", 2)
    refused = run("explain", "--scheme", "fictional", "--in", "in.csv", "--id", "a")
    assert "age: 'forty' is not a whole number" in str(refused.exception)


def test_load_reads_tables_saved_by_excel_and_tells_the_first_of_many_problems(home):
    tables = shutil.copytree(store.FICTIONAL_TABLES, home / "tables")
    text = (tables / "mdc.csv").read_text(encoding="utf-8")
    (tables / "mdc.csv").write_bytes(text.encode("gb18030"))
    assert run("load", tables, "--scheme", "town").exit_code == 0
    (tables / "cc.csv").write_text("dx_code,level,excl_group\n" + "k1,big,1\n" * 80, encoding="utf-8")
    told = run("load", tables, "--scheme", "town").stderr.splitlines()
    assert (len(told), told[-1]) == (51, "... and 30 more; --json tells them all")
