"""Statistics: volumes, time to accept, effective rate, flows. Every number opens to what it was counted from."""

from datetime import date, datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from catchment.kernel import clock, wall
from catchment.kernel.access import actor_of, needs
from catchment.kernel.actor import Actor
from catchment.rooms.referral import queries
from catchment.rooms.referral.queries import MonthLine, PlaceFlow, PlaceLine
from catchment.rooms.referral.rules import words
from catchment.rooms.referral.web.period import CHOICES, WHAT, Period, month_of, period_of

MOST_MONTHS, MOST_PLACES = 12, 40
COLUMNS = ("sent", "up", "down", "accepted", "declined", "arrived", "effective")


@needs("referral.statistics")
@require_GET
def show(request: HttpRequest) -> HttpResponse:
    """The figures of the chosen period."""
    with wall.acting("referral-statistics"):
        return _shown(request, actor_of(request), clock.now())


def _shown(request: HttpRequest, actor: Actor, now: datetime) -> HttpResponse:
    """Counted over all of the actor's referrals, also of people whom nobody here may open any more."""
    period = period_of(request.GET, now)
    rows = queries.sent_between(actor, period.since, period.until)
    months, places, flows = queries.monthly(rows), queries.by_place(rows, MOST_PLACES), queries.place_flows(rows)
    refusals = _refusals(queries.refusals(rows), period)
    context = {
        "section": "statistics",
        "period": period,
        "periods": CHOICES,
        "now": now,
        "everywhere": actor.may("referral.statistics-all"),
        "totals": queries.totals(rows),
        "open_total": {what: _open(period, counted=what) for what in COLUMNS},
        "columns": [WHAT[what] for what in COLUMNS],
        "months": [(line, _cells(line, month_of(period, line.month))) for line in months],
        "places": [(line, _cells(line, period, place=line.place)) for line in places],
        "rate_months": [line.month for line in months][-MOST_MONTHS:],
        "rates": _rates(queries.effective_by_month(rows), places, months, period),
        "volume_chart": _volume(months, period),
        "accept_chart": _accept(months, period),
        "rate_chart": _rate(months, period),
        "flow_chart": _sankey(flows, period),
        "refusals": refusals,
        "refusal_chart": _refusal(refusals),
        "strongest": flows[0] if flows else None,
        "flows": [(flow, _open(period, counted="sent", **_ends(flow))) for flow in flows],
    }
    return render(request, "referral/statistics.html", context)


def _open(period: Period, **more: str) -> str:
    return f"{reverse('referral:list')}?{period.query(**more)}"


def _ends(flow: PlaceFlow) -> dict[str, str]:
    return {"place": flow.source, "target": flow.target, "way": flow.direction}


def _cells(line: MonthLine | PlaceLine, period: Period, **more: str) -> list[tuple[int, str]]:
    """Each figure with the address that opens it."""
    return [(getattr(line, what), _open(period, counted=what, **more)) for what in COLUMNS]


def _rates(
    found: dict[tuple[str, date], tuple[int, int]], places: list[PlaceLine], months: list[MonthLine], period: Period
) -> list[tuple[str, list[dict[str, Any] | None]]]:
    """For each place its effective rate month by month; `None` where nothing was sent."""
    shown = [line.month for line in months][-MOST_MONTHS:]
    return [(line.place, [_rate_cell(found, line.place, month, period) for month in shown]) for line in places]


def _rate_cell(
    found: dict[tuple[str, date], tuple[int, int]], place: str, month: date, period: Period
) -> dict[str, Any] | None:
    good, n = found.get((place, month), (0, 0))
    if not n:
        return None
    opened = _open(month_of(period, month), counted="sent", place=place)
    return {"rate": round(100 * good / n), "good": good, "n": n, "url": opened}


def _volume(months: list[MonthLine], period: Period) -> dict[str, Any]:
    def bars(what: str) -> dict[str, Any]:
        data = [
            {"value": getattr(line, what), "url": _open(month_of(period, line.month), counted=what)} for line in months
        ]
        return {"type": "bar", "name": str(WHAT[what]), "stack": "n", "data": data, "barMaxWidth": 36}

    return {**_axes(months), "series": [bars("up"), bars("down")]}


def _accept(months: list[MonthLine], period: Period) -> dict[str, Any]:
    return {
        **_axes(months, _("小时")),
        "series": [_line(months, period, "accept_median", _("接收用时中位数"), "accepted")],
    }


def _rate(months: list[MonthLine], period: Period) -> dict[str, Any]:
    axes = _axes(months, "%")
    axes["yAxis"]["max"] = 100
    return {**axes, "series": [_line(months, period, "effective_rate", _("有效转诊率"), "effective")]}


def _line(months: list[MonthLine], period: Period, figure: str, name: str, what: str) -> dict[str, Any]:
    data = [
        {"value": getattr(line, figure), "url": _open(month_of(period, line.month), counted=what)} for line in months
    ]
    return {"type": "line", "name": name, "data": data, "symbolSize": 9, "connectNulls": True}


def _refusals(found: list[tuple[str, int]], period: Period) -> list[tuple[str, int, str]]:
    """Each reason in words, how often, and the address that opens it."""
    return [
        (queries.reason_words("refusal", code, period.last), n, _open(period, counted="sent", refusal=code))
        for code, n in found
    ]


def _refusal(refusals: list[tuple[str, int, str]]) -> dict[str, Any]:
    """Bars that lie down, the longest on top."""
    upwards = refusals[::-1]
    bars = [{"value": n, "url": url} for _words, n, url in upwards]
    return {
        "tooltip": {"trigger": "axis"},
        "grid": {"left": 8, "right": 24, "top": 8, "bottom": 24, "containLabel": True},
        "xAxis": {"type": "value", "minInterval": 1},
        "yAxis": {"type": "category", "data": [words for words, _n, _url in upwards]},
        "series": [{"type": "bar", "name": _("不接收"), "data": bars, "barMaxWidth": 24}],
    }


def _axes(months: list[MonthLine], unit: str = "") -> dict[str, Any]:
    return {
        "tooltip": {"trigger": "axis"},
        "legend": {"bottom": 0},
        "grid": {"left": 44, "right": 12, "top": 28, "bottom": 56},
        "xAxis": {"type": "category", "data": [f"{line.month:%Y-%m}" for line in months]},
        "yAxis": {"type": "value", "name": unit, "minInterval": 1 if not unit else 0},
    }


def _sankey(flows: list[PlaceFlow], period: Period) -> dict[str, Any]:
    """Senders left, receivers right, so that flows up and down never close a circle; colour by direction."""
    colours = {"up": "#0f6e6e", "down": "#c2762b", "across": "#3a66a7", "out": "#8a4f7d"}
    sent, received = _("转出"), _("接收")
    left = [f"{flow.source} · {sent}" for flow in flows]
    right = [f"{flow.target} · {received}" for flow in flows]
    links = [
        {
            "source": source,
            "target": target,
            "value": flow.n,
            "url": _open(period, counted="sent", **_ends(flow)),
            "lineStyle": {"color": colours[flow.direction], "opacity": 0.45},
            "name": str(words.DIRECTIONS[flow.direction]),
        }
        for flow, source, target in zip(flows, left, right, strict=True)
    ]
    nodes = [{"name": name, "depth": 0} for name in dict.fromkeys(left)]
    nodes += [{"name": name, "depth": 1} for name in dict.fromkeys(right)]
    chart = {
        "type": "sankey",
        "left": 8,
        "right": 180,
        "top": 8,
        "bottom": 8,
        "nodeGap": 10,
        "data": nodes,
        "links": links,
    }
    return {"tooltip": {"trigger": "item"}, "series": [chart]}
