"""Files in three forms: one row out for each row in, in order, whatever the row holds."""

import csv
import json
from datetime import date
from decimal import Decimal

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from catchment.standards.risk import catalogue, files, writing

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
    assert writing.write(path, [results, results]) == 6
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


GOOD = {"ast_u_l": 80, "ast_uln_u_l": 40, "platelets_10e9_l": 100}
HEADER = "ast_u_l,ast_uln_u_l,platelets_10e9_l"


@pytest.fixture
def run(tmp_path, runner):
    """Results of a file of this name and content."""

    def run(name, content, model="apri"):
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        frames = files.read(path, catalogue.definition(model))
        return [row for frame in frames for row in runner(model).run(frame).to_dicts()]

    return run


def statuses(rows):
    return [row["status"] for row in rows]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("bom.jsonl", b"\xef\xbb\xbf" + json.dumps(GOOD).encode()),
        ("bom.csv", f"\ufeff{HEADER}\r\n\r\n80,40,100\r\n".encode()),
        ("unicode.csv", f"{HEADER}\n80,40,100\n".encode("utf-16")),
        ("LOUD.CSV", " ast_u_l , ast_uln_u_l,platelets_10e9_l\n80, 40 ,1e2\n"),
        ("pandas.csv", f",{HEADER}\n0,80,40,100\n"),
        ("excel.csv", f"{HEADER},,\n80,40,100,,\n"),
        ("array.json", json.dumps([GOOD], indent=1)),
        ("single.json", json.dumps(GOOD, indent=1)),
        ("lines.json", json.dumps(GOOD)),
        ("wrapped.jsonl", json.dumps({"model": "apri", "inputs": GOOD, "note": "x"})),
        ("wrapped.csv", 'model,inputs\napri,"' + json.dumps(GOOD).replace('"', '""') + '"\n'),
    ],
)
def test_a_file_is_read_however_an_office_saved_it(run, name, content):
    (found,) = run(name, content)
    assert (found["status"], found["value"]) == ("assessed", 2)


def test_a_csv_in_gb18030_says_yes_and_no_in_chinese(run):
    content = "respiratory_rate,sbp_mmhg,altered_mentation\n22,90,是\n22,90,否\n".encode("gb18030")
    assert [row["value"] for row in run("a.csv", content, "qsofa")] == [3, 2]


@pytest.mark.parametrize("name", ["a.jsonl", "a.csv", "a.json"])
@pytest.mark.parametrize("content", ["", "\n"])
def test_a_file_without_rows_gives_one_empty_frame(tmp_path, name, content):
    (tmp_path / name).write_text(content)
    (frame,) = files.read(tmp_path / name, APRI)
    assert frame.height == 0


def test_numbers_that_python_and_r_write_for_nothing_are_unknown(run):
    assert statuses(run("a.jsonl", '{"ast_u_l": NaN, "ast_uln_u_l": 40, "platelets_10e9_l": 100}')) == ["missing"]
    assert statuses(run("a.csv", f"{HEADER}\nNA,40,100\nnan,40,100\nnull,40,100\nabout 80,40,100\n")) == [
        "missing", "missing", "missing", "rejected"
    ]  # fmt: skip


def test_a_row_with_another_number_of_cells_is_rejected_and_says_so(run):
    rows = run("a.csv", f"{HEADER}\n80,40\n80,40,100,7\n80,40,100\n")
    assert statuses(rows) == ["rejected", "rejected", "assessed"]
    assert rows[0]["reasons"]["rejected"] == ["row: not as many cells as the header has columns"]


def test_a_row_of_another_model_is_rejected_and_says_so(run):
    rows = run("a.jsonl", "".join(json.dumps({"model": name, "inputs": GOOD}) + "\n" for name in ("apri", "fib4")))
    assert statuses(rows) == ["assessed", "rejected"]
    assert rows[1]["reasons"]["rejected"] == ["row: of another model"]


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("a.csv", "ast_u_l,ast_u_l\n1,2\n", "ast_u_l twice"),
        ("a.csv", f'{HEADER}\n"80,40,100\n', "unexpected end"),
        ("a.csv", b"ast_u_l\n\xff\xff\n", "neither UTF-8 nor GB 18030"),
        ("a.parquet", b"PAR1 no PAR1", "a.parquet cannot be read"),
        ("a.parquet", b"", "a.parquet cannot be read"),
    ],
)
def test_a_file_that_is_not_what_it_says_is_refused_by_name(run, name, content, told):
    with pytest.raises(files.RiskFileError, match=told):
        run(name, content)


def test_a_parquet_column_of_any_type_is_read_or_rejected_by_its_row(tmp_path, runner):
    columns = {
        "ast_u_l": pa.array(["80", "80", "high"]).dictionary_encode(),
        "ast_uln_u_l": pa.array([Decimal("40.0")] * 3),
        "platelets_10e9_l": pa.array([100, 100, 100], pa.uint8()),
    }
    pq.write_table(pa.table(columns), tmp_path / "a.parquet")
    (frame,) = files.read(tmp_path / "a.parquet", APRI)
    assert statuses(runner("apri").run(frame).to_dicts()) == ["assessed", "assessed", "rejected"]
    dated = pl.DataFrame(GOOD | {"ast_u_l": date(1970, 3, 22)})
    assert runner("apri").run(dated)["reasons"][0]["rejected"] == ["ast_u_l: not a number"]


def test_identifiers_keep_every_digit(tmp_path):
    path = tmp_path / "a.jsonl"
    path.write_text('{"id": 12345678901234567}\n{"id": 9007199254740993}\n')
    assert read(path)["id"].to_list() == [12345678901234567, 9007199254740993]
    path.write_text('{"id": 12345678901234567}\n{"id": 1.5}\n')
    assert read(path)["id"].to_list() == ["12345678901234567", "1.5"]


@pytest.mark.parametrize("form", ["jsonl", "csv", "parquet"])
def test_a_series_of_readings_is_written_as_a_list_in_every_form(tmp_path, form, assess):
    path = tmp_path / f"out.{form}"
    writing.write(path, [pl.DataFrame(assess("news2_component_pulse", {"pulse": [90, 131]}))])
    if form == "parquet":
        value = pl.read_parquet(path)["value"].to_list()[0]
    else:
        text = path.read_text(encoding="utf-8")
        value = (
            json.loads(text)["value"]
            if form == "jsonl"
            else json.loads(next(csv.DictReader(text.splitlines()))["value"])
        )
    assert value == [0, 3]


def test_series_of_unequal_length_are_rejected_alone(assess):
    rows = [{"spo2_percent": [91, 93], "on_oxygen": [True]}, {"spo2_percent": [93, 95], "on_oxygen": [True, True]}]
    unknown = {"spo2_percent": [93, 95]}
    found = assess("news2_component_spo2_scale2", *rows, unknown)
    assert [one["status"] for one in found] == ["rejected", "assessed", "missing"]
    assert found[1]["value"] == [1, 2]


def test_lists_and_objects_that_python_wrote_into_a_csv_are_read(run):
    scores = {"pinghe": 75, "qixu": 16, "yangxu": 27, "yinxu": 25, "tanshi": 32, "shire": 25, "xueyu": 10, "qiyu": 18}
    (found,) = run("a.csv", f'transformed\n"{scores | {"tebing": 10}}"\n', "tcm_constitution_60_verdict")
    assert found["value"]["final"] == "基本是平和质，有痰湿质倾向"


def test_a_failing_run_leaves_the_file_that_was_there(tmp_path, assess):
    path = tmp_path / "out.csv"
    path.write_text("before")
    results = pl.DataFrame(assess("apri", GOOD))

    def breaks():
        yield results
        raise files.RiskFileError("a later row cannot be read")

    with pytest.raises(files.RiskFileError):
        writing.write(path, breaks())
    assert [one.name for one in tmp_path.iterdir()] == ["out.csv"]
    assert path.read_text() == "before"


def test_a_carried_column_keeps_its_place_in_later_rows(tmp_path, assess):
    results = pl.DataFrame(assess("apri", GOOD))
    carried = pl.concat([pl.DataFrame({"id": ["a"]}), results], how="horizontal")
    assert writing.write(tmp_path / "out.csv", [carried, results]) == 2
    assert pl.read_csv(tmp_path / "out.csv")["id"].to_list() == ["a", None]
    with pytest.raises(files.RiskFileError, match="first rows have no id"):
        writing.write(tmp_path / "out.csv", [results, carried])


def test_a_folder_that_is_not_there_is_named(tmp_path, assess):
    with pytest.raises(files.RiskFileError, match=r"nowhere/out\.csv cannot be written: No such file"):
        writing.write(tmp_path / "nowhere" / "out.csv", [pl.DataFrame(assess("apri", GOOD))])
