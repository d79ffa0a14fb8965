"""The scheme that ships: every group within reach, and each thing that localities add to the national rules."""

import random

import pytest

from catchment.standards.drg import grouping
from catchment.standards.drg.record import Record
from standards.drg import candidates

ADULT = {"sex": "M", "age": 40, "age_days": 14600, "los": 5, "discharge_way": "1"}
NEWBORN = {"sex": "F", "age": 0, "age_days": 3, "weight_g": 3000}


def test_every_group_can_be_reached(fictional):
    draw = random.Random(3)
    unreached = [
        drg.code
        for mdc, adrg, drg in fictional.drgs()
        if not any(
            grouping.group(fictional, one).drg == drg.code
            for one in candidates.for_group(fictional, mdc, adrg, drg, draw, 60)
        )
    ]
    assert unreached == []


@pytest.mark.parametrize(
    ("fields", "drg"),
    [
        pytest.param({"pdx": "b2", "procs": ("p9",)}, "BQY", id="ambiguity group"),
        pytest.param({"pdx": "b1", "age": 14}, "BR14", id="child"),
        pytest.param({"pdx": "b1", "age": 15}, "BR15", id="no child"),
        pytest.param({"pdx": "c1", "los": 2}, "CR19", id="short stay, discharged home"),
        pytest.param({"pdx": "c1", "los": 2, "discharge_way": "5"}, "CR35", id="short stay, other discharge way"),
        pytest.param({"pdx": "c1", "los": 31}, "CR34", id="long stay"),
        pytest.param({"pdx": "c1", "dept": "R01"}, "CR29", id="department"),
        pytest.param({**NEWBORN, "pdx": "n2", "weight_g": 999}, "PS11", id="below 1000 g"),
        pytest.param({**NEWBORN, "pdx": "n2", "weight_g": 1000}, "PS15", id="1000 g"),
        pytest.param({"pdx": "b1", "procs": ("p10",), "icu_hours": 240}, "AB11", id="hours of intensive care"),
        pytest.param({"pdx": "b1", "procs": ("p10",), "icu_hours": 100}, "AB15", id="fewer hours"),
        pytest.param({"pdx": "b1", "procs": ("p10",)}, "BR15", id="hours unknown: not the pre-MDC group"),
        pytest.param({"pdx": "c1", "odx": ("k4",)}, "CR33", id="CC only"),
        pytest.param({"pdx": "c1", "odx": ("k4", "k1")}, "CR35", id="CC only refuses an MCC"),
        pytest.param({"pdx": "b2", "procs": ("p6", "p12")}, "BB10", id="named further procedure"),
        pytest.param({"pdx": "b2", "odx": ("k9",)}, "BR39", id="list for other diagnoses only"),
        pytest.param({"pdx": "zz", "odx": ("x1",)}, "XR19", id="entry by any diagnosis"),
        pytest.param({"pdx": "i1", "odx": ("i2",)}, "ZZ19", id="two sites"),
        pytest.param({"pdx": "i1", "odx": ("i1",)}, "BR39", id="one site goes on"),
        pytest.param({"pdx": "b3"}, "0000", id="entered MDC without group"),
        pytest.param({"pdx": "b1", "odx": ("k1", "k3")}, "BR15", id="excluded by the principal diagnosis"),
        pytest.param({"pdx": "b1", "odx": ("k2",)}, "BR11", id="MCC kept"),
        pytest.param({"pdx": "b1", "odx": ("k5",)}, "BR13", id="never excluded"),
    ],
)
def test_what_localities_add_can_be_said(fictional, fields, drg):
    assert grouping.group(fictional, Record(**{**ADULT, **fields})).drg == drg


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"sex": None}, "sex"),
        ({"sex": "9"}, "sex"),
        ({"age": None}, "age"),
        ({"age": 0, "age_days": None}, "age_days"),
        ({"age": 0, "age_days": 28}, "weight_g"),
        ({"pdx": None}, "pdx"),
    ],
)
def test_an_invalid_record_says_which_field(fictional, fields, field):
    grouped = grouping.group(fictional, Record(**{**ADULT, "pdx": "b1", **fields}))
    assert (grouped.status, grouped.mdc, grouped.adrg, grouped.drg) == ("invalid", "0000", "00", "0000")
    assert grouped.reason.startswith(f"{field}:")


def test_clinical_codes_are_converted_first(fictional):
    record = Record(**ADULT, pdx="b1.old", odx=("k4.old",))
    assert grouping.group(fictional, record).status == "ungrouped"
    assert grouping.group(fictional, record, clinical=True).drg == "BR13"


def test_a_clinical_code_without_mapping_makes_the_record_invalid(fictional):
    grouped = grouping.group(fictional, Record(**ADULT, pdx="b1"), clinical=True)
    assert (grouped.status, "'b1'" in grouped.reason) == ("invalid", True)
