"""Distances, the shifted datum, division codes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catchment.standards.geography.distance import distance_km
from catchment.standards.geography.divisions import (
    DivisionCodeError,
    level_of,
    parent_code,
    parse_division_code,
    stem,
)
from catchment.standards.geography.gcj02 import gcj02_to_wgs84, wgs84_to_gcj02


def test_a_degree_of_latitude_is_111_km() -> None:
    assert distance_km(121, 28, 121, 29) == pytest.approx(111.195, abs=0.001)


def test_distance_shrinks_with_the_cosine_of_latitude() -> None:
    assert distance_km(0, 60, 1, 60) == pytest.approx(55.597, abs=0.01)


def test_antipodes_are_half_the_circumference() -> None:
    assert distance_km(0, 90, 0, -90) == pytest.approx(20015.1, abs=0.1)


@pytest.mark.parametrize(
    ("true", "shown"),
    [
        ((121.5272106, 31.1774276), (121.531541859215, 31.17530398364597)),
        ((113.912316, 22.543847), (113.9171764808363, 22.540796131694766)),
    ],
)
def test_known_points_are_shown_where_chinese_maps_show_them(true: tuple, shown: tuple) -> None:
    """Shanghai and Shenzhen, as in the reference vectors that converters of the datum are checked by."""
    assert wgs84_to_gcj02(*true) == pytest.approx(shown, abs=1e-9)


def test_the_shift_at_yuhuan_is_near_that_of_the_county_s_two_published_maps() -> None:
    x, y = wgs84_to_gcj02(121.2323, 28.1284)
    assert (x - 121.2323, y - 28.1284) == pytest.approx((0.0044, -0.0031), abs=0.0005)


@given(st.floats(73.1, 134.9), st.floats(18.1, 53.4))
def test_the_way_back_ends_where_it_began(longitude: float, latitude: float) -> None:
    back = gcj02_to_wgs84(*wgs84_to_gcj02(longitude, latitude))
    assert back == pytest.approx((longitude, latitude), abs=1e-8)


def test_maps_outside_china_are_not_shifted() -> None:
    assert gcj02_to_wgs84(2.35, 48.86) == (2.35, 48.86)


@pytest.mark.parametrize(
    ("code", "short", "level", "parent"),
    [
        ("330000", "330000", "province", ""),
        ("331000000000", "331000", "city", "330000"),
        ("331021000000", "331021", "county", "331000"),
        ("331021001000", "331021001", "township", "331021"),
        ("331083102", "331083102", "township", "331083"),
        ("331021001201", "331021001201", "village", "331021001"),
    ],
)
def test_a_code_says_its_level_and_its_parent(code: str, short: str, level: str, parent: str) -> None:
    assert parse_division_code(code) == short
    assert (level_of(short), parent_code(short)) == (level, parent)


@pytest.mark.parametrize("code", ["", "33102", "33102A", "3310210010000", "000000"])
def test_what_cannot_be_a_code_is_refused(code: str) -> None:
    with pytest.raises(DivisionCodeError, match="digits"):
        parse_division_code(code)


def test_a_county_that_became_a_city_keeps_its_stem() -> None:
    assert stem("玉环县") == stem("玉环市") == "玉环"
    assert stem("沛县") == "沛县"
