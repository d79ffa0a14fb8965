"""What holds for any record: order does not matter, complications only raise, columns and rows agree."""

from dataclasses import replace
from functools import cache

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from catchment.standards.drg import grouping, store
from catchment.standards.drg.columns import INPUT, Engine
from catchment.standards.drg.record import Record
from standards.drg.conftest import scheme_of

SCHEME = store.fictional()
DX = [*SCHEME.dx_names, *SCHEME.dx_map, "unknown", ""]
PROCS = [*SCHEME.proc_names, *SCHEME.proc_map, "unknown"]
RECORDS = st.builds(
    Record,
    id=st.sampled_from(["a", "b", ""]),
    sex=st.sampled_from(["M", "F", "1", "2", "9", None]),
    age=st.sampled_from([None, 0.0, 1.0, 10.0, 14.0, 15.0, 60.0]),
    age_days=st.sampled_from([None, 0.0, 10.0, 28.0, 29.0, 300.0]),
    weight_g=st.sampled_from([None, 0.0, 999.0, 1000.0, 1499.5, 1500.0, 2499.0, 2500.0]),
    dept=st.sampled_from([None, "R01", "0301"]),
    los=st.sampled_from([None, 0.0, 2.0, 3.0, 30.0, 31.0]),
    discharge_way=st.sampled_from([None, "1", "5"]),
    icu_hours=st.sampled_from([None, 0.0, 95.0, 96.0, 240.0]),
    pdx=st.one_of(st.none(), *[st.sampled_from(DX)] * 4),
    odx=st.lists(st.sampled_from(DX), max_size=5).map(tuple),
    procs=st.lists(st.sampled_from(PROCS), max_size=4).map(tuple),
)
READINGS = [
    {},
    {"ambiguity": "any"},
    {"ambiguity": "off"},
    {"missing_age": "zero", "missing_age_days": "zero", "newborn_weight_zero": "invalid"},
    {"entry:MDCP": "ADX & AGE_YEARS=0", "rule:BR1": "PDX1 & !MAIN_PROC_VALID", "split:CR33": "CC & !MCC & SEX!=F"},
]


@cache
def engine(reading):
    scheme = scheme_of(store.FICTIONAL_TABLES, **READINGS[reading])
    return scheme, Engine(scheme)


@pytest.mark.parametrize("clinical", [False, True])
@pytest.mark.parametrize("reading", range(len(READINGS)))
@given(rows=st.lists(RECORDS, max_size=30))
@settings(max_examples=40, deadline=None)
def test_columns_and_rows_agree_in_every_reading(reading, clinical, rows):
    scheme, ready = engine(reading)
    table = pa.table({name: [getattr(one, name) for one in rows] for name in INPUT.names}, schema=INPUT)
    by_rows = [grouping.group(scheme, one, clinical=clinical) for one in rows]
    told = [{name: getattr(one, name) for name in ("id", "status", "mdc", "adrg", "drg")} for one in by_rows]
    assert ready.group(table, clinical=clinical).to_pylist() == told


@given(record=RECORDS, data=st.data())
@settings(max_examples=300, deadline=None)
def test_the_order_of_other_diagnoses_never_matters(record, data):
    shuffled = replace(record, odx=tuple(data.draw(st.permutations(record.odx))))
    assert grouping.group(SCHEME, shuffled) == grouping.group(SCHEME, record)


@given(record=RECORDS, code=st.sampled_from([code for code in SCHEME.levels if code != "c2"]))
@settings(max_examples=300, deadline=None)
def test_one_more_complication_never_lowers_the_split(record, code):
    """But where a scheme asks for a CC and no MCC, as the fictional CR3 does: there an MCC leaves that group by its rule."""
    before = grouping.group(SCHEME, record)
    after = grouping.group(SCHEME, replace(record, odx=(*record.odx, code)))
    assert (after.status, after.adrg) == (before.status, before.adrg)
    order = [drg.code for _, adrg, drg in SCHEME.drgs() if adrg.code == before.adrg]
    if before.status == grouping.OK and before.adrg != "CR3":
        assert order.index(after.drg) <= order.index(before.drg)


@pytest.mark.shared
def test_one_more_complication_never_lowers_a_national_split(national):
    import random

    from standards.drg import candidates

    draw = random.Random(5)
    for mdc, adrg, drg in list(national.drgs())[::7]:
        order = [one.code for one in adrg.drgs]
        for record in candidates.for_group(national, mdc, adrg, drg, draw, 2):
            code = draw.choice(["J96.000", "D64.900"])
            before = grouping.group(national, record)
            after = grouping.group(national, replace(record, odx=(*record.odx, code)))
            if before.adrg == after.adrg == adrg.code:
                assert order.index(after.drg) <= order.index(before.drg)
