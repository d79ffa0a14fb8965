"""Read areas from a file, whichever of the two kinds it is."""

from collections.abc import Iterator
from pathlib import Path

from catchment.standards.geography.geojson import read_geojson
from catchment.standards.geography.lists import read_list
from catchment.standards.geography.rows import AreaFileError, AreaRow, Datum, Unreadable


def read_areas(
    path: Path, *, list_datum: Datum = "wgs84", polygon_datum: Datum = "wgs84"
) -> Iterator[AreaRow | Unreadable]:
    """Every row of a .geojson, .json or .csv file in its order. Raises `AreaFileError` for any other."""
    if path.suffix.lower() in {".geojson", ".json"}:
        return read_geojson(path, polygon_datum)
    if path.suffix.lower() == ".csv":
        return read_list(path, list_datum)
    raise AreaFileError(f"{path.name}: 只能读取 .geojson、.json 或 .csv · only .geojson, .json or .csv is read")
