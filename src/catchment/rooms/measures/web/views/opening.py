"""The rows behind a number."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from catchment.kernel import clock
from catchment.kernel.access import actor_of, needs
from catchment.kernel.ui.paging import offset_of, without_offset
from catchment.rooms.measures import actions, queries
from catchment.rooms.measures.queries.opening import PAGE, part_title
from catchment.rooms.measures.web.frame import asked_of


@needs("measures.open")
@require_GET
def show(request: HttpRequest, code: str, part: str) -> HttpResponse:
    """A page of the people or events that one part of a value was counted from; each look is in the audit."""
    actor = actor_of(request)
    asked = asked_of(request, actor)
    run = queries.run_of(asked.name, asked.period.code)
    value = queries.value_row(actor, run, code, asked.level, asked.place)
    found = actions.open_number(
        actor=actor, now=clock.now(), run=run, value=value, part=part, offset=offset_of(request)
    )
    _content, measure, count = queries.parts_of(run, value)
    context = {
        "section": "measures",
        "asked": asked,
        "measure": measure,
        "title": queries.title(measure),
        "part_title": part_title(part, count.all()[part]),
        "opened": found,
        "run": run,
        "path": queries.path_to(actor, asked.level, asked.place),
        "first": found.offset + 1,
        "last": found.offset + len(found.rows),
        "next": found.offset + PAGE if found.offset + PAGE < found.count else None,
        "previous": max(0, found.offset - PAGE) if found.offset else None,
        "kept_query": without_offset(request),
    }
    return render(request, "measures/rows.html", context)
