"""Statistics: volumes, time to accept, effective rate, flows. Every number opens to what it was counted from."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from catchment.kernel import audit, clock, sheets, wall
from catchment.kernel.access import actor_of, needs
from catchment.kernel.actor import Actor
from catchment.rooms.consent import queries as consent
from catchment.rooms.referral import queries
from catchment.rooms.referral.queries import Figures, MonthLine, PlaceFlow, PlaceLine, Report
from catchment.rooms.referral.rules import words
from catchment.rooms.referral.web.period import CHOICES, WHAT, Period, month_of, period_of, whole_months

MOST_MONTHS, MOST_PLACES = 12, 40
Months = Sequence[MonthLine]
COLUMNS = ("sent", "up", "down", "accepted", "declined", "arrived", "effective")


@needs("referral.statistics")
@require_GET
def show(request: HttpRequest) -> HttpResponse:
    """The figures of the chosen period."""
    with wall.acting("referral-statistics"):
        return _shown(request, actor_of(request), clock.now())


def _shown(request: HttpRequest, actor: Actor, now: datetime) -> HttpResponse:
    """Counted over all of the actor's referrals, also of people whom nobody here may open any more."""
    opens = queries.may_open(actor)
    period = period_of(request.GET, now) if opens else whole_months(period_of(request.GET, now))
    report = _report(actor, period) if opens else _told(actor, period, now)
    page = _Page(period, opens)
    refusals = _refusals(report.refusals, page)
    context = {
        "section": "statistics",
        "period": period,
        "periods": CHOICES,
        "now": now,
        "everywhere": actor.may("referral.statistics-all"),
        "opens": opens,
        "smallest": consent.smallest_cell(timezone.localdate(now)),
        "smallest_verified": consent.smallest_cell_verified(timezone.localdate(now)),
        "totals": report.totals,
        "open_total": {what: page.open(counted=what) for what in COLUMNS},
        "columns": [WHAT[what] for what in COLUMNS],
        "months": [(line, _cells(line, page.month(line.month))) for line in report.months],
        "places": [(line, _cells(line, page, place=line.place)) for line in report.places],
        "rate_months": [line.month for line in report.months][-MOST_MONTHS:],
        "rates": _rates(report, page),
        "volume_chart": _volume(report.months, page),
        "accept_chart": _accept(report.months, page),
        "rate_chart": _rate(report.months, page),
        "flow_chart": _sankey([flow for flow in report.flows if flow.n], page),
        "refusals": refusals,
        "refusal_chart": _refusal(refusals),
        "strongest": report.flows[0] if report.flows else None,
        "flows": [(flow, page.open(counted="sent", **_ends(flow))) for flow in report.flows],
    }
    return render(request, "referral/statistics.html", context)


def _report(actor: Actor, period: Period) -> Report:
    return queries.report(queries.sent_between(actor, period.first, period.last), most_places=MOST_PLACES)


def _told(actor: Actor, period: Period, now: datetime) -> Report:
    return queries.to_tell(_report(actor, period), consent.smallest_cell(timezone.localdate(now)))


@needs("referral.statistics")
@require_GET
def export(request: HttpRequest) -> HttpResponse:
    """The figures as a table to take away: whole months, small counts withheld whoever asks."""
    actor, now = actor_of(request), clock.now()
    period = whole_months(period_of(request.GET, now))
    with wall.acting("referral-statistics"):
        report = _told(actor, period, now)
    name = f"referrals-{period.first}-{period.last}.csv"
    audit.record(
        actor=actor, event="statistics.export", at=now, detail={"first": str(period.first), "last": str(period.last)}
    )
    return sheets.csv_answer(name, [_("表"), _("行"), *(str(WHAT[what]) for what in COLUMNS)], _lines(report))


def _lines(report: Report) -> list[list[object]]:
    """All lines of the export; a withheld count is empty."""
    lines: list[tuple[str, str, Figures]] = [(_("全部"), "", report.totals)]
    lines += [(_("按月"), f"{line.month:%Y-%m}", line) for line in report.months]
    lines += [(_("按转出地"), line.place, line) for line in report.places]
    return [[table, name, *(getattr(line, what) for what in COLUMNS)] for table, name, line in lines]


@dataclass(frozen=True, slots=True)
class _Page:
    """The period shown, and whether its figures open."""

    period: Period
    opens: bool

    def open(self, **more: str) -> str:
        """The address of what a figure was counted from; empty for those who see figures only."""
        return f"{reverse('referral:list')}?{self.period.query(**more)}" if self.opens else ""

    def month(self, month: date) -> "_Page":
        return _Page(month_of(self.period, month), self.opens)


def _ends(flow: PlaceFlow) -> dict[str, str]:
    return {"place": flow.source, "target": flow.target, "way": flow.direction}


def _cells(line: MonthLine | PlaceLine, page: _Page, **more: str) -> list[tuple[int | None, str]]:
    """Each figure with the address that opens it."""
    return [(getattr(line, what), page.open(counted=what, **more)) for what in COLUMNS]


def _rates(report: Report, page: _Page) -> list[tuple[str, list[dict[str, Any] | None]]]:
    """For each place its effective rate month by month; `None` where nothing was sent."""
    shown = [line.month for line in report.months][-MOST_MONTHS:]
    return [(line.place, [_rate_cell(report, line.place, month, page) for month in shown]) for line in report.places]


def _rate_cell(report: Report, place: str, month: date, page: _Page) -> dict[str, Any] | None:
    good, n = report.rates.get((place, month), (0, 0))
    if n == 0:
        return None
    opened = page.month(month).open(counted="sent", place=place)
    rate = None if good is None or n is None else round(100 * good / n)
    return {"rate": rate, "good": good, "n": n, "url": opened}


def _volume(months: Months, page: _Page) -> dict[str, Any]:
    def bars(what: str) -> dict[str, Any]:
        data = [{"value": getattr(line, what), "url": page.month(line.month).open(counted=what)} for line in months]
        return {"type": "bar", "name": str(WHAT[what]), "stack": "n", "data": data, "barMaxWidth": 36}

    return {**_axes(months), "series": [bars("up"), bars("down")]}


def _accept(months: Months, page: _Page) -> dict[str, Any]:
    return {
        **_axes(months, _("小时")),
        "series": [_line(months, page, "accept_median", _("接收用时中位数"), "accepted")],
    }


def _rate(months: Months, page: _Page) -> dict[str, Any]:
    axes = _axes(months, "%")
    axes["yAxis"]["max"] = 100
    return {**axes, "series": [_line(months, page, "effective_rate", _("有效转诊率"), "effective")]}


def _line(months: Months, page: _Page, figure: str, name: str, what: str) -> dict[str, Any]:
    data = [{"value": getattr(line, figure), "url": page.month(line.month).open(counted=what)} for line in months]
    return {"type": "line", "name": name, "data": data, "symbolSize": 9, "connectNulls": True}


def _refusals(found: Iterable[tuple[str, int | None]], page: _Page) -> list[tuple[str, int | None, str]]:
    """Each reason in words, how often, and the address that opens it."""
    return [
        (queries.reason_words("refusal", code, page.period.last), n, page.open(counted="sent", refusal=code))
        for code, n in found
    ]


def _refusal(refusals: list[tuple[str, int | None, str]]) -> dict[str, Any]:
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


def _axes(months: Months, unit: str = "") -> dict[str, Any]:
    return {
        "tooltip": {"trigger": "axis"},
        "legend": {"bottom": 0},
        "grid": {"left": 44, "right": 12, "top": 28, "bottom": 56},
        "xAxis": {"type": "category", "data": [f"{line.month:%Y-%m}" for line in months]},
        "yAxis": {"type": "value", "name": unit, "minInterval": 1 if not unit else 0},
    }


def _sankey(flows: list[PlaceFlow], page: _Page) -> dict[str, Any]:
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
            "url": page.open(counted="sent", **_ends(flow)),
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
