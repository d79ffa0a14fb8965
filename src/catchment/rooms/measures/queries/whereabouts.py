"""Of which places a post sees the values, and where among them it begins."""

from functools import reduce
from operator import or_

from django.db.models import Q
from django.utils.translation import gettext as _

from catchment.kernel.actor import Actor
from catchment.kernel.errors import NotFound
from catchment.rooms.places import queries as places
from catchment.rooms.places.models import Area, Catchment, Facility
from catchment.rooms.places.types import Level
from catchment.standards.measures.tables import LEVELS

AT_HOME = frozenset({Level.TOWNSHIP, Level.VILLAGE})
"""Levels of facilities whose area is that of the people they care for."""


def visible(actor: Actor) -> Q:
    """The values that a post may see: all, or those of its own facilities and of the areas that these answer for."""
    if sees_all(actor):
        return Q()
    own = Facility.objects.filter(pk__in=actor.scope).select_related("area")
    homes = [one.area.code for one in own if one.level in AT_HOME]
    answered = Catchment.objects.filter(facility__in=actor.scope).values("area__code")
    towns = [one.area.code for one in own if one.level == Level.TOWNSHIP]
    seen = Q(level="facility", place__in=[one.code for one in own])
    seen |= Q(level__in=AT_HOME, place__in=homes) | Q(level="village", place__in=answered)
    return reduce(or_, (Q(level="village", place__startswith=town) for town in towns), seen)


def sees_all(actor: Actor) -> bool:
    """Whether a post sees the values of every place."""
    return actor.may("measures.read-all") or actor.role == "system"


def level_of(code: str) -> str:
    """The level of the place of a code: an area's, or `facility`; the county without a code. `NotFound` for none."""
    if not code:
        return "county"
    area = Area.objects.filter(code=code).first()
    if area is not None and area.level not in LEVELS:
        raise NotFound("no-such-level", _("指标按县、乡镇、村和机构给出，没有%s这一级") % area.name)
    if area is not None:
        return str(area.level)
    places.facility_by_code(code)
    return "facility"


def own_place(actor: Actor) -> str:
    """The code of the place that a post looks at first.

    Its county for those who see all, the township of a township centre, the village of a clinic, else its facility.
    """
    here = _here(actor)
    if here is not None and not actor.may("measures.read-all"):
        return _first_place(here)[0]
    above = places.path_of(here.area) if here is not None else []
    county = next((area for area in above if area.level == Level.COUNTY), None)
    county = county or Area.objects.filter(level=Level.COUNTY).order_by("code").first()
    return county.code if county else ""


def other_places(actor: Actor, shown: str) -> list[tuple[str, str]]:
    """Where else a post that does not see all may begin, as codes and names: its area, or its own facility."""
    here = None if actor.may("measures.read-all") else _here(actor)
    mine = [] if here is None else [_first_place(here), (here.code, here.name)]
    return [(code, name) for code, name in dict.fromkeys(mine) if code != shown]


def _here(actor: Actor) -> Facility | None:
    around = Facility.objects.select_related("area__parent__parent__parent")
    return around.filter(pk=actor.facility_id or 0).first()


def _first_place(here: Facility) -> tuple[str, str]:
    at_home = here.level in AT_HOME and here.area.level == here.level
    return (here.area.code, here.area.name) if at_home else (here.code, here.name)


def path_to(actor: Actor, level: str, code: str) -> list[tuple[str, str]]:
    """The places above one and itself that the post may see, topmost first, as codes and names."""
    facility = places.facility_by_code(code) if level == "facility" else None
    area = facility.area if facility else places.area_by_code(code)
    path = [(one.code, one.name) for one in places.path_of(area) if one.level in LEVELS]
    path = path if facility is None else [*path, (facility.code, facility.name)]
    if actor.may("measures.read-all"):
        return path
    top = own_place(actor)
    names = [name for name, _title in path]
    return path[names.index(top) :] if top in names else path[-1:]
