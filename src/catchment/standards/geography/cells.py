"""The ground of villages that are known as points only: the part of their township nearest to each."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry import MultiPolygon, Polygon, shape
from shapely.geometry.base import BaseGeometry

DIGITS: Final = 5
"""Decimals of a degree in what is drawn: about a metre."""


def cells_within(boundary: Mapping[str, Any], points: Mapping[str, tuple[float, float]]) -> dict[str, dict[str, Any]]:
    """For each named point the Voronoi cell within the boundary, as GeoJSON in the points' own degrees.

    Points on the same spot share the first one's cell; a point whose cell misses the boundary has none. Longitudes
    are narrowed by the latitude's cosine, so that near means near on the ground.
    """
    spots: dict[tuple[float, float], str] = {}
    for name, spot in points.items():
        spots.setdefault(spot, name)
    ground = shape(dict(boundary))
    narrow = float(np.cos(np.radians(ground.centroid.y)))
    pieces = _pieces(_scaled(ground, narrow), [(x * narrow, y) for x, y in spots])
    drawn = {
        spot: _told(_scaled(piece, 1 / narrow)) for spot, piece in zip(spots, pieces, strict=True) if not piece.is_empty
    }
    return {name: drawn[spot] for name, spot in points.items() if spot in drawn}


def simplified(boundaries: Mapping[str, Mapping[str, Any]], metres: float) -> dict[str, dict[str, Any]]:
    """The boundaries with fewer corners, for drawing; neighbours keep meeting where they met."""
    shapes = [shape(dict(one)) for one in boundaries.values()]
    if not shapes:
        return {}
    thin: list[BaseGeometry] = list(shapely.coverage_simplify(shapes, metres / 111_320))
    return {
        name: _told(one if not one.is_empty else whole)
        for name, one, whole in zip(boundaries, thin, shapes, strict=True)
    }


def _pieces(ground: BaseGeometry, spots: Sequence[tuple[float, float]]) -> list[BaseGeometry]:
    if len(spots) <= 1:
        return [ground for _spot in spots]
    cells = shapely.get_parts(shapely.voronoi_polygons(shapely.multipoints(spots), extend_to=ground.buffer(0.5)))
    tree = shapely.STRtree(cells)
    owner = dict(tree.query(shapely.points(spots), predicate="intersects").T.tolist())
    parts = list(shapely.intersection(cells[[owner[number] for number in range(len(spots))]], ground))
    return [_areas(part) for part in parts]


def _areas(found: BaseGeometry) -> BaseGeometry:
    """Without the lines and points in which a cell only touches the boundary."""
    return MultiPolygon([part for part in shapely.get_parts(found) if isinstance(part, Polygon)])


def _scaled(ground: BaseGeometry, narrow: float) -> BaseGeometry:
    def squeeze(corners: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.asarray(corners * np.array([narrow, 1.0]))

    return shapely.transform(ground, squeeze)


def _told(found: BaseGeometry) -> dict[str, Any]:
    rounded = shapely.transform(found, lambda corners: np.round(corners, DIGITS))
    return {"type": rounded.geom_type, "coordinates": shapely.geometry.mapping(rounded)["coordinates"]}
