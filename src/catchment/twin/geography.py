"""The shape of the county: an irregular coast, a river, islands, and townships that tile the land exactly.

Everything is drawn on a plane in kilometres and laid down in the open sea, so that no real place lies under
it.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from shapely import (
    LineString,
    MultiPoint,
    MultiPolygon,
    Point,
    Polygon,
    get_parts,
    polygonize,
    segmentize,
    transform,
    unary_union,
    voronoi_polygons,
)
from shapely.geometry.base import BaseGeometry

from catchment.twin.streams import Floats, stream

CENTRE = (123.10, 28.50)
RADIUS_KM = 21.0
KM_PER_DEGREE = 111.32
TOWNSHIPS = 11
TOWN_SEATS = 2


@dataclass(frozen=True, slots=True)
class Shape:
    """The drawn county in plane kilometres; the first two townships are the streets of the county seat."""

    county: MultiPolygon
    townships: tuple[MultiPolygon, ...]
    river: LineString
    seat: Point


def draw_shape(seed: int) -> Shape:
    """Draw the county; the same seed gives the same coordinates."""
    outline = _outline(seed)
    river = _river(seed, outline)
    seat = river.interpolate(0.55, normalized=True)
    edges = voronoi_polygons(MultiPoint(_seeds(seed, outline, seat)), extend_to=outline.buffer(9), only_edges=True)
    lines = segmentize(unary_union([outline.boundary, edges]), 0.35)
    warp = _warp(seed)
    faces = _faces(transform(lines, warp), transform(outline, warp))
    seat, river = transform(seat, warp), transform(segmentize(river, 0.35), warp)
    townships = _with_islands(_seat_first(faces, seat), _islands(seed, outline, warp))
    return Shape(_multi(unary_union(townships)), townships, river, seat)


def to_degrees(coordinates: Floats) -> Floats:
    """Plane kilometres (n × 2) to WGS84 longitude and latitude, rounded to about ten centimetres."""
    scale = KM_PER_DEGREE * np.array([np.cos(np.radians(CENTRE[1])), 1.0])
    return np.asarray(np.round(np.asarray(CENTRE) + coordinates / scale, 6))


def _outline(seed: int) -> Polygon:
    generator = stream(seed, "outline")
    angle = np.linspace(-np.pi, np.pi, 720, endpoint=False)
    radius = np.ones_like(angle)
    for waves in range(2, 7):
        radius += 0.22 / waves * generator.normal() * np.cos(waves * angle + generator.uniform(0, 2 * np.pi))
    seaside = np.exp(-((angle / 1.25) ** 4))
    for waves in range(7, 34, 3):
        phase = generator.uniform(0, 2 * np.pi)
        radius += seaside * 0.62 / waves * generator.normal() * np.cos(waves * angle + phase)
    radius = np.clip(radius, 0.6, 1.4)[:, None] * RADIUS_KM
    return Polygon(radius * np.column_stack([np.cos(angle), np.sin(angle)]))


def _river(seed: int, outline: Polygon) -> LineString:
    generator = stream(seed, "river")
    x = np.linspace(-1.5 * RADIUS_KM, 1.5 * RADIUS_KM, 240)
    y = generator.normal(0, 1.5) + 2.4 * np.sin(x / 6.5 + generator.uniform(0, 6))
    y += 0.8 * np.sin(x / 2.3 + generator.uniform(0, 6))
    inside = get_parts(outline.intersection(LineString(np.column_stack([x, y]))))
    longest: LineString = max(inside, key=lambda part: part.length)
    return longest


def _seeds(seed: int, outline: Polygon, seat: Point) -> list[tuple[float, float]]:
    """Seeds of the townships' Voronoi cells: the seat's stay put, the others relax (Lloyd)."""
    generator = stream(seed, "townships")
    fixed = [(seat.x - 2.4, seat.y - 0.6), (seat.x + 2.4, seat.y + 0.6)]
    others = TOWNSHIPS - TOWN_SEATS
    angle = np.arange(others) * 2.4 + generator.random(others) * 0.7
    reach = RADIUS_KM * 0.85 * np.sqrt(generator.uniform(0.2, 1, others))
    moving = list(zip(reach * np.cos(angle), reach * np.sin(angle), strict=True))
    for _ in range(6):
        cells = get_parts(voronoi_polygons(MultiPoint([*fixed, *moving]), extend_to=outline.buffer(9)))
        around = [cell for cell in cells if not any(cell.intersects(Point(place)) for place in fixed)]
        centres = [cell.intersection(outline).centroid for cell in around]
        moving = [(centre.x, centre.y) for centre in centres]
    return [*fixed, *moving]


def _warp(seed: int) -> "_Warp":
    generator = stream(seed, "warp")
    waves = [(0.8, 12.0), (0.2, 4.0), (0.06, 1.6)]
    return _Warp(tuple((size, length, *generator.uniform(0, 2 * np.pi, 4)) for size, length in waves))


@dataclass(frozen=True, slots=True)
class _Warp:
    """A smooth displacement of the plane: borders bend alike for both neighbours and never cross."""

    waves: tuple[tuple[float, ...], ...]

    def __call__(self, coordinates: Floats) -> Floats:
        x, y = coordinates[:, 0], coordinates[:, 1]
        moved = coordinates.copy()
        for size, length, a, b, c, d in self.waves:
            k = 2 * np.pi / length
            moved[:, 0] += size * np.sin(k * y + a) * np.cos(0.6 * k * x + b)
            moved[:, 1] += size * np.sin(k * x + c) * np.cos(0.6 * k * y + d)
        return moved


def _faces(lines: BaseGeometry, land: BaseGeometry) -> list[BaseGeometry]:
    """The township faces; what a bay cut off joins the neighbour with the longest common border."""
    inside = [face for face in get_parts(polygonize(get_parts(lines))) if land.contains(face.representative_point())]
    faces = sorted(inside, key=lambda face: -face.area)
    whole = faces[:TOWNSHIPS]
    for sliver in faces[TOWNSHIPS:]:
        shared = [face.boundary.intersection(sliver.boundary).length for face in whole]
        nearest = int(np.argmax(shared))
        whole[nearest] = unary_union([whole[nearest], sliver])
    return whole


def _seat_first(faces: Sequence[BaseGeometry], seat: Point) -> list[BaseGeometry]:
    """The two seat streets, then the others from the sea inland."""
    near = sorted(faces, key=lambda face: face.centroid.distance(seat))
    return [*near[:TOWN_SEATS], *sorted(near[TOWN_SEATS:], key=lambda face: -face.centroid.x)]


def _islands(seed: int, outline: Polygon, warp: _Warp) -> list[BaseGeometry]:
    generator = stream(seed, "islands")
    east = outline.bounds[2]
    places = np.column_stack([east + generator.uniform(2.5, 6, 3), [-6.5, 0.5, 7.0]])
    blobs = [Point(place).buffer(size) for place, size in zip(places, (1.5, 2.2, 1.1), strict=True)]
    return [transform(segmentize(blob, 0.2), warp) for blob in blobs]


def _with_islands(townships: list[BaseGeometry], islands: list[BaseGeometry]) -> tuple[MultiPolygon, ...]:
    """Islands belong to the easternmost township beyond the seat."""
    owner = TOWN_SEATS
    townships[owner] = unary_union([townships[owner], *islands])
    return tuple(_multi(township) for township in townships)


def _multi(shape: BaseGeometry) -> MultiPolygon:
    return MultiPolygon([part for part in get_parts(shape) if isinstance(part, Polygon)])
