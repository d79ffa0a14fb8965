"""The command line of risk models, from file to file."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from catchment.site.cli.output import CommandError
from catchment.site.cli.risk import app

PERSON = {"ast_u_l": 80, "ast_uln_u_l": 40, "platelets_10e9_l": 100}


def invoke(*words: object) -> str:
    result = CliRunner().invoke(app, [str(word) for word in words], catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.stdout


def lines(path: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def test_each_row_comes_back_in_order_with_its_status_and_reasons(tmp_path: Path) -> None:
    source, target = tmp_path / "in.jsonl", tmp_path / "out.jsonl"
    rows = [{**PERSON, "id": 7}, {"ast_u_l": 80, "id": 8}, {**PERSON, "ast_u_l": -1, "id": 9}]
    source.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    account = json.loads(invoke("run", "--model", "apri", "--in", source, "--out", target, "--json"))
    assert (account["rows"], account["assessed"], account["missing"], account["rejected"]) == (3, 1, 1, 1)
    found = lines(target)
    assert [row["id"] for row in found] == [7, 8, 9]
    assert [row["status"] for row in found] == ["assessed", "missing", "rejected"]
    assert found[0]["value"] == 2
    assert set(found[0]) == {"id", "value", "band", "status", "reasons"}


def test_postgresql_gives_what_duckdb_gives(tmp_path: Path) -> None:
    source = tmp_path / "in.csv"
    source.write_text("ast_u_l,ast_uln_u_l,platelets_10e9_l\n80,40,100\n,40,100\nx,40,100\n", encoding="utf-8")
    for engine in ("duckdb", "postgres"):
        invoke("run", "--model", "apri", "--in", source, "--out", tmp_path / f"{engine}.jsonl", "--engine", engine)
    assert lines(tmp_path / "duckdb.jsonl") == lines(tmp_path / "postgres.jsonl")


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["--model", "aprii"], "closest: apri"),
        (["--model", "apri", "--engine", "oracle"], "duckdb, postgres, spark"),
        (["--model", "apri", "--edition", "1999"], "2003"),
        (["--model", "apri", "--carry", "status"], "the output has a column of this name"),
    ],
)
def test_a_mistake_is_named_with_the_way_out(tmp_path: Path, words: list[str], told: str) -> None:
    source = tmp_path / "in.jsonl"
    source.write_text(json.dumps(PERSON), encoding="utf-8")
    with pytest.raises(CommandError, match=told):
        invoke("run", *words, "--in", source, "--out", tmp_path / "out.jsonl")


def test_an_unknown_column_is_named_with_the_closest(tmp_path: Path) -> None:
    source = tmp_path / "in.jsonl"
    source.write_text(json.dumps({"ast": 1}), encoding="utf-8")
    with pytest.raises(CommandError, match="'ast'; did you mean ast_u_l"):
        invoke("run", "--model", "apri", "--in", source, "--out", tmp_path / "out.jsonl")


def test_the_file_that_is_read_is_not_written_over(tmp_path: Path) -> None:
    source = tmp_path / "in.jsonl"
    source.write_text(json.dumps(PERSON), encoding="utf-8")
    with pytest.raises(CommandError, match="--out is the file of --in"):
        invoke("run", "--model", "apri", "--in", source, "--out", source)
    assert json.loads(source.read_text(encoding="utf-8")) == PERSON


def test_an_input_can_be_carried_beside_its_result(tmp_path: Path) -> None:
    source, target = tmp_path / "in.jsonl", tmp_path / "out.jsonl"
    source.write_text(json.dumps(PERSON), encoding="utf-8")
    invoke("run", "--model", "apri", "--in", source, "--out", target, "--carry", "ast_u_l")
    (found,) = lines(target)
    assert (found["ast_u_l"], found["value"]) == (80, 2)


def test_a_text_that_no_database_holds_is_rejected_on_postgresql_too(tmp_path: Path) -> None:
    source, target = tmp_path / "in.jsonl", tmp_path / "out.jsonl"
    row = {"serum_creatinine_mg_dl": 1, "age_years": 50, "sex": "ma\0le"}
    source.write_text(json.dumps(row), encoding="utf-8")
    words = ("run", "--model", "ckd_epi_2021_creatinine_egfr", "--in", source, "--out", target, "--engine", "postgres")
    invoke(*words)
    assert lines(target)[0]["status"] == "rejected"


def test_models_are_listed_and_one_person_is_explained() -> None:
    listed = json.loads(invoke("list", "--json"))
    assert {"apri", "news2", "who_child_growth_2006_z"} <= {one["model"] for one in listed}
    told = json.loads(invoke("explain", "--model", "apri", "--person", json.dumps(PERSON), "--json"))
    assert told["assessment"]["band"] == "significant fibrosis"
    assert {one["input"] for one in told["changes"]} == {"ast_u_l", "platelets_10e9_l"}
