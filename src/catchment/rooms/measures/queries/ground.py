"""The ground that the health map stands on: a county with its townships and villages, ready to be drawn."""

from functools import lru_cache
from typing import Any

from django.db.models import Count, Max, Q, Sum

from catchment.rooms.places import queries as places
from catchment.rooms.places.models import Area, Facility
from catchment.rooms.places.types import Level
from catchment.standards.geography.cells import cells_within, simplified

METRES = 40.0
Feature = dict[str, Any]


def county_of(facility_id: int | None) -> Area | None:
    """The county a facility stands in; without one, the first county that has a boundary or people to show."""
    rows = Facility.objects.select_related("area__parent__parent").defer(*(f"area__{one}" for one in places.OUTLINES))
    facility = rows.filter(pk=facility_id or 0).first()
    if facility is not None:
        for area in places.path_of(facility.area):
            if area.level == Level.COUNTY:
                return area
    known = Area.objects.filter(level=Level.COUNTY).defer("boundary").order_by("code")
    return known.filter(boundary__isnull=False).first() or known.first()


def within(county: Area, *, drawn: bool = False) -> list[Area]:
    """The county, its townships and their villages, by code; with their boundaries where they are to be drawn."""
    rows = Area.objects.filter(Q(pk=county.pk) | Q(parent=county) | Q(parent__parent=county)).order_by("code")
    rows = rows.filter(level__in=(Level.COUNTY, Level.TOWNSHIP, Level.VILLAGE)).select_related("parent")
    return list(rows if drawn else rows.defer("boundary", "parent__boundary"))


def mark_of(county: Area) -> str:
    """Changes when areas of the county come, go, or gain a boundary or a number of residents."""
    rows = Area.objects.filter(code__startswith=county.code)
    told = rows.aggregate(n=Count("id"), last=Max("id"), shapes=Count("boundary"), people=Sum("population"))
    return "-".join(str(told[name] or 0) for name in ("n", "last", "shapes", "people"))


def parents(county: Area) -> dict[str, str]:
    """The code of every area of the county with the code of the one above it; the county's own is empty."""
    return dict(_parents(county.pk, mark_of(county)))


@lru_cache(maxsize=8)
def _parents(county_id: int, _mark: str) -> tuple[tuple[str, str], ...]:
    areas = within(Area.objects.defer("boundary").get(pk=county_id))
    return tuple((one.code, one.parent.code if one.parent and one.pk != county_id else "") for one in areas)


def drawing(county: Area) -> list[Feature]:
    """Everything to draw as GeoJSON features: the county's outline, its townships, each village's own ground.

    A village without a boundary gets the part of its township that is nearest to it; `drawn` in its properties then
    says `cell`, else `boundary`.
    """
    return list(_drawing(county.pk, mark_of(county)))


@lru_cache(maxsize=8)
def _drawing(county_id: int, _mark: str) -> tuple[Feature, ...]:
    county = Area.objects.get(pk=county_id)
    areas = within(county, drawn=True)
    townships = simplified(_boundaries(areas, Level.TOWNSHIP), METRES)
    own = _boundaries(areas, Level.VILLAGE)
    shapes = {**simplified({county.code: county.boundary} if county.boundary else {}, METRES), **townships}
    shapes.update(simplified({**_cells(areas, set(own)), **own}, METRES))
    return tuple(_feature(area, shapes.get(area.code), "boundary" if area.boundary else "cell") for area in areas)


def _boundaries(areas: list[Area], level: Level) -> dict[str, Any]:
    return {one.code: one.boundary for one in areas if one.level == level and one.boundary}


def _cells(areas: list[Area], known: set[str]) -> dict[str, Any]:
    """The ground of villages without a boundary, township by township, where the township has one."""
    cells: dict[str, Any] = {}
    for township in areas:
        if township.level != Level.TOWNSHIP or not township.boundary:
            continue
        spots = {
            one.code: (one.longitude, one.latitude)
            for one in areas
            if one.parent_id == township.pk and one.longitude is not None and one.latitude is not None
        }
        if set(spots) - known:
            cells.update(cells_within(township.boundary, spots))
    return {code: cell for code, cell in cells.items() if code not in known}


def _feature(area: Area, geometry: Any, drawn: str) -> Feature:
    told = {
        "code": area.code,
        "name": area.name,
        "level": area.level,
        "parent": area.parent.code if area.parent and area.level != Level.COUNTY else "",
        "population": area.population,
        "longitude": area.longitude,
        "latitude": area.latitude,
        "drawn": drawn if geometry else "",
    }
    return {"type": "Feature", "geometry": geometry, "properties": told}
