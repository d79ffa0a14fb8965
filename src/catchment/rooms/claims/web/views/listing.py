"""The list of claims with their checks and states."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from catchment.kernel import audit, clock
from catchment.kernel.access import actor_of, needs
from catchment.kernel.ui.paging import offset_of
from catchment.rooms.claims import queries
from catchment.rooms.claims.queries import Wanted
from catchment.rooms.claims.rules import words
from catchment.rooms.claims.web.frame import MOST_ROWS, Period, in_yuan, period_of, spreadsheet

PAGE = 50
FILTERS = ("state", "kind", "insurance", "finding", "group")
KEPT = (*FILTERS, "same")


@needs("claims.read")
@require_http_methods(["GET", "POST"])
def show(request: HttpRequest) -> HttpResponse:
    """Claims by day of discharge. What was typed comes by POST, so that no name stands in an address."""
    actor, now = actor_of(request), clock.now()
    given = request.POST if request.method == "POST" else request.GET
    period, offset = period_of(given, now), offset_of(request)
    wanted = _wanted(given, period)
    found = list(queries.listed(actor, wanted)[offset : offset + PAGE + 1])
    where = None if actor.may("claims.oversee") else actor.facility_id
    kept = {name: given.get(name, "") for name in KEPT if given.get(name)}
    query = "&".join([period.query, *(f"{name}={value}" for name, value in kept.items())])
    called = queries.called(actor, found[:PAGE])
    context = {
        "section": "claims",
        "claims": [(one, called[one.pk]) for one in found[:PAGE]],
        "wanted": wanted,
        "period": period,
        "query": f"{query}&",
        "states": [(code, words.STATES[code], n) for code, n in _states(period, where)],
        "kinds": words.KINDS,
        "insurances": words.INSURANCES,
        "findings": words.FINDINGS,
        "next_offset": offset + PAGE if len(found) > PAGE and not wanted.text else None,
        "previous_offset": max(0, offset - PAGE) if offset else None,
        "everywhere": actor.may("claims.oversee"),
        "may_pay": actor.may("claims.pay"),
        "may_count": actor.may("claims.statistics"),
    }
    return render(request, "claims/list.html", context)


@require_POST
@needs("claims.read")
def export(request: HttpRequest) -> HttpResponse:
    """The same list as a spreadsheet; that it left the house is noted."""
    actor, now = actor_of(request), clock.now()
    period = period_of(request.POST, now)
    rows = list(queries.listed(actor, _wanted(request.POST, period))[:MOST_ROWS])
    called = queries.called(actor, rows)
    told = [_row(one, called[one.pk]) for one in rows]
    audit.record(actor=actor, event="claim.export", at=now, detail={"rows": len(told)})
    header = [
        _("结算单号"),
        _("姓名"),
        _("机构"),
        _("科室"),
        _("类别"),
        _("险种"),
        _("人员类别"),
        _("就医方式"),
        _("入院"),
        _("出院"),
        _("天数"),
        _("主要诊断"),
        _("病组"),
        _("权重"),
        _("总费用（元）"),
        _("自费"),
        _("先行自付"),
        _("状态"),
        _("检查结果"),
    ]
    return spreadsheet(_("结算单"), header, told)


def _row(one: Any, called: str) -> list[Any]:
    return [
        one.number,
        called,
        one.facility.name,
        one.department,
        str(words.KINDS[one.kind]),
        str(words.INSURANCES[one.insurance]),
        str(words.PEOPLE.get(one.category, one.category)),
        str(words.WAYS[one.way]),
        one.begins_on,
        one.ends_on,
        one.days,
        one.diagnoses[0].get("code", "") if one.diagnoses else "",
        one.drg,
        float(one.weight) if one.weight is not None else None,
        in_yuan(one.total),
        in_yuan(one.excluded),
        in_yuan(one.first_pay),
        str(words.STATES[one.state]),
        words.WHY.all(one.findings),
    ]


def _states(period: Period, facility_id: int | None) -> list[tuple[str, int]]:
    return list(queries.states_between(period.first, period.last, facility_id=facility_id).items())


def _wanted(given: Any, period: Period) -> Wanted:
    chosen: dict[str, Any] = {name: str(given.get(name, ""))[:40] for name in FILTERS}
    return Wanted(
        since=period.first,
        until=period.last,
        text=str(given.get("text", "")).strip()[:40].replace("\x00", ""),
        stale=bool(given.get("stale")),
        same=_same(str(given.get("same", ""))),
        **chosen,
    )


def _same(text: str) -> UUID | None:
    try:
        return UUID(text) if text else None
    except ValueError:
        return None
