"""Areas from village lists: CSV in UTF-8 with a code and a name in every row."""

import csv
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from catchment.standards.geography.divisions import level_of, parent_code, parse_division_code
from catchment.standards.geography.gcj02 import gcj02_to_wgs84
from catchment.standards.geography.rows import (
    CODE_NAMES,
    NAME_NAMES,
    AreaFileError,
    AreaRow,
    Datum,
    Unreadable,
    first,
    label_of,
    name_of,
)

PARENT_NAMES: Final = ("parent", "parent_code", "上级代码")
LONGITUDE_NAMES: Final = ("longitude", "lon", "lng", "经度")
LATITUDE_NAMES: Final = ("latitude", "lat", "纬度")
COUNTY_NAMES: Final = ("adcode", "county_code")


def read_list(path: Path, datum: Datum) -> Iterator[AreaRow | Unreadable]:
    """Every line in its order. Raises `AreaFileError` for a file without a code column or in another encoding."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = csv.DictReader(file)
            if not set(rows.fieldnames or ()) & set(CODE_NAMES):
                raise AreaFileError(f"{path.name}: 缺少代码列 · no code column; name one of {', '.join(CODE_NAMES)}")
            for row in rows:
                place = f"{path.name}:{rows.line_num}"
                try:
                    yield _from_line(place, row, datum)
                except ValueError as error:
                    yield Unreadable(place, label_of(row, CODE_NAMES, NAME_NAMES), str(error))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise AreaFileError(f"{path.name}: 不是可读的 UTF-8 CSV · not readable as UTF-8 CSV ({error})") from None


def _from_line(place: str, row: Mapping[str, Any], datum: Datum) -> AreaRow:
    code = parse_division_code(first(row, CODE_NAMES))
    parent = first(row, PARENT_NAMES)
    longitude, latitude = _point(first(row, LONGITUDE_NAMES), first(row, LATITUDE_NAMES), datum)
    return AreaRow(
        place=place,
        code=code,
        name=name_of(row),
        level=level_of(code),
        parent=parse_division_code(parent) if parent else parent_code(code),
        county=first(row, COUNTY_NAMES) or code[:6],
        longitude=longitude,
        latitude=latitude,
    )


def _point(longitude: str, latitude: str, datum: Datum) -> tuple[float | None, float | None]:
    if not longitude and not latitude:
        return None, None
    try:
        x, y = float(longitude), float(latitude)
    except ValueError:
        raise ValueError(f"坐标不是数字 · coordinates {longitude!r}, {latitude!r} are not numbers") from None
    if not (-180 <= x <= 180 and -90 <= y <= 90):
        raise ValueError(f"坐标超出范围 · coordinates {x}, {y} are not degrees of longitude and latitude")
    x, y = gcj02_to_wgs84(x, y) if datum == "gcj02" else (x, y)
    return round(x, 6), round(y, 6)
