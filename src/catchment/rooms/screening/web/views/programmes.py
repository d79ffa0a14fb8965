"""Programmes for those who oversee them: coverage, the funnel, drop-outs, and the people behind a number."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from catchment.kernel import audit, clock, wall
from catchment.kernel.access import actor_of, needs
from catchment.kernel.actor import Actor
from catchment.kernel.errors import NotFound
from catchment.kernel.ui.paging import offset_of
from catchment.rooms.screening import queries
from catchment.rooms.screening.queries.funnel import BY, CASE_STAGES, ENDS, FORWARD
from catchment.rooms.screening.rules import Programme, words
from catchment.rooms.screening.types import Stage

PAGE, PLACES = 50, 200
SYSTEM = "screening-statistics"
NAMES = {"township": gettext_lazy("乡镇"), "village": gettext_lazy("村"), "doctor": gettext_lazy("责任医生")}


@require_GET
@needs("screening.statistics")
def overview(request: HttpRequest) -> HttpResponse:
    """Every programme on one line."""
    actor, now = actor_of(request), clock.now()
    with wall.acting(SYSTEM):
        found = queries.overview(actor, now)
        looked_at = queries.last_looked(now)
    lines = [(one, stages, queries.share(stages)) for one, stages in found]
    context = {
        "section": "screening",
        "lines": lines,
        "looked_at": looked_at,
        "edition": queries.programmes_edition(timezone.localdate(clock.now())),
        "everywhere": actor.may("screening.statistics-all"),
        "may_work": actor.may("screening.act"),
        "smallest": queries.smallest_cell(actor, now),
    }
    return render(request, "screening/programmes.html", context)


@require_GET
@needs("screening.statistics")
def show(request: HttpRequest, code: str) -> HttpResponse:
    """One programme: the funnel, where people drop out and why, by township, village or doctor."""
    actor, now = actor_of(request), clock.now()
    programme = programme_of(code)
    by = request.GET.get("by", "township")
    by = by if by in BY else "township"
    with wall.acting(SYSTEM):
        stages = queries.funnel(actor, programme, now)
        places = queries.by_place(actor, programme, now, by)
        reasons = queries.drop_outs(actor, programme, now)
        looked_at = queries.last_looked(now)
    counted = {stage.code: stage for stage in stages}
    opens = actor.may("screening.read")
    context: dict[str, Any] = {
        "section": "screening",
        "programme": programme,
        "stages": [(stage, _opened(actor, code, stage.code)) for stage in stages],
        "counted": counted,
        "coverage": queries.share(counted),
        "columns": list(queries.columns()),
        "places": [(one, _cells(code, by, one.label, one.cells, opens=opens)) for one in places[:PLACES]],
        "by": by,
        "names": NAMES,
        "reasons": reasons,
        "funnel_chart": _chart(stages, code, opens=opens),
        "looked_at": looked_at,
        "edition": queries.programmes_edition(timezone.localdate(clock.now())),
        "everywhere": actor.may("screening.statistics-all"),
        "smallest": queries.smallest_cell(actor, now),
        "now": now,
    }
    return render(request, "screening/programme.html", context)


@require_GET
@needs("screening.read")
def people(request: HttpRequest, code: str) -> HttpResponse:
    """The people behind one figure, as far as this post may see them; that they were listed is noted."""
    actor, now = actor_of(request), clock.now()
    programme = programme_of(code)
    by, place, stage = (request.GET.get(name, "") for name in ("by", "place", "stage"))
    if stage not in {*FORWARD, *ENDS}:
        raise NotFound("not-found", _("没有这一项统计"))
    rows = queries.people_behind(actor, programme, timezone.localdate(now), by=by, place=place, stage=stage)
    offset = offset_of(request)
    found = list(rows[offset : offset + PAGE + 1])
    detail = {"programme": code, "stage": stage, "people": [person.pk for person in found[:PAGE]]}
    audit.record(actor=actor, event="screening.list", at=now, detail=detail)
    context = {
        "section": "screening",
        "programme": programme,
        "people": found[:PAGE],
        "stage": words.STAGES[stage],
        "place": place,
        "query": f"{urlencode({'by': by, 'place': place, 'stage': stage})}&",
        "next_offset": offset + PAGE if len(found) > PAGE else None,
        "previous_offset": max(0, offset - PAGE) if offset else None,
    }
    return render(request, "screening/people.html", context)


def programme_of(code: str) -> Programme:
    """The programme of that code today; `NotFound` when there is none."""
    found = queries.programmes_on(timezone.localdate(clock.now())).programme(code)
    if found is None:
        raise NotFound("not-found", _("没有这个筛查项目"))
    return found


def _opened(actor: Actor, code: str, stage: str) -> str:
    """Where the people behind a figure are: by name for who cares for them, by pseudonym for disease control."""
    if actor.may("screening.read"):
        return _open(code, stage=stage)
    if actor.may("screening.follow") and stage in CASE_STAGES:
        return f"{reverse('screening:to-follow', args=[code])}?{urlencode({'stage': stage})}"
    return ""


def _open(code: str, **more: str) -> str:
    return f"{reverse('screening:people', args=[code])}?{urlencode(more)}"


def _cells(code: str, by: str, place: str, cells: Any, *, opens: bool) -> list[tuple[str, str]]:
    """Each figure with the address that opens it, for those who may."""
    return [
        (cells[stage], _open(code, by=by, place=place, stage=stage) if opens and cells[stage] != "0" else "")
        for stage in (*FORWARD, *ENDS)
    ]


def _chart(stages: list[Stage], code: str, *, opens: bool) -> dict[str, Any]:
    """Bars that lie down, from those the programme is for at the top to those in care."""
    forward = [stage for stage in stages if stage.code in FORWARD][::-1]
    bars = [{"value": stage.count, **({"url": _open(code, stage=stage.code)} if opens else {})} for stage in forward]
    label = {"show": True, "position": "right"}
    return {
        "tooltip": {"trigger": "axis"},
        "grid": {"left": 8, "right": 56, "top": 8, "bottom": 24, "containLabel": True},
        "xAxis": {"type": "value", "minInterval": 1},
        "yAxis": {"type": "category", "data": [stage.label for stage in forward]},
        "series": [{"type": "bar", "name": _("人数"), "data": bars, "barMaxWidth": 26, "label": label}],
    }
