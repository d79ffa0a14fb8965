"""The list of a set, and its report."""

from itertools import groupby
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from catchment.kernel import clock, uploads
from catchment.kernel.access import actor_of, needs
from catchment.kernel.actor import Actor
from catchment.kernel.sheets import XLSX
from catchment.rooms.measures import queries
from catchment.rooms.measures.queries.reporting import report_of
from catchment.rooms.measures.rules import LEVEL_WORDS, SETS
from catchment.rooms.measures.web.frame import Asked, asked_of, periods_offered


@needs("measures.read")
@require_GET
def show(request: HttpRequest) -> HttpResponse:
    """A set for a place: every indicator with value, light, trend and source."""
    actor = actor_of(request)
    asked = asked_of(request, actor)
    edition, content = queries.edition_of(asked.name, min(asked.period.last, timezone.localdate()))
    values = queries.values(actor, asked.name, asked.period.code, asked.level, place=asked.place)
    trends = queries.trends(actor, asked.name, asked.period, asked.level, asked.place)
    lines = [_line(asked, content.by_code.get(one.code), one, trends) for one in values]
    context = {
        "section": "measures",
        "asked": asked,
        "sets": SETS,
        "periods": periods_offered(asked.name, timezone.localdate()),
        "edition": edition,
        "heading": queries.title(content),
        "run": queries.latest_run(asked.name, asked.period.code),
        "groups": [(name, list(rows)) for name, rows in groupby(lines, key=lambda line: line["dimension"])],
        "lights": _lights(values),
        "path": queries.path_to(actor, asked.level, asked.place),
        "beside": queries.other_places(actor, asked.place),
        "report_url": asked.url("report"),
    }
    return render(request, "measures/list.html", context)


def _line(asked: Asked, measure: Any, value: Any, trends: dict[str, list[float | None]]) -> dict[str, Any]:
    return {
        "value": value,
        "measure": measure,
        "dimension": measure.dimension if measure else "",
        "trend": trends.get(value.code, []),
        "url": asked.url("measure", value.code),
    }


def _lights(values: list[Any]) -> dict[str, int]:
    """How many stand at each light, and how many cannot be told."""
    found = {light: sum(value.light == light for value in values) for light in ("green", "amber", "red")}
    return {**found, "missing": sum(value.status == "missing-source" for value in values)}


@needs("measures.read")
@require_GET
def report(request: HttpRequest) -> HttpResponse:
    """The last run as a spreadsheet; small counts are left out, because it leaves the county."""
    actor: Actor = actor_of(request)
    asked = asked_of(request, actor)
    run = queries.run_of(asked.name, asked.period.code)
    level = request.GET.get("level") if request.GET.get("level") in LEVEL_WORDS else asked.level
    made = report_of(actor, run, str(level), now=clock.now(), outside=request.GET.get("inside") != "1")
    name = f"{asked.name}-{asked.period.code}-{level}.xlsx"
    return uploads.to_keep(made, XLSX, name)
