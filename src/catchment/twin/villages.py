"""Names, codes, populations and geometries of the county, its townships and villages."""

from dataclasses import dataclass

import numpy as np
import orjson
import polars as pl
from shapely import (
    MultiPoint,
    MultiPolygon,
    Polygon,
    contains_xy,
    get_parts,
    transform,
    voronoi_polygons,
)
from shapely.geometry import mapping
from shapely.geometry.base import BaseGeometry

from catchment.twin.geography import TOWN_SEATS, Shape, draw_shape, to_degrees
from catchment.twin.streams import Bools, Floats, Ints, spread, stream
from catchment.twin.tables import PLACES

COUNTY_CODE = "990121"
COUNTY_NAME = "云溪县"
TOWNSHIP_NAMES = (
    "云溪街道",
    "望潮街道",
    "青屿镇",
    "月港镇",
    "白鹭镇",
    "星渚镇",
    "松塘镇",
    "枫岸镇",
    "竹泉镇",
    "梅岭镇",
    "晴川乡",
)
TOWNSHIP_SUFFIXES = ("001", "002", *(f"{100 + n}" for n in range(8)), "200")
VILLAGES_PER_TOWNSHIP = 30
COMMUNITIES_PER_STREET = 15
FIRST, SECOND = (
    "云石楚松梅竹桃荷柳桂枫杏兰菊莲白青碧金银长清明东西南北上下前后大双三",
    "溪桥塘岭湾岙坪井洋墩山河泉浦渡头林坡岗坑",
)
COMMUNITY_WORDS = (
    "桥东",
    "桥西",
    "南门",
    "北门",
    "东门",
    "文昌",
    "人和",
    "安康",
    "滨河",
    "望江",
    "书院",
    "新市",
    "钟楼",
    "学前",
    "锦绣",
    "春晖",
    "和平",
    "兴贤",
    "朝阳",
    "海晏",
    "渔港",
    "潮音",
    "听涛",
    "观澜",
    "永宁",
    "惠民",
    "福寿",
    "临港",
    "怡园",
    "星海",
)
STORY_VILLAGES = {"楚溪村": "松塘镇", "石桥村": "枫岸镇"}

STORY_VILLAGE_PEOPLE = 60
"""Enough residents, in the smallest county too, for the told people to find someone like them."""


@dataclass(frozen=True, slots=True)
class Villages:
    """What the rest of the twin asks about villages, by position; `place_id` is the number in the places
    table.
    """

    place_id: Ints
    township: Ints
    name: tuple[str, ...]
    position: Floats
    population: Ints
    urban: Bools
    rurality: Floats

    @property
    def first_person(self) -> Ints:
        """Position of the first resident of each village among all residents, and one past the last."""
        return np.concatenate([[0], np.cumsum(self.population)])


@dataclass(frozen=True, slots=True)
class Land:
    """The county on the ground: the places table, the villages and the river as a GeoJSON LineString."""

    places: pl.DataFrame
    villages: Villages
    township_ids: Ints
    township_centres: Floats
    seat_position: tuple[float, float]
    river: str


def lay_out(people: int, seed: int) -> Land:
    """The land for `people` residents; its shape and names depend on the seed alone."""
    shape = draw_shape(seed)
    spots = [_spots(shape, number, seed) for number in range(len(shape.townships))]
    cells = [_village_cells(area, spot) for area, spot in zip(shape.townships, spots, strict=True)]
    villages = _describe(shape, spots, people, seed)
    centres = _township_centres(villages, len(spots))
    return Land(
        _places(shape, villages, [cell for group in cells for cell in group], centres),
        villages,
        np.arange(2, 2 + len(spots)),
        centres,
        (shape.seat.x, shape.seat.y),
        _geojson(shape.river),
    )


def _spots(shape: Shape, number: int, seed: int) -> Floats:
    """Settlements of one township in plane kilometres, kept apart by two rounds of relaxation."""
    generator = stream(seed, "villages", number)
    area = shape.townships[number]
    wanted = COMMUNITIES_PER_STREET if number < TOWN_SEATS else VILLAGES_PER_TOWNSHIP
    west, south, east, north = area.bounds
    tries = np.column_stack([generator.uniform(west, east, 6000), generator.uniform(south, north, 6000)])
    spots = tries[contains_xy(area, tries[:, 0], tries[:, 1])][:wanted]
    for _ in range(2):
        spots = np.array([cell.representative_point().coords[0] for cell in _village_cells(area, spots)])
    return spots


def _village_cells(area: MultiPolygon, spots: Floats) -> list[MultiPolygon]:
    cells = get_parts(voronoi_polygons(MultiPoint(spots), extend_to=area.buffer(5)))
    owner = {int(np.flatnonzero(contains_xy(cell, spots[:, 0], spots[:, 1]))[0]): cell for cell in cells}
    return [_areas(owner[number].intersection(area)) for number in range(len(spots))]


def _areas(shape: BaseGeometry) -> MultiPolygon:
    return MultiPolygon([part for part in get_parts(shape) if isinstance(part, Polygon)])


def _describe(shape: Shape, spots: list[Floats], people: int, seed: int) -> Villages:
    township = np.repeat(np.arange(len(spots)), [len(spot) for spot in spots])
    position = np.concatenate(spots)
    urban = township < TOWN_SEATS
    away = np.hypot(position[:, 0] - shape.seat.x, position[:, 1] - shape.seat.y)
    rurality = np.where(urban, 0.0, 0.4 + 0.6 * away / away.max())
    names = _names(township, seed)
    weights = stream(seed, "village sizes").lognormal(0, 0.55, len(township))
    weights *= np.where(urban, 4.2, 1.6 - rurality / 2)
    told = np.isin(names, list(STORY_VILLAGES))
    weights[told] = np.maximum(weights[told], weights.sum() * STORY_VILLAGE_PEOPLE / people)
    return Villages(
        np.arange(len(township)) + 2 + len(spots), township, names, position,
        spread(weights, people), urban, rurality,
    )  # fmt: skip


def _names(township: Ints, seed: int) -> tuple[str, ...]:
    """Unique names; the two villages of the guided tour are the first of their townships."""
    pool = [first + second + "村" for first in FIRST for second in SECOND if first != second]
    shuffled = [str(name) for name in stream(seed, "village names").permutation(pool) if name not in STORY_VILLAGES]
    communities = [word + "社区" for word in COMMUNITY_WORDS]
    names = [communities.pop(0) if number < TOWN_SEATS else shuffled.pop() for number in township]
    for village, town in STORY_VILLAGES.items():
        names[int(np.argmax(township == TOWNSHIP_NAMES.index(town)))] = village
    return tuple(names)


def _township_centres(villages: Villages, townships: int) -> Floats:
    """Where each township's centre stands: its most central settlement."""
    centres = []
    for number in range(townships):
        spots = villages.position[villages.township == number]
        apart = np.hypot(*(spots[:, None] - spots[None]).transpose(2, 0, 1)).sum(axis=1)
        centres.append(spots[int(np.argmin(apart))])
    return np.array(centres)


def _places(shape: Shape, villages: Villages, cells: list[MultiPolygon], centres: Floats) -> pl.DataFrame:
    towns = len(shape.townships)
    codes = [COUNTY_CODE + suffix for suffix in TOWNSHIP_SUFFIXES]
    in_township = np.bincount(villages.township, villages.population, towns).astype(int)
    number = np.arange(len(cells)) - np.searchsorted(villages.township, villages.township)
    first = np.where(villages.urban, 1, 201)
    village_codes = [f"{codes[t]}{n:03d}" for t, n in zip(villages.township, number + first, strict=True)]
    shapes = [shape.county, *shape.townships, *cells]
    spots = to_degrees(np.concatenate([[[shape.seat.x, shape.seat.y]], centres, villages.position]))
    return PLACES.frame({
        "id": np.arange(len(shapes)) + 1,
        "parent_id": [None, *[1] * towns, *(villages.township + 2).tolist()],
        "kind": ["county", *["township"] * towns, *["village"] * len(cells)],
        "code": [COUNTY_CODE, *codes, *village_codes],
        "name": [COUNTY_NAME, *TOWNSHIP_NAMES, *villages.name],
        "urban": [False, *[n < TOWN_SEATS for n in range(towns)], *villages.urban.tolist()],
        "population": [int(villages.population.sum()), *in_township.tolist(), *villages.population.tolist()],
        "area_km2": [round(area.area, 4) for area in shapes],
        "longitude": spots[:, 0],
        "latitude": spots[:, 1],
        "geometry": [_geojson(area) for area in shapes],
    })  # fmt: skip


def _geojson(shape: BaseGeometry) -> str:
    """GeoJSON in WGS84 degrees."""
    return orjson.dumps(mapping(transform(shape, to_degrees))).decode()
