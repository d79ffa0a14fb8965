"""Tables to a kept scheme: problems by file and line, whole or not at all, readings as options."""

import shutil

import pytest

from catchment.standards.drg import grouping, store
from catchment.standards.drg.record import Record, read
from standards.drg.conftest import scheme_of


@pytest.fixture
def tables(tmp_path):
    """A copy of the fictional tables to spoil."""
    return shutil.copytree(store.FICTIONAL_TABLES, tmp_path / "tables")


def spoil(tables, file, before, after):
    text = (tables / file).read_text(encoding="utf-8")
    assert before in text
    (tables / file).write_text(text.replace(before, after, 1), encoding="utf-8")


def test_a_loaded_scheme_is_opened_as_it_was(tables, tmp_path):
    loaded, problems = store.load(tables, "town", tmp_path)
    assert problems == []
    assert store.opened("town", tmp_path) == loaded
    assert store.names(tmp_path) == ["fictional", "county", "town"]


@pytest.mark.parametrize(
    ("file", "before", "after", "line", "told"),
    [
        ("adrg.csv", "MP1 & ICU_HOURS>=96", "MP1 & HOURS>=96", 3, "none of AGE_YEARS"),
        ("adrg.csv", "MDCX,1,XR1", "MDCX,one,XR1", 21, "seq 'one' is no whole number"),
        ("adrg.csv", "MDCX,1,XR1", "MDCY,1,XR1", 21, "mdc MDCY is not in mdc.csv"),
        ("adrg.csv", "虚构其他,medical", "虚构其他,clinical", 21, "kind 'clinical'"),
        ("adrg.csv", "ADX1\n", "ADX2\n", 21, "asks for its list 2, which holds no code"),
        ("drg.csv", "XR1,1,XR19", "XR1,1,AA19", 34, "drg AA19 stands here a second time"),
        ("drg.csv", "XR1,1,XR19", "XX1,1,XR19", 34, "adrg XX1 is not in adrg.csv"),
        ("cc.csv", "k2,MCC,2", "k1,MCC,2", 3, "dx_code k1 stands here a second time"),
        ("cc.csv", "k2,MCC,2", "k2,MC,2", 3, "level 'MC' is neither MCC nor CC"),
        ("cc.csv", "k2,MCC,2", "k2,MCC,", 3, "has no value in excl_group"),
        ("exclusion.csv", "c2,4", "c1,4", 4, "pdx_code c1 stands here a second time"),
        ("mdc_dx.csv", "x1,", "x1,,,", 18, "has more cells than the header"),
        ("adrg_dx.csv", "XR1,1,x1", "XR2,1,x1", 18, "adrg XR2 is not in adrg.csv"),
        ("mdc.csv", "seq,mdc", "seq,code", 1, "the header lacks the column mdc"),
        ("options.csv", "ambiguity,main", "ambiguity,maybe", 0, "not one of off, main, any"),
        ("options.csv", "MDCB|MDCC", "MDCB|MDCD", 0, "the scheme has no MDC 'MDCD'"),
        ("options.csv", "ambiguity,main", "colour,red", 0, "there is no option 'colour'"),
        ("options.csv", "ambiguity,main", "rule:ZZ9,PDX1", 0, "the scheme has no such group"),
        ("evidence.csv", "<,25", "about,25", 2, "is no comparison with a number"),
    ],
)
def test_a_spoiled_row_is_told_by_file_and_line_and_nothing_is_kept(tables, tmp_path, file, before, after, line, told):
    spoil(tables, file, before, after)
    loaded, problems = store.load(tables, "town", tmp_path)
    assert loaded is None
    assert any((one.file, one.line) == (file, line) and told in one.message for one in problems), problems
    assert store.names(tmp_path) == ["fictional", "county"]


def test_a_missing_table_is_told(tables, tmp_path):
    (tables / "cc.csv").unlink()
    _, problems = store.load(tables, "town", tmp_path)
    assert [(one.file, one.message) for one in problems] == [("cc.csv", "the file is missing")]


def test_a_table_in_no_known_encoding_is_told(tables, tmp_path):
    (tables / "cc.csv").write_bytes(b"dx_code,level,excl_group\n\xff\xff,CC,1\n")
    _, problems = store.load(tables, "town", tmp_path)
    assert "neither UTF-8 nor GB 18030" in problems[0].message


def test_codes_outside_the_code_table_are_warned_of_and_kept(tables, tmp_path):
    spoil(tables, "adrg_dx.csv", "XR1,1,x1", "XR1,1,x1\nXR1,1,x2")
    loaded, problems = store.load(tables, "town", tmp_path)
    assert [(one.level, one.file, one.line) for one in problems] == [("warning", "adrg_dx.csv", 19)]
    assert "x2" in loaded.dx_lists["XR1", 1]


def test_a_failed_load_leaves_the_scheme_that_was_there(tables, tmp_path):
    before, _ = store.load(tables, "town", tmp_path)
    (tables / "cc.csv").unlink()
    store.load(tables, "town", tmp_path)
    assert store.opened("town", tmp_path).digest == before.digest


def test_an_unknown_scheme_names_the_way_out(tmp_path):
    with pytest.raises(
        store.SchemeError, match="known are fictional, county; load one: catchment drg load DIR --scheme nowhere"
    ):
        store.opened("nowhere", tmp_path)


def test_a_file_that_was_changed_is_refused(tables, tmp_path):
    store.load(tables, "town", tmp_path)
    path = tmp_path / "schemes" / "town" / store.FILE
    path.write_bytes(path.read_bytes().replace(b'"AA19"', b'"AA18"'))
    with pytest.raises(store.SchemeError, match="damaged; load it again"):
        store.opened("town", tmp_path)


@pytest.mark.parametrize("name", ["../town", "Town", "", "fictional"])
def test_a_name_that_cannot_be_kept_is_refused(tables, tmp_path, name):
    with pytest.raises(store.SchemeError, match="cannot name a loaded scheme"):
        store.load(tables, name, tmp_path)


def test_a_list_can_be_taken_from_a_file_of_its_own():
    changed = scheme_of(
        store.FICTIONAL_TABLES, **{"dx:XR1": "dx_code.csv", "exclusion:b2": "2", "leave_out_source": "O"}
    )
    assert changed.dx_lists["XR1", 1] == set(changed.dx_names)
    assert changed.pdx_groups["b2"] == "2"


@pytest.mark.shared
def test_the_national_text_is_a_choice_of_options(shared):
    text = {"rule:PV1": "PDX1", "dx:PV1": "pv1_national_dx.csv", "exclusion:J68.200": "105", "leave_out_source": "O"}
    folder = shared / "data" / "drg_chs11"
    national, open_source = scheme_of(folder, **text), scheme_of(folder)
    assert (len(national.dx_lists["PV1", 1]), national.pdx_groups["J68.200"]) == (448, "105")
    newborn = {"sex": "F", "age": 0, "age_days": 3, "weight_g": 3000}
    outside = sorted(national.dx_lists["MDCP", 1] - national.dx_lists["PV1", 1] - national.dx_lists["PU1", 1])
    record = read({**newborn, "pdx": outside[0]})
    assert grouping.group(open_source, record).mdc == "MDCP"
    assert grouping.group(national, record) != grouping.group(open_source, record)
    assert grouping.group(open_source, Record("", "M", 40, 14600, pdx="L04.002", procs=())).mdc == "MDCD"
    assert grouping.group(national, Record("", "M", 40, 14600, pdx="L04.002", procs=())).mdc != "MDCD"


@pytest.mark.shared
def test_national_tables_load_without_a_problem(shared, tmp_path):
    loaded, problems = store.load(shared / "data" / "drg_chs11", "chs11", tmp_path)
    assert problems == []
    counts = loaded.counts()
    assert [counts[name] for name in ("mdc", "adrg", "drg", "mcc", "cc")] == [26, 376, 628, 4678, 16568]
    assert [counts[name] for name in ("exclusion_codes", "exclusion_groups", "valid_procedures")] == [28302, 223, 10251]
