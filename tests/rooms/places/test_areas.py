"""Areas from files: every row accounted for, the same place never twice."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from catchment.kernel.actor import system
from catchment.kernel.errors import NotAllowed
from catchment.rooms.places import actions, queries
from catchment.rooms.places.models import Area
from catchment.rooms.places.types import AreaAccount
from catchment.standards.geography.reading import read_areas
from catchment.standards.geography.rows import AreaRow, Unreadable

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
SURVEYOR = system("test", "places.manage")
LEVELS = {6: "county", 9: "township", 12: "village"}


def row(code: str, name: str, *, file: str = "a.csv", parent: str | None = None, **told) -> AreaRow:
    above = {12: code[:9], 9: code[:6]}.get(len(code), f"{code[:4]}00")
    return AreaRow(
        place=f"{file}:{code}",
        code=code,
        name=name,
        level=LEVELS[len(code)],
        parent=above if parent is None else parent,
        county=code[:6],
        **told,
    )


def take(*rows: AreaRow | Unreadable, counties: frozenset[str] = frozenset()) -> AreaAccount:
    return actions.import_areas(actor=SURVEYOR, now=NOW, rows=rows, counties=counties)


COUNTY = row("331083", "玉环市")
TOWN = row("331083001", "玉城街道")
VILLAGE = row("331083001001", "东门社区")


def test_rows_may_come_in_any_order() -> None:
    account = take(VILLAGE, TOWN, COUNTY)
    assert (account.read, account.taken, account.rejected) == (3, 3, 0)
    assert [area.name for area in queries.path_of(queries.area_by_code("331083001001"))] == [
        "玉环市",
        "玉城街道",
        "东门社区",
    ]


def test_a_second_run_takes_nothing() -> None:
    take(COUNTY, TOWN, VILLAGE)
    again = take(COUNTY, TOWN, VILLAGE)
    assert (again.taken, again.known, again.completed) == (0, 3, 0)
    assert Area.objects.count() == 3


def test_a_village_without_its_township_is_rejected_with_the_way_out() -> None:
    account = take(COUNTY, VILLAGE)
    assert (account.taken, account.rejected) == (1, 1)
    assert "331083001" in account.notes[0].reason


def test_a_county_renumbered_since_is_known_by_name_and_so_are_its_townships() -> None:
    take(COUNTY, TOWN)
    account = take(
        row("331021", "玉环县", file="b.csv"),
        row("331021001", "玉城街道", file="b.csv"),
        row("331021001001", "东门社区", file="b.csv"),
    )
    assert (account.taken, account.known, account.known_by_name) == (1, 2, 2)
    assert account.parents == {"by-name": 1}
    village = queries.area_by_code("331021001001")
    assert village.parent is not None
    assert village.parent.code == "331083001"


def test_polygons_that_come_after_the_list_complete_what_it_brought() -> None:
    take(row("331021", "玉环县"), row("331021001", "玉城街道"))
    boundary = {"type": "Polygon", "coordinates": []}
    account = take(row("331083001", "玉城街道", file="b.geojson", boundary=boundary, longitude=121.2, latitude=28.1))
    assert (account.taken, account.known, account.completed) == (0, 1, 1)
    assert queries.area_by_code("331021001").boundary == boundary


def test_two_villages_of_one_name_in_one_file_are_two() -> None:
    account = take(COUNTY, TOWN, VILLAGE, row("331083001002", "东门社区"))
    assert account.taken == 4


def test_a_code_that_stands_twice_in_a_file_is_taken_once() -> None:
    account = take(COUNTY, TOWN, TOWN)
    assert (account.read, account.taken, account.rejected) == (3, 2, 1)


def test_what_an_area_has_is_not_changed() -> None:
    take(COUNTY, row("331083001", "玉城街道", longitude=121.0, latitude=28.0))
    take(row("331083001", "别名街道", longitude=122.0, latitude=29.0))
    area = queries.area_by_code("331083001")
    assert (area.name, area.longitude) == ("玉城街道", 121.0)


def test_only_the_counties_asked_for_are_taken_and_the_others_counted() -> None:
    other = row("350181", "福清市")
    account = take(COUNTY, TOWN, other, counties=frozenset({"331083"}))
    assert (account.read, account.taken, account.outside) == (3, 2, 1)


def test_a_county_asked_for_by_one_code_brings_what_stands_under_its_other() -> None:
    account = take(
        COUNTY,
        TOWN,
        row("331021", "玉环县", file="b.csv"),
        row("331021002", "坎门街道", file="b.csv"),
        counties=frozenset({"331083"}),
    )
    assert (account.taken, account.known, account.outside) == (3, 1, 0)


def test_every_row_has_one_fate() -> None:
    account = take(COUNTY, TOWN, TOWN, VILLAGE, Unreadable("a.csv:9", "", "no code"), row("350181001", "玉屏街道"))
    assert account.read == account.taken + account.known + account.rejected + account.outside == 6


def test_importing_asks_for_the_capability() -> None:
    with pytest.raises(NotAllowed):
        actions.import_areas(actor=system("test"), now=NOW, rows=[])


@pytest.mark.shared
def test_yuhuan_s_own_files_are_taken_whole_and_once(shared: Path) -> None:
    files = [
        shared / "data" / "geo" / name
        for name in (
            "yuhuan_331083_county.geojson",
            "yuhuan_331083_townships_light.geojson",
            "villages_2016_vonng.csv",
        )
    ]

    def run() -> AreaAccount:
        rows = [row for file in files for row in read_areas(file, list_datum="gcj02")]
        return take(*rows, counties=frozenset({"331083"}))

    first = run()
    assert first.rejected == 0
    assert first.read == first.taken + first.known + first.outside
    assert first.levels == {"county": 1, "township": 12, "village": 319}
    assert first.known_by_name == 12
    assert first.parents["none"] == 1
    second = run()
    assert (second.taken, second.rejected) == (0, 0)
