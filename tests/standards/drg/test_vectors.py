"""Agreement with independent records, row by row and by columns, and every national group within reach."""

import json
import random

import pytest

from catchment.standards.drg import grouping, reading, record
from catchment.standards.drg.columns import INPUT, Engine
from catchment.standards.drg.explaining import explain
from standards.drg import candidates

pytestmark = pytest.mark.shared
ANSWER = ("status", "mdc", "adrg", "drg")


@pytest.fixture
def vectors(shared):
    content = (shared / "domain" / "vectors" / "drg_chs11_1500.jsonl").read_bytes()
    return content, [json.loads(line) for line in content.splitlines()]


def test_every_record_gets_the_expected_group_row_by_row(national, vectors):
    _, expected = vectors
    grouped = [grouping.group(national, record.read(one)) for one in expected]
    assert len(expected) == 1500
    assert [{name: getattr(one, name) for name in ANSWER} for one in grouped] == [one["expected"] for one in expected]


def test_every_record_gets_the_expected_group_by_columns(national, vectors):
    content, expected = vectors
    block = reading.json_lines(content)
    grouped = Engine(national).group(block.table).to_pylist()
    assert block.rejected == {}
    assert [{name: one[name] for name in ANSWER} for one in grouped] == [one["expected"] for one in expected]


def test_all_628_groups_can_be_reached(national):
    draw = random.Random(11)
    groups = list(national.drgs())
    reached = [drg.code for mdc, adrg, drg in groups if reaches(national, mdc, adrg, drg, draw)]
    assert (len(groups), len(reached)) == (628, 628)


def reaches(scheme, mdc, adrg, drg, draw):
    tries = candidates.for_group(scheme, mdc, adrg, drg, draw, each=400)
    return any(grouping.group(scheme, one).drg == drg.code for one in tries)


def test_columns_and_rows_agree_on_records_made_for_every_group(national):
    import pyarrow as pa

    draw = random.Random(7)
    made = [
        one for mdc, adrg, drg in national.drgs() for one in candidates.for_group(national, mdc, adrg, drg, draw, 5)
    ]
    table = pa.table({name: [getattr(one, name) for one in made] for name in INPUT.names}, schema=INPUT)
    by_columns = [one["drg"] for one in Engine(national).group(table).to_pylist()]
    assert len(made) > 3000
    assert by_columns == [grouping.group(national, one).drg for one in made]


def test_the_reasons_lead_to_the_same_group(national, vectors):
    _, expected = vectors
    for one in expected[::25]:
        told = explain(national, record.read(one))
        assert {name: told[name] for name in ANSWER} == one["expected"]
        if told["status"] == "ok":
            assert told["tried"][-1]["mdc"] == told["mdc"]
            assert [split["drg"] for split in told["splits"] if split["given"]] == [told["drg"]]
            assert next(split for split in told["splits"] if split["holds"])["given"]
