"""What the map reckons: periods, sums up the levels, standardised rates, what is hidden, what rises."""

from datetime import date

import polars as pl
import pytest

from catchment.rooms.measures.queries.cube import BANDS, Cube, periods_between
from catchment.rooms.measures.queries.layers import HIDDEN, burden, standardised, sums
from catchment.rooms.measures.queries.rising import rises
from catchment.rooms.measures.queries.small import hide_small
from catchment.rooms.measures.queries.spectrum import spectrum
from catchment.rooms.measures.rules.atlas import DiseaseGroup, RisingRule, StandardPopulationRule, is_rising

STROKE = DiseaseGroup(code="stroke", zh="脑卒中", en="Stroke", ranges=("I60-I69",))
PLACE = {"area_code": "990100100201", "township_code": "990100100", "county_code": "990100"}
COUNTED = {**dict.fromkeys((*PLACE, "group", "period"), pl.String), "band": pl.Int64, "n": pl.Int64}


def frame(*rows):
    return pl.DataFrame([{**PLACE, "group": "stroke", "period": "2025", **row} for row in rows], schema=COUNTED)


def everybody(people=100):
    return frame(*({"band": band, "n": people} for band in range(BANDS)))


def made(seen, residents, periods=("2025",), last=date(2025, 12, 31)):
    return Cube(seen=seen, known=seen.clear(), residents=residents, periods=periods, last=last, as_of="x")


def test_periods_are_whole_ones_and_the_one_that_runs():
    assert [code for code, _end in periods_between(date(2023, 11, 28), date(2026, 3, 4), "year")] == [
        "2024", "2025", "2026",
    ]  # fmt: skip
    months = periods_between(date(2025, 12, 1), date(2026, 2, 4), "month")
    assert months == [("2025-12", 24311), ("2026-01", 24312), ("2026-02", 24313)]
    assert len(periods_between(date(2001, 1, 1), date(2026, 2, 4), "month")) == 36
    assert [code for code, _end in periods_between(date(2026, 3, 2), date(2026, 3, 4), "year")] == ["2026"]


def test_a_village_counts_in_its_township_and_county_too():
    other = {"area_code": "990100100202", "band": 3, "n": 4}
    found = sums(frame({"band": 3, "n": 2}, other), ["2024", "2025"])
    assert found == {
        "990100100201": [0, 2], "990100100202": [0, 4], "990100100": [0, 6], "990100": [0, 6],
    }  # fmt: skip


def test_a_rate_is_adjusted_to_the_standard_ages():
    """Ten in a hundred of those over 65, none else; two in eighteen of the standard are over 65 here."""
    standard = [1.0] * (BANDS - 2) + [1.0, 1.0]
    seen = frame({"band": BANDS - 1, "n": 10}, {"band": BANDS - 2, "n": 10})
    found = standardised(seen, everybody(), ["2025"], standard)
    assert found["990100"] == [pytest.approx(1000 * 0.1 * 2 / 18, abs=0.01)]
    assert "990100100201" not in found  # a village is too small for rates by age


def test_no_adjusted_rate_where_an_age_has_nobody():
    residents = everybody().filter(pl.col("band") != 4)
    assert standardised(frame({"band": 3, "n": 1}), residents, ["2025"], [1.0] * BANDS)["990100"] == [None]


def test_a_standard_with_more_bands_is_added_up_at_the_end():
    long = [1.0] * (BANDS - 1) + [0.4, 0.3, 0.3]
    seen = frame({"band": BANDS - 1, "n": 10})
    assert standardised(seen, everybody(), ["2025"], long) == standardised(seen, everybody(), ["2025"], [1.0] * BANDS)


def test_burden_is_people_of_residents():
    rows = burden(made(frame({"band": 15, "n": 12}), everybody()), STROKE, [1.0] * BANDS)
    assert (rows["990100"]["n"], rows["990100"]["d"]) == ([12], [1800])


def test_small_counts_are_hidden_and_what_would_give_them_away():
    rows = {
        "c": {"n": [63], "d": [300]},
        "t1": {"n": [3], "d": [100]},
        "t2": {"n": [20], "d": [100]},
        "t3": {"n": [40], "d": [100]},
    }
    shown = hide_small(rows, {"c": "", "t1": "c", "t2": "c", "t3": "c"}, 5)
    assert shown["t1"]["n"] == [HIDDEN]
    assert [shown[code]["n"] for code in ("t2", "t3")].count([HIDDEN]) == 1
    assert shown["c"]["n"] == [63]
    assert rows["t1"]["n"] == [3]


def test_who_cares_for_an_area_sees_its_small_counts():
    rows = {"t1": {"n": [3], "d": [100]}, "t2": {"n": [20], "d": [100]}}
    assert hide_small(rows, {"t1": "c", "t2": "c"}, 5, ["t1"])["t1"]["n"] == [3]
    assert hide_small(rows, {"t1": "c", "t2": "c"}, 0) == rows


def test_a_small_indicator_is_hidden_alone():
    rows = {"t1": {"n": [3], "d": [100], "v": [3.0]}, "t2": {"n": [20], "d": [100], "v": [20.0]}}
    shown = hide_small(rows, {"t1": "c", "t2": "c"}, 5)
    assert shown["t1"] == {"n": [HIDDEN], "d": [100], "v": [None]}
    assert shown["t2"] == rows["t2"]


@pytest.mark.parametrize(
    ("now", "before", "told"),
    [(30, [20, 20], True), (29, [20, 20], False), (13, [5, 5], False), (26, [20, 20], False), (40, [], False)],
)
def test_a_disease_rises_by_ratio_and_by_number(now, before, told):
    assert is_rising(now, before, RisingRule(months=3, years=2, ratio=1.3, least=10)) is told


def test_whole_months_are_compared_with_the_same_ones_of_earlier_years():
    months = [f"{year}-{month:02d}" for year in (2024, 2025) for month in range(1, 13)]
    rows = [{"band": 3, "n": 40 if one == "2025-11" else 10, "period": one} for one in months]
    cube = made(frame(*rows), everybody(), periods=tuple(months), last=date(2025, 12, 20))
    rule = RisingRule(months=1, years=1, ratio=1.3, least=10)
    (found,) = rises(cube, ["990100"], [STROKE], rule)
    assert (found.first, found.now, found.before, found.times) == ("2025-11", 40, (10,), 4.0)
    assert (
        rises(
            made(frame(*rows), everybody(), periods=("2025-11",), last=date(2025, 12, 20)), ["990100"], [STROKE], rule
        )
        == []
    )


def test_the_spectrum_counts_by_broad_age():
    cube = made(frame({"band": 1, "n": 2}, {"band": 15, "n": 5}), everybody())
    (line,) = spectrum(cube, "990100100", "2025", [STROKE], "zh-hans")
    assert (line.seen, line.total, line.rate(3)) == ((2, 0, 0, 5), 7, 10.0)


def test_a_standard_without_people_in_an_age_is_refused():
    with pytest.raises(ValueError, match="people: every age band needs a number above 0"):
        StandardPopulationRule(people=(1.0, 0.0))
