"""From the map to people: the residents of a village whom the acting post may see."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from catchment.kernel import audit, clock
from catchment.kernel.access import actor_of, needs
from catchment.kernel.ui.paging import offset_of, without_offset
from catchment.rooms.people.models import Person
from catchment.rooms.places import queries as places

PAGE = 50


@needs("people.read")
@require_GET
def residents(request: HttpRequest, area_code: str) -> HttpResponse:
    """The living residents of an area, by name, as far as the walls show them; looking is written to the audit."""
    actor, offset = actor_of(request), offset_of(request)
    actor.require("atlas.read")
    area = places.area_by_code(area_code)
    rows = Person.objects.filter(area=area, merged_into__isnull=True, deceased_on__isnull=True)
    found = list(rows.select_related("primary_facility").order_by("name", "id")[offset : offset + PAGE + 1])
    audit.record(
        actor=actor, event="atlas.people", at=clock.now(), detail={"area": area.code, "found": len(found[:PAGE])}
    )
    context = {
        "section": "atlas",
        "area": area,
        "path": places.path_of(area),
        "people": found[:PAGE],
        "may_open": actor.may("record.read"),
        "next_offset": offset + PAGE if len(found) > PAGE else None,
        "previous_offset": max(0, offset - PAGE) if offset else None,
        "query": without_offset(request),
    }
    return render(request, "measures/atlas/people.html", context)
