"""The reasons of one group."""

from catchment.standards.drg.explaining import Result, explain
from catchment.standards.drg.record import Record

ADULT = {"id": "one", "sex": "M", "age": 40, "age_days": 14600, "los": 5}


def told(scheme, **fields):
    results = fields.pop("results", ())
    return explain(scheme, Record(**ADULT, **fields), results=results)


def test_the_mdcs_and_adrgs_tried_are_told_up_to_the_match(fictional):
    tried = told(fictional, pdx="b1")["tried"]
    assert [(one["mdc"], one["holds"]) for one in tried] == [
        ("MDCA", False), ("MDCP", False), ("MDCZ", False), ("MDCN", False), ("MDCB", True),
    ]  # fmt: skip
    assert [(one["adrg"], one["holds"]) for one in tried[-1]["adrgs"]] == [
        ("BB2", False), ("BB1", False), ("BK1", False), ("BR1", True),
    ]  # fmt: skip


def test_the_code_and_its_list_are_told(fictional):
    adrg = told(fictional, pdx="b2", procs=("p6",))["tried"][-1]["adrgs"][-1]
    assert adrg["by"] == [{"part": "MP1", "list": "BB1:1", "codes": [{"code": "p6", "name": "虚构胸部术甲"}]}]


def test_each_complication_is_kept_or_excluded_with_its_reason(fictional):
    found = told(fictional, pdx="b1", odx=("k1", "k4", "k5"))["complications"]
    assert [(one["code"], one["level"], one["kept"]) for one in found] == [
        ("k1", "MCC", False), ("k4", "CC", True), ("k5", "CC", True),
    ]  # fmt: skip
    assert "same exclusion group 1" in found[0]["why"]
    assert "kept: in exclusion group 3" in found[1]["why"]
    assert "for no principal diagnosis" in found[2]["why"]


def test_the_codes_that_the_group_rests_on_are_told(fictional):
    found = told(fictional, pdx="b1", odx=("k2", "k5", "zz"))
    assert found["drg"] == "BR11"
    assert found["rests_on"] == [{"code": "k2", "name": "虚构严重合并症乙", "without_it": "BR13"}]


def test_documentation_is_named_only_where_a_result_supports_it(fictional):
    low, normal = Result("f-albumin", 20, "g/L"), Result("f-albumin", 40, "g/L")
    assert told(fictional, pdx="b1")["documentation"] == []
    assert told(fictional, pdx="b1", results=[normal])["documentation"] == []
    assert told(fictional, pdx="b1", results=[Result("f-albumin", 20, "mg/L")])["documentation"] == []
    (found,) = told(fictional, pdx="b1", results=[low])["documentation"]
    assert (found["code"], found["would_group_to"]) == ("k4", "BR13")
    assert found["because"] == "f-albumin is 20 g/L, < 25 g/L"


def test_documentation_that_is_coded_or_changes_nothing_is_not_named(fictional):
    low = [Result("f-albumin", 20, "g/L")]
    assert told(fictional, pdx="b1", odx=("k4",), results=low)["documentation"] == []
    assert told(fictional, pdx="b1", odx=("k2",), results=low)["documentation"] == []


def test_an_ungrouped_record_is_told_with_all_that_was_tried(fictional):
    found = told(fictional, pdx="b3")
    assert (found["status"], len(found["tried"]), found["splits"]) == ("ungrouped", len(fictional.mdcs), [])


def test_an_invalid_record_is_told_with_its_field(fictional):
    found = explain(fictional, Record(id="one", age=3, pdx="b1"))
    assert (found["status"], found["reason"]) == ("invalid", "sex: missing or neither M nor F")
    assert "tried" not in found


def test_the_ambiguity_group_is_told(fictional):
    found = told(fictional, pdx="b2", procs=("p9",))
    assert (found["status"], found["drg"]) == ("ambiguous", "BQY")
    assert found["tried"][-1]["adrgs"][-1]["adrg"] == "QY"


def test_conversions_are_told(fictional):
    found = explain(fictional, Record(**ADULT, pdx="b1.old", odx=("k4.old",)), clinical=True)
    assert found["converted"] == [{"clinical": "b1.old", "nhsa": "b1"}, {"clinical": "k4.old", "nhsa": "k4"}]
