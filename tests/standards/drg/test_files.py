"""Whole files: every form gives the same groups, every row is accounted for, order is kept over several threads."""

import csv
import json
import random

import polars as pl
import pytest

from catchment.standards.drg import files, grouping, reading
from catchment.standards.drg.record import read
from standards.drg import candidates

ANSWER = ("id", "status", "mdc", "adrg", "drg")
GOOD = {"id": "good", "sex": "M", "age": 40, "age_days": 14600, "pdx": "b1", "odx": ["k4"], "procs": []}


def run(source, target, tmp_path, **job):
    return files.run(source, target, files.Job("fictional", tmp_path, target.suffix.removeprefix("."), **job))


def lines(path):
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def discharges(scheme, number):
    draw = random.Random(9)
    made = [one for mdc, adrg, drg in scheme.drgs() for one in candidates.for_group(scheme, mdc, adrg, drg, draw, 6)]
    fields = ("sex", "age", "age_days", "weight_g", "dept", "los", "discharge_way", "icu_hours", "pdx")
    rows = [
        {**{name: getattr(one, name) for name in fields}, "odx": list(one.odx), "procs": list(one.procs)}
        for one in made
    ]
    return [{"id": f"d{at}", **rows[at % len(rows)]} for at in range(number)]


@pytest.fixture
def rows(fictional):
    return discharges(fictional, 300)


@pytest.fixture
def expected(fictional, rows):
    grouped = [grouping.group(fictional, read(row)) for row in rows]
    return [{name: getattr(one, name) for name in ANSWER} for one in grouped]


def written(rows, path):
    if path.suffix == ".jsonl":
        path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    elif path.suffix == ".parquet":
        pl.DataFrame(rows, infer_schema_length=None).write_parquet(path, row_group_size=70)
    else:
        with path.open("w", newline="", encoding="utf-8-sig") as file:
            table = csv.DictWriter(file, [*rows[0], "note"])
            table.writeheader()
            for row in rows:
                lists = {"odx": "|".join(row["odx"]), "procs": ",".join(row["procs"])}
                table.writerow({**row, **lists, "note": 'said "a,\nb"'})
    return path


@pytest.mark.parametrize("out", ["jsonl", "csv", "parquet"])
@pytest.mark.parametrize("into", ["jsonl", "csv", "parquet"])
def test_every_form_in_and_out_gives_the_same_groups(into, out, rows, expected, tmp_path):
    source, target = written(rows, tmp_path / f"in.{into}"), tmp_path / f"out.{out}"
    account = run(source, target, tmp_path, block_bytes=5000)
    if out == "jsonl":
        found = lines(target)
    elif out == "csv":
        found = list(csv.DictReader(target.open(encoding="utf-8")))
    else:
        found = pl.read_parquet(target).to_dicts()
    assert found == expected
    assert account.told()["read"] == account.statuses.total() == 300
    assert account.problems == []


def test_order_is_kept_over_threads(fictional, tmp_path):
    rows = discharges(fictional, 2000)
    source, target = written(rows, tmp_path / "in.jsonl"), tmp_path / "out.jsonl"
    run(source, target, tmp_path, block_bytes=40_000, spread_from=0)
    assert [one["id"] for one in lines(target)] == [row["id"] for row in rows]


@pytest.mark.parametrize(
    ("line", "id_", "reason"),
    [
        ("not json", "", "the line is no JSON"),
        ("[1]", "", "the line is no JSON object"),
        ('{"id": "x", "sex": "M", "age": "forty", "pdx": "b1"}', "x", "age: 'forty' is not a whole number from 0 up"),
        ('{"id": "x", "sex": "M", "age": 40.5, "pdx": "b1"}', "x", "age: 40.5 is not a whole number"),
        ('{"id": "x", "sex": "M", "age": -1, "pdx": "b1"}', "x", "age: -1 is not"),
        ('{"id": "x", "sex": "M", "age": true, "pdx": "b1"}', "x", "age: True is not"),
        ('{"id": "x", "sex": "M", "age": 40, "weight_g": 1e12, "pdx": "b1"}', "x", "weight_g: 1000000000000.0 is not"),
        ('{"id": "x", "sex": "M", "age": 40, "pdx": ["b1"]}', "x", "pdx: ['b1'] is not text"),
        ('{"id": "x", "sex": "M", "age": 40, "pdx": "b1", "odx": "k1|k2"}', "x", "odx: 'k1|k2' is not a list of codes"),
        (
            '{"id": "x", "sex": "M", "age": 40, "pdx": "b1", "procs": [null]}',
            "x",
            "procs: [None] is not a list of codes",
        ),
    ],
)
def test_a_line_that_cannot_be_read_is_rejected_with_its_row_and_the_rest_is_grouped(line, id_, reason, tmp_path):
    source, target = tmp_path / "in.jsonl", tmp_path / "out.jsonl"
    source.write_text(f"{json.dumps(GOOD)}\n\n{line}\n{json.dumps(GOOD)}\n", encoding="utf-8")
    account = run(source, target, tmp_path)
    none = {"mdc": "0000", "adrg": "00", "drg": "0000"}
    assert lines(target)[1] == {"id": id_, "status": "rejected", **none}
    assert [one["drg"] for one in lines(target)] == ["BR13", "0000", "BR13"]
    assert (account.told()["read"], account.told()["grouped"], account.told()["rejected"]) == (3, 2, 1)
    (problem,) = account.problems
    assert (problem["row"], problem["id"]) == (2, id_)
    assert problem["reason"].startswith(reason)


@pytest.mark.parametrize(
    ("cells", "reason"),
    [
        ("x,M,forty,b1,", "age: 'forty' is not a whole number"),
        ("x,M,40", "the row has 3 cells, the header 5"),
        ("x,M,40,b1,,,", "the row has 7 cells, the header 5"),
        ("x,M,-4,b1,", "age: '-4' is not"),
        ("x,M,4.5,b1,", "age: 4.5 is not"),
    ],
)
def test_a_csv_row_that_cannot_be_read_is_rejected(cells, reason, tmp_path):
    source, target = tmp_path / "in.csv", tmp_path / "out.jsonl"
    source.write_text(f"id,sex,age,pdx,odx\na,M,40,b1,k4\n{cells}\nb,F,41,b1,\n", encoding="utf-8")
    account = run(source, target, tmp_path)
    assert [one["drg"] for one in lines(target)] == ["BR13", "0000", "BR15"]
    assert account.problems[0]["reason"].startswith(reason)
    assert account.problems[0]["row"] == 2


def test_an_id_that_is_a_number_is_read(tmp_path):
    source, target = tmp_path / "in.jsonl", tmp_path / "out.jsonl"
    source.write_text(json.dumps({**GOOD, "id": 17}), encoding="utf-8")
    run(source, target, tmp_path)
    assert lines(target) == [{"id": "17", "status": "ok", "mdc": "MDCB", "adrg": "BR1", "drg": "BR13"}]


@pytest.mark.parametrize("name", ["in.jsonl", "in.csv"])
def test_a_file_without_rows_gives_none(name, tmp_path):
    source, target = tmp_path / name, tmp_path / "out.csv"
    source.write_text("id,sex,age,pdx\n" if name == "in.csv" else "", encoding="utf-8")
    assert run(source, target, tmp_path).read == 0
    assert target.read_text(encoding="utf-8") == "id,status,mdc,adrg,drg\n"


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("in.csv", "id,sex,age\n", "lacks the column pdx"),
        ("in.csv", "id,sex,age,pdx,pdx\n", "has the column pdx twice"),
        ("in.csv", "", "lacks the column"),
        ("in.parquet", "no parquet", "cannot be read"),
        ("in.txt", "", "must end in one of .jsonl"),
    ],
)
def test_a_file_that_cannot_be_used_is_refused_and_nothing_is_written(name, content, told, tmp_path):
    source, target = tmp_path / name, tmp_path / "out.jsonl"
    source.write_text(content, encoding="utf-8")
    with pytest.raises(reading.FileError, match=told):
        run(source, target, tmp_path)
    assert not target.exists()


def test_a_parquet_column_of_another_kind_is_refused(tmp_path):
    source = tmp_path / "in.parquet"
    pl.DataFrame([{**GOOD, "age": "forty"}]).write_parquet(source)
    with pytest.raises(reading.FileError, match=r"the column age is .* cannot be read as double"):
        run(source, tmp_path / "out.jsonl", tmp_path)


@pytest.mark.parametrize("out", ["jsonl", "csv"])
def test_an_id_of_any_text_comes_out_as_it_was(out, tmp_path):
    ids = ['a"b', "c\\d", "e,f", "g\nh", "甲", "", "tab\t"]
    source, target = tmp_path / "in.jsonl", tmp_path / f"out.{out}"
    source.write_text("".join(json.dumps({**GOOD, "id": one}) + "\n" for one in ids), encoding="utf-8")
    run(source, target, tmp_path)
    found = lines(target) if out == "jsonl" else list(csv.DictReader(target.open(encoding="utf-8", newline="")))
    assert [one["id"] for one in found] == ids


def test_a_byte_order_mark_is_no_part_of_the_first_line(tmp_path):
    source, target = tmp_path / "in.jsonl", tmp_path / "out.jsonl"
    source.write_text(json.dumps(GOOD) + "\n", encoding="utf-8-sig")
    run(source, target, tmp_path)
    assert lines(target)[0]["drg"] == "BR13"


def test_a_block_of_spoiled_text_is_accounted_for_row_by_row(tmp_path):
    source, target = tmp_path / "in.csv", tmp_path / "out.jsonl"
    rows = ["id,sex,age,pdx", "a,M,40,b1", '"b,M,40,b1', "c,M,40,b1"]
    source.write_bytes("\n".join(rows).encode() + b"\nd\xff,M,40,b1\n")
    account = run(source, target, tmp_path)
    assert account.read == len(lines(target)) == 2
    assert (account.told()["grouped"], account.told()["rejected"]) == (1, 1)


@pytest.mark.parametrize("write", [json.dumps, str])
def test_a_cell_may_hold_a_list_as_json_or_python_writes_it(tmp_path, rows, expected, write):
    source, target = tmp_path / "in.csv", tmp_path / "out.jsonl"
    with source.open("w", newline="", encoding="utf-8") as file:
        table = csv.DictWriter(file, [*rows[0]])
        table.writeheader()
        table.writerows({**row, "odx": write(row["odx"]), "procs": write(row["procs"])} for row in rows)
    run(source, target, tmp_path)
    assert lines(target) == expected


def test_a_csv_in_gb18030_keeps_its_names(tmp_path):
    source, target = tmp_path / "in.csv", tmp_path / "out.jsonl"
    source.write_bytes("id,sex,age,pdx,科室\n张三,M,40,b1,内科\n".encode("gb18030"))
    run(source, target, tmp_path)
    assert [(one["id"], one["status"]) for one in lines(target)] == [("张三", "ok")]


def test_a_number_may_be_written_as_text(tmp_path):
    source, target = tmp_path / "in.jsonl", tmp_path / "out.jsonl"
    source.write_text(json.dumps({**GOOD, "age": "40", "age_days": "", "weight_g": "3100.5"}), encoding="utf-8")
    assert run(source, target, tmp_path).told()["grouped"] == 1


def test_the_file_that_is_read_is_not_written_over(tmp_path):
    source = tmp_path / "in.jsonl"
    source.write_text(json.dumps(GOOD), encoding="utf-8")
    with pytest.raises(reading.FileError, match="is the file that is read"):
        run(source, source, tmp_path)
    assert json.loads(source.read_text(encoding="utf-8")) == GOOD
