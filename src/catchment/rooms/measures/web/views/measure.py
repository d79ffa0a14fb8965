"""One indicator: its value and what it is made of, its trend, its places compared, its definition."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from catchment.kernel.access import actor_of, needs
from catchment.kernel.actor import Actor
from catchment.rooms.consent import queries as consent
from catchment.rooms.measures import queries
from catchment.rooms.measures.queries import Funnel
from catchment.rooms.measures.rules import LEVEL_WORDS, PERIOD_WORDS, SETS, key_of
from catchment.rooms.measures.types import FunnelPoint, MeasureValue
from catchment.rooms.measures.web.frame import Asked, asked_of, periods_offered
from catchment.standards.measures.definition import Kind, Measure
from catchment.standards.measures.periods import series

BELOW = {"county": ("township", "facility"), "township": ("village", "facility"), "village": ("facility",)}
BACK, MOST_PLACES = 12, 60


@needs("measures.read")
@require_GET
def show(request: HttpRequest, code: str) -> HttpResponse:
    """One indicator for a place."""
    actor = actor_of(request)
    asked = asked_of(request, actor)
    edition, content = queries.edition_of(asked.name, min(asked.period.last, timezone.localdate()))
    measure = queries.measure_of(content, code)
    run = queries.latest_run(asked.name, asked.period.code)
    value = _value(actor, asked, code)
    offered = _offered(asked, measure)
    below = _level_below(request, offered)
    places = queries.beneath(actor, asked.name, asked.period.code, code, below, asked.place) if below else []
    least = consent.smallest_cell(timezone.localdate())
    funnel = queries.funnel(measure, places, value, least)
    context = {
        "section": "measures",
        "asked": asked,
        "sets": SETS,
        "periods": periods_offered(asked.name, timezone.localdate()),
        "edition": edition,
        "key": key_of(asked.name),
        "measure": measure,
        "title": queries.title(measure),
        "run": run,
        "period_words": [PERIOD_WORDS[kind] for kind in measure.periods],
        "value": value,
        "parts": _parts(actor, run, asked, code),
        "path": queries.path_to(actor, asked.level, asked.place),
        "beside": queries.other_places(actor, asked.place),
        "below": below,
        "tabs": [(one, LEVEL_WORDS[one], asked.url("measure", code, below=one)) for one in offered],
        "places": [_place(one, asked, funnel) for one in places[:MOST_PLACES]],
        "left_out": max(0, len(places) - MOST_PLACES),
        "funnel": funnel,
        "funnel_chart": _funnel_chart(funnel, asked, measure) if funnel else None,
        "trend_chart": _trend_chart(actor, asked, measure),
        "sources": [queries.source_word(content, one) for one in measure.needs],
        "least": least,
        "answers": queries.answers(asked.name, code, asked.place)[:20] if measure.kind is Kind.QUALITATIVE else [],
        "today": timezone.localdate(),
    }
    return render(request, "measures/measure.html", context)


def _value(actor: Actor, asked: Asked, code: str) -> MeasureValue | None:
    found = queries.values(actor, asked.name, asked.period.code, asked.level, codes=[code], place=asked.place)
    return next(iter(found), None)


def _offered(asked: Asked, measure: Measure) -> tuple[str, ...]:
    return tuple(level for level in BELOW.get(asked.level, ()) if level in measure.levels)


def _level_below(request: HttpRequest, offered: tuple[str, ...]) -> str:
    wanted = request.GET.get("below", "")
    return wanted if wanted in offered else next(iter(offered), "")


def _parts(actor: Actor, run: Any, asked: Asked, code: str) -> list[dict[str, Any]]:
    """Each part of the value with the address of the rows behind it, where there are any and the post may open them."""
    if run is None:
        return []
    told = queries.told_parts(actor, run, code, asked.level, asked.place)
    may = actor.may("measures.open")
    return [{**one, "url": asked.url("rows", code, one["name"]) if may and one["openable"] else ""} for one in told]


def _place(one: MeasureValue, asked: Asked, funnel: Funnel | None) -> dict[str, Any]:
    points = {point.place_code: point for point in funnel.points} if funnel else {}
    return {
        "value": one,
        "url": asked.url("measure", one.code, place=one.place_code),
        "point": points.get(one.place_code),
    }


def _trend_chart(actor: Actor, asked: Asked, measure: Measure) -> dict[str, Any] | None:
    """The last periods from the first that has a value; none for fewer than two values."""
    found = queries.history(actor, asked.name, measure.code, asked.period, asked.level, asked.place, BACK)
    told = list(zip(series(asked.period, BACK), found, strict=True))
    known = [at for at, (_period, one) in enumerate(told) if one is not None and one.value is not None]
    if len(known) < 2:  # noqa: PLR2004 one point is no trend
        return None
    told = told[known[0] :]
    data = [
        {
            "value": None if one is None or one.value is None else round(one.value, measure.digits),
            "url": asked.url("measure", measure.code, period=period.code),
        }
        for period, one in told
    ]
    line = {"type": "line", "name": queries.title(measure), "data": data, "symbolSize": 9, "connectNulls": True}
    if measure.target is not None:
        line["markLine"] = {
            "symbol": "none",
            "data": [{"yAxis": measure.target, "name": _("目标")}],
            "lineStyle": {"color": "#2b6b3f", "type": "dashed"},
            "label": {"formatter": "{b} {c}", "position": "insideEndTop"},
        }
    return {
        "tooltip": {"trigger": "axis"},
        "grid": {"left": 56, "right": 20, "top": 28, "bottom": 32},
        "xAxis": {"type": "category", "data": [period.code for period, _one in told]},
        "yAxis": {"type": "value", "name": measure.unit, "scale": True},
        "series": [line],
    }


def _funnel_chart(funnel: Funnel, asked: Asked, measure: Measure) -> dict[str, Any]:
    """Places as dots, the whole as a line, limits as curves: dots inside differ by chance alone."""
    looks = (
        (_("界内"), "circle", "#6b7280"), (_("好于总体"), "triangle", "#2b6b3f"), (_("与总体不同"), "rect", "#2c5a97"),
        (_("差于总体"), "diamond", "#b3261e"),
    )  # fmt: skip
    dots = [
        {
            "type": "scatter", "name": name, "symbol": symbol, "symbolSize": 11, "itemStyle": {"color": colour},
            "data": [
                {"name": point.place_name, "value": [point.n, round(point.value, measure.digits)],
                 "url": asked.url("measure", measure.code, place=point.place_code)}
                for point in funnel.points if _look(point) == at
            ],
        }
        for at, (name, symbol, colour) in enumerate(looks)
    ]  # fmt: skip
    curves = [
        {
            "type": "line", "name": f"{name}%", "data": [[n, round(end[at], 3)] for n, *end in curve],
            "showSymbol": False, "silent": True, "smooth": True,
            "lineStyle": {"color": "#5b6966", "width": 1, "type": "dashed" if name == "95" else "solid"},
            "itemStyle": {"color": "#5b6966"},
        }
        for name, curve in funnel.curves.items() for at in (0, 1)
    ]  # fmt: skip
    dots[0]["markLine"] = {
        "symbol": "none", "silent": True, "data": [{"yAxis": round(funnel.whole, measure.digits), "name": _("总体")}],
        "lineStyle": {"color": "#0f6e6e"}, "label": {"formatter": "{b} {c}", "position": "insideEndTop"},
    }  # fmt: skip
    return {
        "tooltip": {"trigger": "item", "formatter": "{b}<br>{c}"},
        "legend": {"bottom": 0, "data": [name for name, _symbol, _colour in looks]},
        "grid": {"left": 56, "right": 20, "top": 28, "bottom": 64},
        "xAxis": {"type": "value", "name": _("分母"), "nameLocation": "middle", "nameGap": 24, "min": 0},
        "yAxis": {"type": "value", "name": measure.unit, "scale": True},
        "series": [*curves, *dots],
    }


def _look(point: FunnelPoint) -> int:
    """Which look a dot has: within the limits, better, different, worse."""
    if not point.outside:
        return 0
    return 2 if point.better is None else 1 if point.better else 3
