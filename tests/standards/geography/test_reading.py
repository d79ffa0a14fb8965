"""Every row of a file of areas is read, or told why it cannot be."""

import json
import re
from pathlib import Path

import pytest

from catchment.standards.geography.reading import read_areas
from catchment.standards.geography.rows import AreaFileError, AreaRow, Unreadable

SQUARE = [[[121.0, 28.0], [121.1, 28.0], [121.1, 28.1], [121.0, 28.1], [121.0, 28.0]]]
BOW = [[[121.0, 28.0], [121.1, 28.1], [121.1, 28.0], [121.0, 28.1], [121.0, 28.0]]]
ISLET = [[[121.5, 28.5], [121.6, 28.5], [121.5, 28.5], [121.5, 28.5]]]


def collection(path: Path, *features: dict) -> Path:
    file = path / "areas.geojson"
    file.write_text(json.dumps({"type": "FeatureCollection", "features": list(features)}), encoding="utf-8")
    return file


def feature(coordinates: list, kind: str = "Polygon", **told) -> dict:
    return {"type": "Feature", "properties": told, "geometry": {"type": kind, "coordinates": coordinates}}


def test_a_polygon_becomes_an_area_with_a_point_inside(tmp_path: Path) -> None:
    (row,) = read_areas(collection(tmp_path, feature(SQUARE, name="楚门镇", code9_2023="331083102")))
    assert isinstance(row, AreaRow)
    assert (row.code, row.level, row.parent, row.mended) == ("331083102", "township", "331083", "")
    assert (row.longitude, row.latitude) == pytest.approx((121.05, 28.05), abs=0.02)


@pytest.mark.parametrize(
    ("bad", "why"),
    [
        (feature(BOW, name="楚门镇", code="331083102"), "Self-intersection"),
        (feature([121.0, 28.0], "Point", name="楚门镇", code="331083102"), "Polygon"),
        (feature(SQUARE, name="楚门镇"), "no code"),
        (feature(SQUARE, code="331083102"), "name is missing"),
        (feature(SQUARE, name="楚门镇", code="33108"), "digits"),
        ({"type": "Feature", "properties": {"name": "楚门镇", "code": "331083102"}, "geometry": None}, "no geometry"),
        (feature([[[999, 28], [1000, 28], [1000, 29], [999, 28]]], name="楚门镇", code="331083102"), "degrees"),
        ("not a feature", "indices|attribute"),
    ],
)
def test_a_bad_feature_is_told_with_its_place_and_reason(tmp_path: Path, bad: dict, why: str) -> None:
    good = feature(SQUARE, name="玉城街道", code="331083001")
    first, second = read_areas(collection(tmp_path, bad, good))
    assert isinstance(first, Unreadable)
    assert first.place == "areas.geojson#1"
    assert re.search(why, first.reason)
    assert isinstance(second, AreaRow)


def test_an_islet_without_width_is_left_out_and_said(tmp_path: Path) -> None:
    (row,) = read_areas(collection(tmp_path, feature([SQUARE, ISLET], "MultiPolygon", name="楚门镇", code="331083102")))
    assert isinstance(row, AreaRow)
    assert row.mended
    assert row.boundary is not None


def test_a_list_s_coordinates_come_back_to_wgs84(tmp_path: Path) -> None:
    file = tmp_path / "villages.csv"
    file.write_text("code,parent,name,longitude,latitude\n331021001001,331021001000,东门社区,121.24,28.13\n", "utf-8")
    (shifted,) = read_areas(file, list_datum="gcj02")
    (plain,) = read_areas(file)
    assert isinstance(shifted, AreaRow)
    assert isinstance(plain, AreaRow)
    assert plain.longitude - shifted.longitude == pytest.approx(0.0044, abs=0.0003)
    assert shifted.parent == "331021001"


def test_a_polygon_told_to_be_shifted_comes_back_to_wgs84(tmp_path: Path) -> None:
    file = collection(tmp_path, feature(SQUARE, name="楚门镇", code="331083102"))
    (shifted,) = read_areas(file, polygon_datum="gcj02")
    assert isinstance(shifted, AreaRow)
    assert shifted.boundary is not None
    x, y = shifted.boundary["coordinates"][0][0]
    assert (121.0 - x, 28.0 - y) == pytest.approx((0.0042, -0.0026), abs=0.0008)


@pytest.mark.parametrize("line", ["331021001001,,a,b", "331021001001,x,200,28", ",x,,", "331021001001,,,"])
def test_a_bad_line_is_told_and_the_next_one_read(tmp_path: Path, line: str) -> None:
    file = tmp_path / "villages.csv"
    file.write_text(f"code,name,longitude,latitude\n{line}\n331021001002,西门社区,,\n", "utf-8")
    bad, good = read_areas(file)
    assert isinstance(bad, Unreadable)
    assert bad.place == "villages.csv:2"
    assert isinstance(good, AreaRow)


@pytest.mark.parametrize(
    ("name", "content", "why"),
    [
        ("a.geojson", b"{", "not readable"),
        ("a.geojson", b"[]", "FeatureCollection"),
        ("a.csv", b"x,y\n1,2\n", "no code column"),
        ("a.csv", "code,name\n331021,玉环县\n".encode("gb18030"), "UTF-8"),
        ("a.shp", b"", "only .geojson"),
    ],
)
def test_a_file_that_is_none_is_refused_whole(tmp_path: Path, name: str, content: bytes, why: str) -> None:
    file = tmp_path / name
    file.write_bytes(content)
    with pytest.raises(AreaFileError, match=why):
        list(read_areas(file))
