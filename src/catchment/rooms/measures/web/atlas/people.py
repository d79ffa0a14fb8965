"""From the map to people: the residents of a place whom the acting post may see, all or those a layer counts."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from catchment.kernel import audit, clock
from catchment.kernel.access import needs
from catchment.kernel.ui.paging import offset_of, without_offset
from catchment.rooms.measures.queries import residents as behind
from catchment.rooms.measures.web.atlas.frame import countable, counted_layer, frame_of
from catchment.rooms.measures.web.atlas.pages import picker
from catchment.rooms.places import queries as places

PAGE = 50


@needs("people.read")
@require_GET
def residents(request: HttpRequest, area_code: str) -> HttpResponse:
    """The living residents of an area, by name, as far as the walls show them; looking is written to the audit."""
    frame, offset, area = frame_of(request), offset_of(request), places.area_by_code(area_code)
    actor = frame.actor
    actor.require("atlas.read")
    layer = counted_layer(frame, request.GET.get("layer", ""))
    rows = behind.residents_of(area)
    if layer is not None:
        rows = rows.filter(behind.counted_by(layer.code, frame.day))
    found = list(rows[offset : offset + PAGE + 1])
    detail = {"area": area.code, "found": len(found[:PAGE]), **({"layer": layer.code} if layer else {})}
    audit.record(actor=actor, event="atlas.people", at=clock.now(), detail=detail)
    context = {
        "section": "atlas",
        "area": area,
        "path": places.path_of(area),
        "picker": picker(countable(frame)),
        "layer": layer,
        "people": found[:PAGE],
        "may_open": actor.may("record.read"),
        "next_offset": offset + PAGE if len(found) > PAGE else None,
        "previous_offset": max(0, offset - PAGE) if offset else None,
        "query": without_offset(request),
    }
    return render(request, "measures/atlas/people.html", context)
