"""What every page of the map asks first: which county, which day, how small a count the reader may see."""

from dataclasses import dataclass
from datetime import date
from functools import cached_property

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from catchment.kernel.access import actor_of
from catchment.kernel.actor import Actor
from catchment.kernel.errors import NotFound
from catchment.rooms.consent import queries as consent
from catchment.rooms.measures.queries import ground, small
from catchment.rooms.measures.queries.atlas import Standing, layers, standing
from catchment.rooms.measures.queries.layers import Layer
from catchment.rooms.measures.queries.residents import counts_residents
from catchment.rooms.places import queries as places
from catchment.rooms.places.models import Area
from catchment.rooms.places.types import Level


@dataclass(frozen=True)
class Frame:
    """One request to the map: who asks, for which county, on which day."""

    actor: Actor
    county: Area
    day: date

    @cached_property
    def standing(self) -> Standing:
        """How things stand for the county, asked once."""
        return standing(self.county, self.day)

    @property
    def least(self) -> int:
        """Counts of people below this are not shown to the reader."""
        return small.least_shown(self.actor, self.day)

    @property
    def smallest(self) -> int:
        """Counts of people below this do not leave the county."""
        return consent.smallest_cell(self.day)

    @property
    def open_areas(self) -> frozenset[str]:
        """The areas whose people the reader cares for and may see one by one."""
        return small.areas_open_to(self.actor)

    def least_in(self, place: Area) -> int:
        """The same for one place: nothing is small to those who care for its people."""
        return 0 if place.code in self.open_areas else self.least


def frame_of(request: HttpRequest) -> Frame:
    """The county asked for, else that of the acting facility. `NotFound` when no county was ever taken in."""
    actor = actor_of(request)
    wanted = request.GET.get("county", "")[:12]
    county = places.area_by_code(wanted) if wanted else ground.county_of(actor.facility_id)
    if county is None or county.level != Level.COUNTY:
        raise NotFound("no-such-area", _("还没有区划；请先导入区划：catchment import geo"))
    return Frame(actor, county, timezone.localdate())


def place_of(request: HttpRequest, frame: Frame) -> Area:
    """The chosen place: the county or an area within it; `NotFound` otherwise."""
    code = request.GET.get("place", "")[:12] or frame.county.code
    area = places.area_by_code(code)
    if frame.county not in places.path_of(area):
        raise NotFound("no-such-area", _("没有找到这个区划"))
    return area


def countable(frame: Frame) -> list[Layer]:
    """The layers by which the post may ask for people: none for a post that reads no records."""
    if not frame.actor.may("record.read"):
        return []
    return [one for one in layers(frame.standing) if counts_residents(one.code)]


def counted_layer(frame: Frame, code: str) -> Layer | None:
    """The layer of that code, if the post may ask for people by it."""
    return next((one for one in countable(frame) if one.code == code), None) if code else None
