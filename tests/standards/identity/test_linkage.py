from datetime import date
from pathlib import Path

import polars as pl
import pytest

from catchment.standards.identity.identifiers import make_resident_id
from catchment.standards.identity.linkage import LinkageError, match, pairs, pairwise_quality
from catchment.standards.identity.linkage.clusters import cluster
from catchment.standards.identity.linkage.files import read_table

LINKAGE = Path(__file__).resolve().parents[3].parent / "shared/data/linkage"
BORN = date(1955, 3, 4)
NUMBER, TWIN_NUMBER = make_resident_id("999001", BORN, 12), make_resident_id("999001", BORN, 14)


def person(number, **changes):
    row = {
        "编号": number,
        "姓名": "王秀英",
        "性别": "女",
        "出生日期": "1955-03-04",
        "身份证号": "",
        "手机号": "",
    }
    return row | changes


def clusters(*tables, **options):
    return [row.cluster for row in match(*tables, **options)]


@pytest.fixture(scope="module")
def village():
    return [
        person("1", 身份证号=NUMBER, 手机号="13900000001"),
        person("2", 姓名="王秀瑛", 出生日期="1955年3月4日", 手机号="139 0000 0001"),
        person("3", 出生日期="", 身份证号=NUMBER.lower()),
        person("4", 姓名="李建国", 性别="男", 出生日期="1950-01-01", 手机号="13900000002"),
        person("5", 姓名="李建国", 性别="男", 出生日期="1950/1/1", 手机号="+86 13900000002"),
        person("6", 姓名="李建国", 性别="男", 出生日期="1978-05-01", 手机号="13900000003"),
        person("7", 姓名="王秀芳", 身份证号=TWIN_NUMBER, 手机号="13900000001"),
        person("8", 姓名="赵小宝", 性别="男", 出生日期="2024-06-01", 身份证号=NUMBER),
        person("9", 姓名="陈敏", 性别="", 出生日期=""),
        person("10", 姓名="陈敏", 性别="", 出生日期=""),
    ]


@pytest.fixture(scope="module")
def village_pairs(village):
    return {(pair.id_l, pair.id_r): pair for pair in pairs(village, least=0)}


def test_rows_of_one_person_come_together_and_others_stay_apart(village):
    assert clusters(village) == [1, 1, 1, 2, 2, 3, 4, 5, 6, 7]


def test_twins_with_numbers_of_their_own_never_share_a_cluster_even_through_a_third_row(village, village_pairs):
    assert village_pairs["2", "7"].probability > 0.9
    assert village_pairs["1", "7"].rule == "other-id"
    found = clusters(village)
    assert found[0] == found[1] != found[6]


def test_a_child_registered_under_anothers_number_is_left_to_a_person(village_pairs):
    pair = village_pairs["1", "8"]
    assert (pair.rule, pair.probability) == ("same-id-other-person", 0.5)


def test_a_name_alone_joins_nobody(village_pairs):
    assert village_pairs["9", "10"].rule == "name-only"
    assert village_pairs["9", "10"].probability <= 0.5


def test_the_same_number_settles_it(village_pairs):
    assert (village_pairs["1", "3"].rule, village_pairs["1", "3"].probability) == ("same-id", 1.0)


def test_a_pair_says_why_field_by_field_in_both_languages(village_pairs):
    reasons = {reason.field: reason for reason in village_pairs["1", "2"].reasons}
    assert (reasons["name"].outcome, reasons["name"].zh, reasons["name"].en) == (
        "same-sound",
        "同音",
        "sounds the same",
    )
    assert reasons["birth_date"].weight > 0
    against = {reason.field: reason for reason in village_pairs["4", "6"].reasons}
    assert against["birth_date"].outcome == "differs"
    assert against["birth_date"].weight < 0


def test_given_name_and_surname_may_be_exchanged():
    rows = [
        {"given_name": "anna", "surname": "smith", "dob": "1980-01-02"},
        {"given_name": "smith", "surname": "anna", "dob": "1980-01-02"},
        {"given_name": "peter", "surname": "jones", "dob": "1971-09-12"},
    ]
    assert clusters(rows) == [1, 1, 2]
    (pair,) = pairs(rows, least=0.9)
    assert "swapped" in [reason.outcome for reason in pair.reasons]


@pytest.mark.parametrize("rows", [[], [person("1")]])
def test_no_row_and_one_row_are_files_too(rows):
    assert clusters(rows) == [1] * len(rows)
    assert pairs(rows) == []


def test_all_kinds_of_table_give_the_same_answer(village):
    frame = pl.DataFrame(village)
    wanted = match(village)
    assert match(frame) == wanted
    assert match(frame.to_arrow()) == wanted
    assert match(frame.to_pandas()) == wanted


def test_two_tables_are_linked_with_each_other_and_within_themselves():
    register = [person("1", 手机号="13900000001"), person("2", 手机号="13900000001")]
    hospital = [{"id": "A", "surname": "王", "given_name": "秀英", "dob": "19550304", "mobile": "13900000001"}]
    found = match(register, hospital)
    assert [(row.id, row.cluster, row.table) for row in found] == [("1", 1, 0), ("2", 1, 0), ("A", 1, 1)]


def test_a_whole_name_fills_in_where_its_parts_are_missing():
    rows = [
        {"name": "", "given_name": "Anna", "surname": "Smith", "dob": "1980-01-02"},
        {"name": "Anna Smith", "given_name": None, "surname": None, "dob": "02/01/1980"},
        {"name": "欧阳娜娜", "given_name": "", "surname": "", "dob": "2000-06-15"},
        {"name": None, "given_name": "娜娜", "surname": "欧阳", "dob": "2000-06-15 00:00:00"},
    ]
    assert clusters(rows) == [1, 1, 2, 2]


def test_rows_without_an_id_column_are_numbered():
    rows = [{"姓名": "王秀英", "出生日期": "1955-03-04"}, {"姓名": "赵小宝", "出生日期": "2024-06-01"}]
    assert [row.id for row in match(rows)] == ["1", "2"]


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        ([{"colour": "red"}], "colour"),
        ([{"id": "1", "name": "a"}, {"id": "1", "name": "b"}], "'1'"),
        ([{"id": "1", "name": "a"}, {"id": " ", "name": "b"}], "row 2"),
    ],
)
def test_a_table_that_cannot_be_linked_is_refused_with_the_way_out(rows, words):
    with pytest.raises(LinkageError, match=words):
        match(rows)


def test_clusters_follow_the_order_of_rows_and_keep_numbers_apart():
    assert cluster([None] * 4, [(3, 1), (1, 0)]) == [1, 1, 2, 1]
    assert cluster(["x", None, "y"], [(0, 1), (1, 2)]) == [1, 1, 2]


def test_quality_counts_pairs():
    quality = pairwise_quality([1, 1, 1, 2], ["a", "a", "b", "b"])
    assert (quality.found_pairs, quality.true_pairs, quality.shared_pairs) == (3, 2, 1)
    assert (quality.precision, quality.recall) == (1 / 3, 0.5)
    nothing = pairwise_quality([1, 2], ["a", "b"])
    assert (nothing.precision, nothing.recall) == (1.0, 1.0)


def shared(name):
    path = LINKAGE / name
    if not path.exists():
        pytest.skip(f"the linkage data is not at {path}")
    return read_table(path)


@pytest.mark.shared
def test_febrl_1_is_told_apart_and_together():
    table = shared("febrl/dataset1.csv.gz")
    found = match(table)
    quality = pairwise_quality([row.cluster for row in found], [row.id.split("-")[1] for row in found])
    assert quality.true_pairs == 500
    assert quality.precision >= 0.99
    assert quality.recall >= 0.99


@pytest.mark.shared
def test_fake_1000_is_told_apart_and_together():
    table = shared("splink/fake_1000.csv")
    quality = pairwise_quality([row.cluster for row in match(table)], table["cluster"].to_list())
    assert quality.true_pairs == 2031
    assert quality.precision >= 0.98
    assert quality.recall >= 0.94


@pytest.mark.shared
def test_the_truth_is_not_read_and_a_run_repeats_itself():
    table = shared("splink/fake_1000.csv").head(310)
    hidden = table.drop("cluster").with_columns(unique_id=pl.col("unique_id").reverse())
    assert clusters(table) == clusters(hidden)


@pytest.mark.shared
def test_people_who_are_all_different_stay_apart():
    table = shared("febrl/dataset4a.csv.gz").head(310)
    assert clusters(table) == list(range(1, 311))
