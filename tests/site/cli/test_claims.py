"""`catchment claims explain`: the worked example to the fen, and lines that cannot be read."""

import json

import pytest
from typer.testing import CliRunner

import county as small
from catchment.rooms.rulebook import actions as publishing
from catchment.rooms.rulebook import queries as rulebook
from catchment.site.cli import app, output

STAY = {
    "id": "1", "person": "a", "day": "2026-03-05", "level": "2", "category": "resident", "total": "80000",
    "excluded": "6000", "first_pay": "4000",
}  # fmt: skip


@pytest.fixture
def explain(db, monkeypatch, tmp_path):
    monkeypatch.setattr("catchment.site.cli.running.ready", lambda: None)
    rulebook.forget()
    publishing.publish_defaults(actor=small.PUBLISHER, now=small.NOW)

    def explain(*lines, city="shangluo"):
        path = tmp_path / "stays.jsonl"
        path.write_text("\n".join(line if isinstance(line, str) else json.dumps(line) for line in lines), "utf-8-sig")
        with output.clear_errors():
            words = ["claims", "explain", str(path), "--city", city, "--json"]
            return json.loads(CliRunner().invoke(app, words, catch_exceptions=False).stdout)

    yield explain
    rulebook.forget()


def test_the_worked_example_of_both_people_is_met_to_the_fen(explain):
    one, other = explain(STAY, {**STAY, "id": "2", "person": "b", "category": "subsistence"})
    assert [step["paid"] for step in one["layers"]] == [5_220_000, 468_000, 0]
    assert [step["paid"] for step in other["layers"]] == [5_220_000, 832_000, 663_600]
    assert (one["patient"], other["patient"]) == (2_312_000, 1_284_400)


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("not json", "line 2"),
        ([1], "line 2: not a JSON object"),
        ({**STAY, "id": "1"}, "the id '1' stands here a second time"),
        ({**STAY, "id": "2", "total": "1.234"}, "'1.234' is not an amount"),
        ({**STAY, "id": "2", "total": "1e30"}, "'1e30' is not an amount"),
        ({**STAY, "id": "2", "day": 5}, "day 5 is no day; write it as 2026-03-05"),
        ({**STAY, "id": "2", "way": "moon"}, "way 'moon' is none of local"),
        ({**STAY, "id": "2", "total": "-5"}, "2 total"),
        ({**STAY, "id": "2", "category": "king"}, "2 category"),
        ({"id": "2"}, "missing 'person'"),
    ],
)
def test_a_line_that_cannot_be_read_is_named_with_its_problem(explain, capsys, line, told):
    with pytest.raises(SystemExit):
        explain(STAY, line)
    assert told in capsys.readouterr().err


@pytest.mark.parametrize(
    ("header", "told"),
    [
        ("结算清单,,", "take out title rows"),
        ("结算单号,总费用,总费用", "总费用 stands twice"),
        ("", "no column 结算单号"),
    ],
)
def test_a_list_whose_columns_cannot_be_told_is_refused(monkeypatch, tmp_path, capsys, header, told):
    monkeypatch.setattr("catchment.site.cli.running.ready", lambda: None)
    path = tmp_path / "list.csv"
    path.write_bytes(f"{header}\nA1,1,2\n".encode("gb18030"))
    with pytest.raises(SystemExit), output.clear_errors():
        CliRunner().invoke(app, ["claims", "import", str(path)], catch_exceptions=False)
    assert told in capsys.readouterr().err
