"""Files in three forms: one row out for each row in, in order, whatever the row holds."""

import json

import polars as pl
import pytest

from catchment.standards.risk import catalogue, files

APRI = catalogue.definition("apri")
ROWS = [{"ast_u_l": 80, "ast_uln_u_l": 40, "platelets_10e9_l": 100}, {"ast_u_l": None}, {"ast_u_l": "high"}]


def read(path, **options):
    return pl.concat(list(files.read(path, APRI, **options)), how="diagonal_relaxed")


def test_a_line_that_is_no_object_stays_as_a_row_of_its_own(tmp_path):
    path = tmp_path / "a.jsonl"
    path.write_text('{"ast_u_l": 80}\nnot json\n[1]\n{"model": "apri", "inputs": {"ast_u_l": 70}, "id": 5}\n')
    frame = read(path)
    assert frame["unreadable"].to_list() == [None, "row:type", "row:type", None]
    assert frame["ast_u_l"].to_list() == [80, None, None, 70]
    assert frame["id"].to_list() == [None, None, None, 5]


def test_rows_without_any_column_are_still_rows(tmp_path):
    path = tmp_path / "a.jsonl"
    path.write_text("{}\n{}\n")
    assert read(path).height == 2


@pytest.mark.parametrize("form", ["csv", "parquet"])
def test_an_unknown_column_is_named_with_the_closest_unless_carried(tmp_path, form):
    path = tmp_path / f"a.{form}"
    frame = pl.DataFrame({"ast": [80.0], "ast_uln_u_l": [40.0]})
    frame.write_csv(path) if form == "csv" else frame.write_parquet(path)
    with pytest.raises(files.RiskFileError, match="'ast'; did you mean ast_u_l"):
        read(path)
    assert read(path, carry=["ast"]).height == 1


def test_another_form_is_refused_with_the_forms_there_are(tmp_path):
    (tmp_path / "a.xlsx").write_text("")
    with pytest.raises(files.RiskFileError, match=r"\.parquet"):
        read(tmp_path / "a.xlsx")


def test_required_inputs_without_a_column_are_told():
    assert files.absent(files.framed([{"ast_u_l": 1}]), APRI) == ["ast_uln_u_l", "platelets_10e9_l"]


@pytest.mark.parametrize("form", ["jsonl", "csv", "parquet"])
def test_what_is_written_can_be_read_again(tmp_path, form, assess):
    results = pl.DataFrame(assess("apri", *ROWS))
    path = tmp_path / f"out.{form}"
    assert files.write(path, [results, results]) == 6
    if form == "jsonl":
        again = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    else:
        again = (pl.read_csv(path) if form == "csv" else pl.read_parquet(path)).to_dicts()
    assert [row["status"] for row in again] == ["assessed", "missing", "rejected"] * 2
    assert float(again[0]["value"]) == 2


def test_one_row_that_is_no_object_spoils_no_other(tmp_path, assess):
    model, path = catalogue.definition("tcm_constitution_60_verdict"), tmp_path / "a.jsonl"
    names = ["pinghe", "qixu", "yangxu", "yinxu", "tanshi", "shire", "xueyu", "qiyu", "tebing"]
    good = {"transformed": dict.fromkeys(names, 20) | {"pinghe": 75}}
    rows = [good, {"transformed": "x"}, {"transformed": [1]}, {"transformed": 7}, good]
    path.write_text("\n".join(json.dumps(row) for row in rows) + "\n")
    (frame,) = files.read(path, model)
    results = assess(model.model, *frame.to_dicts())
    assert [one["status"] for one in results] == ["assessed", "rejected", "rejected", "rejected", "assessed"]
    assert results[0]["value"]["final"] == results[4]["value"]["final"] == "是平和质"
