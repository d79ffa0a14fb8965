"""Supplying figures of outside sources."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from catchment.kernel import clock, sheets
from catchment.kernel.access import actor_of, needs
from catchment.kernel.errors import Invalid, Problem
from catchment.rooms.measures import actions, queries

MOST_BYTES = 2_000_000


@needs("measures.supply")
@require_http_methods(["GET", "POST"])
def show(request: HttpRequest) -> HttpResponse:
    """Which figures can be supplied, which stand, which files came; taking a file."""
    problems: tuple[Problem, ...] = ()
    if request.method == "POST":
        try:
            name, content = _file(request)
            supply, _account = actions.supply_figures(
                actor=actor_of(request), now=clock.now(), name=name, content=content
            )
        except Invalid as refused:
            problems = refused.problems
        else:
            return redirect("measures:supply-account", supply_id=supply.pk)
    context = {
        "section": "measures",
        "wanted": queries.wanted_figures(timezone.localdate()),
        "standing": queries.figures()[:200],
        "supplies": queries.supplies(),
        "problems": problems,
        "place": queries.own_place(actor_of(request)),
        "year": timezone.localdate().year,
    }
    return render(request, "measures/supply.html", context, status=422 if problems else 200)


@needs("measures.supply")
@require_GET
def account(request: HttpRequest, supply_id: int) -> HttpResponse:
    """What became of every row of a file."""
    supply, rows = queries.supply_account(supply_id)
    return render(request, "measures/account.html", {"section": "measures", "supply": supply, "rows": rows})


@needs("measures.supply")
@require_GET
def template(request: HttpRequest) -> HttpResponse:
    """An empty file with a row for every figure that can be supplied, for the post's county and this year."""
    place, year = queries.own_place(actor_of(request)), timezone.localdate().year
    rows = [[one.code, place, year, "", one.zh] for one in queries.wanted_figures(timezone.localdate())]
    return sheets.csv_answer("figures.csv", ["figure", "place", "period", "value", "note"], rows)


def _file(request: HttpRequest) -> tuple[str, bytes]:
    given = request.FILES.get("file")
    if given is None:
        raise Invalid(Problem("file", _("请选择一个 xlsx 或 CSV 文件")))
    if (given.size or 0) > MOST_BYTES:
        raise Invalid(Problem("file", _("文件不能超过 2 MB")))
    return given.name or "", given.read()
