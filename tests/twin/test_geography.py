"""The land: townships and villages tile the county, villages lie in their township, codes belong to no one."""

import json

import numpy as np
import pytest
from shapely import from_geojson, union_all
from shapely.geometry import Point

from catchment.twin.geography import draw_shape, to_degrees


@pytest.mark.parametrize("seed", [0, 1, 2, 7, 42])
def test_townships_tile_the_county_without_overlap(seed):
    shape = draw_shape(seed)
    assert len(shape.townships) == 11
    assert all(township.is_valid for township in shape.townships)
    total = sum(township.area for township in shape.townships)
    assert total == pytest.approx(shape.county.area, rel=1e-3)
    assert union_all(shape.townships).area == pytest.approx(total, rel=1e-3)
    assert min(township.area for township in shape.townships) > 20


def test_villages_tile_their_township(tables):
    places = tables["places"]
    for township, geometry in places.filter(kind="township").select("id", "geometry").iter_rows():
        whole = from_geojson(geometry)
        cells = [from_geojson(text) for text in places.filter(parent_id=township)["geometry"]]
        assert sum(cell.area for cell in cells) == pytest.approx(whole.area, rel=1e-3)
        assert union_all(cells).symmetric_difference(whole).area < 1e-3 * whole.area


def test_villages_lie_inside_their_township(tables):
    shapes = {row["id"]: from_geojson(row["geometry"]) for row in tables["places"].filter(kind="township").to_dicts()}
    for village in tables["places"].filter(kind="village").to_dicts():
        assert shapes[village["parent_id"]].contains(Point(village["longitude"], village["latitude"]))


def test_codes_follow_the_statistical_form_of_their_parent(tables):
    places = tables["places"]
    codes = dict(places.select("id", "code").iter_rows())
    for place in places.filter(places["parent_id"].is_not_null()).to_dicts():
        assert place["code"].startswith(codes[place["parent_id"]])
    assert set(places["code"].str.len_bytes()) == {6, 9, 12}
    assert places["code"].is_unique().all()


def test_area_codes_begin_with_a_province_that_does_not_exist(tables):
    assert set(tables["places"]["code"].str.slice(0, 2)) == {"99"}
    assert set(tables["people"]["resident_id"].str.slice(0, 2)) == {"99"}


def test_degrees_are_wgs84_in_the_east_china_sea(county):
    river = json.loads(county.land.river)
    assert river["type"] == "LineString"
    longitude, latitude = np.array(river["coordinates"]).T
    assert ((longitude > 122.7) & (longitude < 123.6)).all()
    assert ((latitude > 28.1) & (latitude < 28.9)).all()
    assert to_degrees(np.array([[0.0, 0.0]])).tolist() == [[123.1, 28.5]]
