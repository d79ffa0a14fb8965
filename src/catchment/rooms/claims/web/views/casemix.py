"""Case mix: index, cost and time against the county's average, groups, outliers."""

from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from catchment.kernel import clock, wall
from catchment.kernel.access import actor_of, needs
from catchment.kernel.actor import Actor
from catchment.rooms.claims import queries
from catchment.rooms.claims.queries import Books, CaseMix
from catchment.rooms.claims.web.frame import in_yuan, period_of, spreadsheet

SYSTEM = "claims-statistics"
CHOICES: dict[str, Promise] = {
    "facility": gettext_lazy("机构"),
    "department": gettext_lazy("科室"),
    "doctor": gettext_lazy("医生"),
}
DRAWN = 16


@needs("claims.statistics")
@require_GET
def show(request: HttpRequest) -> HttpResponse:
    """The figures of the chosen period; a hospital's own by department and doctor, the whole county by facility."""
    actor, now = actor_of(request), clock.now()
    period, by = period_of(request.GET, now), _by(request)
    where = _where(actor, by)
    with wall.acting(SYSTEM):
        lines = queries.case_mix(period.first, period.last, by=by, facility_id=where)
        groups = queries.groups_of(period.first, period.last, facility_id=where)
        special = (
            queries.special_cases(period.first, period.last, facility_id=where, limit=40) if _may_open(actor) else []
        )
        names = _names(period.last)
    rule, edition, verified = Books().payment(period.last)
    context = {
        "section": "case-mix",
        "period": period,
        "by": by,
        "choices": list(CHOICES.items()),
        "together": lines[0],
        "lines": lines[1:],
        "groups": [(one, names.get(one.group, "")) for one in groups],
        "special": special,
        "chart": _chart(lines[1:]),
        "edition": edition,
        "verified": verified,
        "rule": rule,
        "where": actor.facility_name if where else _("全县"),
        "may_open": _may_open(actor),
        "now": now,
    }
    return render(request, "claims/casemix.html", context)


@needs("claims.statistics")
@require_GET
def export(request: HttpRequest) -> HttpResponse:
    """The table as a spreadsheet."""
    actor, now = actor_of(request), clock.now()
    period, by = period_of(request.GET, now), _by(request)
    with wall.acting(SYSTEM):
        lines = queries.case_mix(period.first, period.last, by=by, facility_id=_where(actor, by))
    header = [
        str(CHOICES[by]),
        _("病例"),
        _("入组率%"),
        _("组数"),
        "CMI",
        _("费用消耗指数"),
        _("时间消耗指数"),
        _("例均费用（元）"),
        _("平均住院日"),
    ]
    rows = [
        [
            one.name or _("全部"),
            one.cases,
            one.grouped_percent,
            len(one.groups),
            one.cmi,
            one.cost_index,
            one.days_index,
            in_yuan(one.mean_cost),
            one.mean_days,
        ]
        for one in lines
    ]
    return spreadsheet(_("病例组合"), header, rows)


def _by(request: HttpRequest) -> str:
    by = request.GET.get("by", "")
    if by in CHOICES:
        return by
    return "department" if actor_of(request).role == "case-mix-officer" else "facility"


def _where(actor: Actor, by: str) -> int | None:
    """A hospital sees its own departments and doctors; facilities are compared over the county."""
    if by == "facility" or actor.may("claims.oversee") or not actor.may("claims.read"):
        return None
    return actor.facility_id


def _may_open(actor: Actor) -> bool:
    return actor.may("claims.read")


def _names(day: date) -> dict[str, str]:
    return {group: item.name for group, item in Books().weights(day).by_group.items()}


def _chart(lines: list[CaseMix]) -> dict[str, Any]:
    """Each unit by cost index and case-mix index: right is heavier, up is dearer than average."""
    points = [
        {
            "name": one.name or "—",
            "value": [one.cmi, one.cost_index, one.cases],
            "symbolSize": 8 + min(32, one.cases**0.5),
        }
        for one in lines[:DRAWN]
        if one.cmi is not None and one.cost_index is not None
    ]
    return {
        "tooltip": {"trigger": "item", "formatter": "{b}"},
        "grid": {"left": 48, "right": 24, "top": 28, "bottom": 48},
        "xAxis": {"type": "value", "name": "CMI", "nameLocation": "middle", "nameGap": 28, "scale": True},
        "yAxis": {"type": "value", "name": _("费用消耗指数"), "scale": True},
        "series": [
            {
                "type": "scatter",
                "data": points,
                "label": {"show": True, "formatter": "{b}", "position": "top", "fontSize": 11},
                "labelLayout": {"hideOverlap": True},
                "markLine": {"silent": True, "symbol": "none", "data": [{"yAxis": 1}]},
            }
        ],
    }
