"""Which facility's schedule a page shows, and whether this post runs it."""

from django.http import HttpRequest

from catchment.kernel.access import actor_of
from catchment.rooms.booking import rules
from catchment.rooms.places import queries as places
from catchment.rooms.places.models import Facility

LONGEST_NUMBER = 18


def facility_run(request: HttpRequest, code: str) -> Facility:
    """The facility of the code; `NotAllowed` where the acting post does not run its slots and beds."""
    facility = places.facility_by_code(code)
    rules.require_runs(actor_of(request), facility.pk)
    return facility


def numbers(request: HttpRequest, field: str) -> list[int]:
    """The numbers a form sent under a name; what is none is left out."""
    given = request.POST.getlist(field)
    return [int(one) for one in given if one.isascii() and one.isdecimal() and len(one) <= LONGEST_NUMBER]
