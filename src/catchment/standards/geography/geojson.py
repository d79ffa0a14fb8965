"""Areas from GeoJSON (RFC 7946): a FeatureCollection of polygons with a name and a code."""

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.errors import ShapelyError
from shapely.geometry import shape
from shapely.geometry.base import BaseGeometry
from shapely.validation import explain_validity

from catchment.standards.geography.divisions import DivisionCodeError, level_of, parent_code, parse_division_code
from catchment.standards.geography.gcj02 import gcj02_to_wgs84
from catchment.standards.geography.rows import (
    CODE_NAMES,
    NAME_NAMES,
    AreaFileError,
    AreaRow,
    Datum,
    Unreadable,
    label_of,
    name_of,
)

CENTRE_NAMES: Final = ("label_center", "center", "centroid")
_DATED_CODE: Final = re.compile(r"code\d{0,2}(?:_\d{4})?")
_MOST_PEOPLE: Final = 2_000_000_000
_AREA_TO_LOSE: Final = 0.001
_SHAPES: Final = {"Polygon", "MultiPolygon"}


def read_geojson(path: Path, datum: Datum) -> Iterator[AreaRow | Unreadable]:
    """Every feature in its order. Raises `AreaFileError` for a file that is no FeatureCollection."""
    try:
        document = json.loads(path.read_text(encoding="utf-8-sig"))
    except (OSError, ValueError, RecursionError) as error:
        raise AreaFileError(f"{path.name}: 不是可读的 GeoJSON · not readable as GeoJSON ({error})") from None
    if not isinstance(document, dict) or not isinstance(document.get("features"), list):
        raise AreaFileError(f"{path.name}: 缺少 features · not a GeoJSON FeatureCollection")
    for number, feature in enumerate(document["features"], 1):
        place = f"{path.name}#{number}"
        try:
            yield _from_feature(place, feature, datum)
        except (ValueError, TypeError, AttributeError, KeyError, OverflowError, ShapelyError) as error:
            yield Unreadable(place, _label(feature), str(error))


def _from_feature(place: str, feature: Mapping[str, Any], datum: Datum) -> AreaRow:
    told = feature["properties"] or {}
    geometry, mended = _polygon(feature.get("geometry"), datum)
    code = parse_division_code(_code(told))
    centre = _centre(told, geometry, datum)
    return AreaRow(
        place=place,
        code=code,
        name=name_of(told),
        level=level_of(code),
        parent=parent_code(code),
        county=code[:6],
        longitude=centre[0],
        latitude=centre[1],
        boundary=json.loads(shapely.to_geojson(geometry)),
        mended=mended,
        population=_population(told.get("population")),
    )


def _population(told: Any) -> int | None:
    people = int(told) if told is not None else None
    if people is not None and not 0 <= people <= _MOST_PEOPLE:
        raise ValueError(f"人口不在 0 至 {_MOST_PEOPLE} 之间 · population {people} is not between 0 and {_MOST_PEOPLE}")
    return people


def _polygon(told: Any, datum: Datum) -> tuple[BaseGeometry, str]:
    """The polygon in WGS84, and what was mended about it."""
    if not told:
        raise ValueError("没有图形 · no geometry")
    geometry = shape(told)
    if geometry.geom_type not in _SHAPES or geometry.is_empty:
        raise ValueError(f"图形应为面 · geometry {geometry.geom_type}: an area needs a Polygon or MultiPolygon")
    west, south, east, north = geometry.bounds
    if west < -180 or east > 180 or south < -90 or north > 90:
        raise ValueError("坐标不是经纬度 · coordinates are not degrees of longitude and latitude")
    geometry, mended = _valid(geometry)
    return (geometry if datum == "wgs84" else shapely.transform(geometry, _unshifted)), mended


def _valid(geometry: BaseGeometry) -> tuple[BaseGeometry, str]:
    """A valid form that covers the same ground to a thousandth, such as one without islets of no width."""
    if geometry.is_valid:
        return geometry, ""
    wrong = explain_validity(geometry)
    mended = shapely.make_valid(geometry, method="structure", keep_collapsed=False)
    if mended.geom_type not in _SHAPES or abs(mended.area - geometry.area) > _AREA_TO_LOSE * mended.area:
        raise ValueError(f"图形无效 · invalid geometry: {wrong}")
    return mended, wrong


def _unshifted(points: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.array([gcj02_to_wgs84(x, y) for x, y in points.tolist()])


def _centre(told: Mapping[str, Any], geometry: BaseGeometry, datum: Datum) -> tuple[float, float]:
    for name in CENTRE_NAMES:
        centre = told.get(name)
        if isinstance(centre, list) and len(centre) == 2:
            point = float(centre[0]), float(centre[1])
            return gcj02_to_wgs84(*point) if datum == "gcj02" else point
    inside = geometry.representative_point()
    return round(inside.x, 6), round(inside.y, 6)


def _code(told: Mapping[str, Any]) -> str:
    dated = sorted((name for name in told if _DATED_CODE.fullmatch(name)), reverse=True)
    for name in (*dated, *CODE_NAMES):
        if told.get(name) not in {None, ""}:
            return str(told[name])
    raise DivisionCodeError(f"缺少区划代码 · no code among the properties; name one of {', '.join(CODE_NAMES)}")


def _label(feature: Any) -> str:
    told = feature.get("properties") if isinstance(feature, dict) else None
    return label_of(told, NAME_NAMES) if isinstance(told, dict) else ""
