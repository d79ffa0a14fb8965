import gzip
import json

import polars as pl
import pytest
from typer.testing import CliRunner

from catchment.site.cli import people
from catchment.site.cli.output import CommandError

LINES = """id,姓名,性别,出生日期,手机号
a,王秀英,女,1955-03-04,13900000001
b,王秀英,女,1955/3/4,13900000001
c,赵小宝,男,2024-06-01,
"""


def run(*arguments):
    result = CliRunner().invoke(people.app, [str(argument) for argument in arguments])
    if isinstance(result.exception, CommandError):
        raise result.exception
    assert result.exit_code == 0, result.output
    return result.output


def written(path):
    return path.read_text(encoding="utf-8").splitlines()


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("people.csv", LINES.encode()),
        ("people.csv", LINES.encode("gb18030")),
        ("people.csv", LINES.encode("utf-16")),
        ("people.csv", b"\xef\xbb\xbf" + LINES.replace("\n", "\r\n").encode()),
        ("people.csv.gz", gzip.compress(LINES.encode())),
        ("people.tsv", LINES.replace(",", "\t").encode()),
        ("people.csv", LINES.replace(",", ", ").encode()),
    ],
    ids=["utf-8", "gb18030", "utf-16", "excel", "gzip", "tabs", "spaced"],
)
def test_a_file_is_read_as_offices_save_it(tmp_path, name, content):
    (tmp_path / name).write_bytes(content)
    run("match", "--in", tmp_path / name, "--out", tmp_path / "out.csv")
    assert written(tmp_path / "out.csv") == ["id,cluster", "a,1", "b,1", "c,2"]


@pytest.mark.parametrize("kind", ["parquet", "jsonl"])
def test_other_kinds_of_file_go_in_and_out(tmp_path, kind):
    table = pl.read_csv(LINES.encode(), infer_schema=False)
    source, out = tmp_path / f"people.{kind}", tmp_path / f"out.{kind}"
    table.write_parquet(source) if kind == "parquet" else table.write_ndjson(source)
    run("match", "--in", source, "--out", out)
    found = pl.read_parquet(out) if kind == "parquet" else pl.read_ndjson(out)
    assert found.rows() == [("a", 1), ("b", 1), ("c", 2)]


def test_counts_are_printed_as_table_and_as_json(tmp_path, capfdbinary):
    (tmp_path / "people.csv").write_text(LINES, encoding="utf-8")
    shown = run("match", "--in", tmp_path / "people.csv", "--out", tmp_path / "out.csv")
    assert "clusters" in shown
    output = run("match", "--in", tmp_path / "people.csv", "--out", tmp_path / "out.csv", "--json")
    counts = json.loads(output)
    assert (counts["rows"], counts["clusters"], counts["duplicates"]) == (3, 2, 1)


def test_a_header_alone_gives_a_header_alone(tmp_path):
    (tmp_path / "people.csv").write_text("id,姓名\n", encoding="utf-8")
    run("match", "--in", tmp_path / "people.csv", "--out", tmp_path / "out.csv")
    assert written(tmp_path / "out.csv") == ["id,cluster"]


def test_two_files_that_use_the_same_ids_are_told_apart(tmp_path):
    (tmp_path / "in").mkdir()
    for name in ("east", "west"):
        (tmp_path / "in" / f"{name}.csv").write_text(LINES, encoding="utf-8")
    run("match", "--in", tmp_path / "in", "--out", tmp_path / "out.csv")
    assert written(tmp_path / "out.csv")[1:5] == ["east:a,1", "east:b,1", "east:c,2", "west:a,1"]


def test_a_lower_threshold_joins_more(tmp_path):
    (tmp_path / "people.csv").write_text("id,姓名\na,陈敏\nb,陈敏\n", encoding="utf-8")
    run("match", "--in", tmp_path / "people.csv", "--out", tmp_path / "out.csv")
    assert written(tmp_path / "out.csv")[1:] == ["a,1", "b,2"]
    run("match", "--in", tmp_path / "people.csv", "--out", tmp_path / "out.csv", "--threshold", "0.3")
    assert written(tmp_path / "out.csv")[1:] == ["a,1", "b,1"]


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("people.csv", None, "no such file"),
        ("people.docx", b"x", "kind is not known"),
        ("people.csv", b"", "empty"),
        ("people.csv", b"id,colour\n1,red\n", "no column tells about a person"),
        ("people.csv", b"id,name\n1,a\n1,b\n", "more than one row"),
        ("people.csv", b"id,name\n1,\xff\xff\xff\n", "neither UTF-8 nor GB18030"),
        ("people.parquet", b"not parquet", "not a sound parquet file"),
        ("people.csv.gz", gzip.compress(LINES.encode(), mtime=0)[:40], "not a sound csv.gz file"),
        ("people.csv", b"id,name\n1,a,b,c\n", "not a sound csv file"),
    ],
)
def test_a_file_that_cannot_be_used_is_refused_in_words(tmp_path, name, content, words):
    if content is not None:
        (tmp_path / name).write_bytes(content)
    with pytest.raises(CommandError, match=words):
        run("match", "--in", tmp_path / name, "--out", tmp_path / "out.csv")
    assert not (tmp_path / "out.csv").exists()


def test_an_output_of_unknown_kind_is_refused(tmp_path):
    (tmp_path / "people.csv").write_text(LINES, encoding="utf-8")
    with pytest.raises(CommandError, match=r"out\.xls"):
        run("match", "--in", tmp_path / "people.csv", "--out", tmp_path / "out.xls")


def test_the_report_measures_what_it_finds_and_names_what_it_does_not(tmp_path):
    lines = "unique_id,first_name,surname,dob,city,email,cluster\n0,Anna,Lee,1971-06-24,,a.lee@x.org,0\n"
    lines += "1,Anna,Lee,1971-06-24,,a.lee@x.org,0\n2,Peter,Ode,1990-01-02,York,,1\n"
    (tmp_path / "fake_1000.csv").write_text(lines, encoding="utf-8")
    output = run("linkage-report", tmp_path, "--json")
    (row,) = json.loads(output[output.index("[") :])
    assert (row["dataset"], row["true"], row["found"], row["precision"], row["recall"]) == (
        "fake_1000",
        1,
        1,
        1.0,
        1.0,
    )
    assert "FEBRL 1" in output


def test_the_report_of_an_empty_folder_is_refused(tmp_path):
    with pytest.raises(CommandError, match=r"dataset1\.csv"):
        run("linkage-report", tmp_path)
