"""The ground of villages that are known as points only."""

import numpy as np
import pytest
from shapely import union_all
from shapely.geometry import Point, box, mapping, shape

from catchment.standards.geography.cells import cells_within, simplified

TOWNSHIP = box(121.0, 28.0, 121.2, 28.1)
NEAR = 1e-4


def spots(count=12, seed=3):
    chance = np.random.default_rng(seed)
    xs, ys = chance.uniform(121.0, 121.2, count), chance.uniform(28.0, 28.1, count)
    return {f"v{number}": (float(x), float(y)) for number, (x, y) in enumerate(zip(xs, ys, strict=True))}


def test_cells_tile_the_township_and_each_holds_its_village():
    points = spots()
    cells = {name: shape(cell) for name, cell in cells_within(mapping(TOWNSHIP), points).items()}
    assert set(cells) == set(points)
    assert union_all(list(cells.values())).symmetric_difference(TOWNSHIP).area < NEAR * TOWNSHIP.area
    assert sum(cell.area for cell in cells.values()) == pytest.approx(TOWNSHIP.area, rel=NEAR)
    assert all(cell.buffer(1e-6).contains(Point(points[name])) for name, cell in cells.items())


def test_nearness_is_measured_on_the_ground():
    """At 60° a degree of longitude is half as long: the border of these two stands upright between them."""
    cells = cells_within(mapping(box(10, 60, 12, 61)), {"a": (10.5, 60.2), "b": (11.5, 60.2)})
    assert shape(cells["a"]).bounds == pytest.approx((10, 60, 11, 61), abs=1e-4)


def test_one_village_has_the_whole_township():
    assert shape(cells_within(mapping(TOWNSHIP), {"v": (121.1, 28.05)})["v"]).equals(TOWNSHIP)


def test_villages_on_one_spot_share_their_ground():
    cells = cells_within(mapping(TOWNSHIP), {"a": (121.05, 28.05), "b": (121.05, 28.05), "c": (121.15, 28.05)})
    assert cells["a"] == cells["b"] != cells["c"]


def test_neighbours_still_meet_after_corners_are_left_out():
    cells = cells_within(mapping(TOWNSHIP), spots(20))
    thin = simplified(cells, 30)
    assert set(thin) == set(cells)
    together = union_all([shape(one).buffer(1e-5) for one in thin.values()])
    assert together.symmetric_difference(TOWNSHIP).area < 0.01 * TOWNSHIP.area
