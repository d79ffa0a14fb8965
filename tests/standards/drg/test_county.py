"""The scheme that ships for the synthetic county: made up, whole, and fit for that county's stays."""

import random

import pytest

from catchment.standards.drg import store
from catchment.standards.drg.grouping import group
from catchment.standards.drg.record import Record
from catchment.twin.diagnoses import STAYS
from standards.drg import candidates


@pytest.fixture(scope="module")
def county():
    return store.shipped(store.COUNTY)


def test_every_group_can_be_reached(county):
    draw = random.Random(7)
    reached = {
        group(county, record).drg
        for mdc in county.mdcs
        for adrg in mdc.adrgs
        for drg in adrg.drgs
        for record in candidates.for_group(county, mdc, adrg, drg, draw)
    }
    assert {drg.code for mdc in county.mdcs for adrg in mdc.adrgs for drg in adrg.drgs} <= reached


@pytest.mark.parametrize("stay", STAYS, ids=lambda one: one.code)
def test_every_stay_of_the_synthetic_county_is_grouped(county, stay):
    for procs in ((), (stay.procedure,) if stay.procedure else ()):
        record = Record(sex="F", age=40, pdx=stay.code, procs=procs)
        assert group(county, record).status == "ok"


def test_what_ships_cannot_be_replaced(tmp_path):
    with pytest.raises(store.SchemeError, match="county"):
        store.load(store.FICTIONAL_TABLES, store.COUNTY, tmp_path)
