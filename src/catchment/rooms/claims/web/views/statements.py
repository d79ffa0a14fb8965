"""Statements of payment by disease, and running them."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from catchment.kernel import clock
from catchment.kernel.access import actor_of, needs
from catchment.kernel.errors import Invalid, NotFound, Problem, Refusal
from catchment.rooms.claims import actions, queries
from catchment.rooms.claims.models import Statement
from catchment.rooms.claims.queries import Books
from catchment.rooms.claims.rules import words
from catchment.rooms.claims.web.frame import in_yuan, spreadsheet

SHOWN_CASES = 500


@needs("claims.read")
@require_GET
def show(request: HttpRequest) -> HttpResponse:
    """The year's statements, newest period first."""
    return _page(request)


@require_POST
@needs("claims.pay")
def run(request: HttpRequest) -> HttpResponse:
    """Pay a month in advance, settle a month, or clear a year."""
    actor, now = actor_of(request), clock.now()
    try:
        year, month = _whole(request, "year", 1990, 2200), _whole(request, "month", 1, 12)
        what = request.POST.get("what", "")
        if what == "clearance":
            made = actions.clear_year(actor=actor, now=now, year=year)
        elif what == "prepayment":
            made = actions.prepay_month(actor=actor, now=now, year=year, month=month)
        else:
            made = actions.state_month(actor=actor, now=now, year=year, month=month)
    except Refusal as refused:
        return _page(request, refused=refused.message, status=refused.status)
    if not made:
        told = _("没有可结的：没有已结算而未对账的住院，或这一期已经做过。")
        return _page(request, refused=told, status=409)
    return redirect(f"{request.path.rpartition('/')[0]}?year={year}")


@needs("claims.read")
@require_GET
def cases(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """The cases behind one statement, each with what it was worth and why."""
    found = _statement(request, public_id)
    rows = queries.cases_on(found)
    context = {"section": "claims", "statement": found, "cases": rows[:SHOWN_CASES], "more": len(rows) > SHOWN_CASES}
    return render(request, "claims/statement.html", context)


@needs("claims.read")
@require_GET
def export_cases(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Every case behind one statement as a spreadsheet."""
    found = _statement(request, public_id)
    header = [
        _("单号"), _("出院"), _("病组"), _("支付方式"), _("权重"), _("总费用（元）"), _("标准"), _("应付"),
        _("其中基金"), _("按项目记账"), _("差额"), _("为什么"),
    ]  # fmt: skip
    told = [
        [
            one.claim.number, one.claim.ends_on, one.claim.drg, str(words.WORTHS[one.worth]), float(one.weight),
            *map(in_yuan, (one.claim.total, one.standard, one.payable, one.fund, one.by_item, one.fund - one.by_item)),
            words.WHY.all(one.why),
        ]
        for one in queries.cases_on(found)
    ]  # fmt: skip
    return spreadsheet(f"{_('对账单')} {found.period} {found.facility.name}", header, told)


def _statement(request: HttpRequest, public_id: UUID) -> Statement:
    rows = queries.visible_statements(actor_of(request)).select_related("facility").filter(public_id=public_id)
    found = rows.first()
    if found is None:
        raise NotFound("not-found", _("没有找到这张对账单"))
    return found


@needs("claims.read")
@require_GET
def export(request: HttpRequest) -> HttpResponse:
    """The year's statements as a spreadsheet."""
    rows = queries.statements(actor_of(request), _year(request))
    header = [
        _("期间"),
        _("种类"),
        _("机构"),
        _("险种"),
        _("病例"),
        _("总权重"),
        _("总费用（元）"),
        _("按项目记账"),
        _("按病组应付"),
        _("差额"),
        _("保证金"),
        _("冲抵预付"),
        _("拨付"),
        _("期限"),
    ]
    told = [
        [
            one.period,
            str(words.STATEMENTS[one.kind]),
            one.facility.name,
            str(words.INSURANCES[one.insurance]),
            one.cases,
            float(one.weights),
            *map(
                in_yuan, (one.total, one.by_item, one.fund, one.fund - one.by_item, one.deposit, one.offset, one.paid)
            ),
            one.due_on,
        ]
        for one in rows
    ]
    return spreadsheet(_("对账单"), header, told)


def _page(request: HttpRequest, *, refused: str = "", status: int = 200) -> HttpResponse:
    actor, today = actor_of(request), timezone.localdate(clock.now())
    year = _year(request)
    rows = queries.statements(actor, year)
    worth = queries.worth_counts([one.pk for one in rows])
    rule, edition, verified = Books().payment(today)
    context = {
        "section": "claims",
        "year": year,
        "years": [today.year - back for back in range(4)],
        "runs": _runs(rows, worth),
        "rule": rule,
        "edition": edition,
        "verified": verified,
        "may_pay": actor.may("claims.pay"),
        "months": range(1, 13),
        "refused": refused,
    }
    return render(request, "claims/statements.html", context, status=status)


@dataclass(frozen=True, slots=True)
class Run:
    """The statements of one kind and period together, amounts in fen."""

    period: str
    kind: str
    cases: int
    by_item: int
    fund: int
    paid: int
    lines: list[tuple[Statement, list[tuple[Any, int]], int]]

    @property
    def difference(self) -> int:
        return self.fund - self.by_item


def _runs(rows: list[Statement], worth: dict[int, dict[str, int]]) -> list[Run]:
    found: dict[tuple[str, str], list[Statement]] = {}
    for one in rows:
        found.setdefault((one.period, one.kind), []).append(one)
    return [
        Run(
            period, kind, sum(one.cases for one in held), sum(one.by_item for one in held),
            sum(one.fund for one in held), sum(one.paid for one in held),
            [(one, _worths(worth.get(one.pk, {})), one.fund - one.by_item) for one in held],
        )
        for (period, kind), held in found.items()
    ]  # fmt: skip


def _worths(counts: dict[str, int]) -> list[tuple[Any, int]]:
    return [(words.WORTHS[code], n) for code, n in sorted(counts.items()) if code != "normal"]


def _year(request: HttpRequest) -> int:
    given = request.POST.get("year") or request.GET.get("year", "")
    return int(given) if given.isdecimal() and len(given) == len("2026") else timezone.localdate(clock.now()).year


def _whole(request: HttpRequest, name: str, least: int, most: int) -> int:
    text = request.POST.get(name, "") or ("1" if name == "month" else "")
    if not text.isdecimal() or not least <= int(text) <= most:
        raise Invalid(Problem(name, _("应为 %(least)d 到 %(most)d 的数") % {"least": least, "most": most}))
    return int(text)
