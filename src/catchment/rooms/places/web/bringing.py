"""Bringing areas, facilities and services as files: every row accounted for, what is rejected mended on the page."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from catchment.kernel import clock, sheets
from catchment.kernel.access import actor_of, needs
from catchment.kernel.errors import Invalid, Problem
from catchment.rooms.places import actions
from catchment.rooms.places.rules import rows
from catchment.rooms.places.web import surveying

MOST_BYTES = 5 * 1024 * 1024
MENDED = "mended.csv"


@dataclass(frozen=True, slots=True)
class Brought:
    """One file's account, and its rejected rows as CSV to be mended; empty where none was."""

    name: str
    account: dict[str, Any]
    again: str


@needs("places.manage")
@require_http_methods(["GET", "POST"])
def bring(request: HttpRequest) -> HttpResponse:
    """The page; a POST takes the files chosen, or rejected rows that were mended on the page.

    Of areas (`what`) each row's fate is shown first, unless they are to be taken (`act`).
    """
    brought: list[Brought] = []
    surveyed: surveying.Surveyed | None = None
    problems: tuple[Problem, ...] = ()
    of_areas = request.POST.get("what") == "areas"
    if request.method == "POST":
        try:
            if of_areas:
                surveyed = _surveyed(request)
            else:
                brought = _brought(request)
        except Invalid as refused:
            problems = refused.problems
    context = {
        "section": "places",
        "brought": brought,
        "surveyed": surveyed,
        "of_areas": of_areas,
        "datums": surveying.DATUMS.items(),
        "chosen": request.POST,
        "problems": problems,
        "mended": request.POST.get("mended", "") if problems else "",
        "facility_columns": rows.FACILITY.values(),
        "service_columns": rows.SERVICE.values(),
    }
    failed = problems or any(one.again for one in brought) or (surveyed and surveyed.kept and surveyed.account.rejected)
    return render(request, "places/bring.html", context, status=422 if failed else 200)


def _surveyed(request: HttpRequest) -> surveying.Surveyed:
    options = surveying.options_in(request)
    files = _files(request, surveying.MOST_BYTES, _("请选择村居名单（CSV）或边界（GeoJSON）文件"))
    return surveying.survey(request, files, options, keep=request.POST.get("act") == "take")


def _brought(request: HttpRequest) -> list[Brought]:
    files = _files(request, MOST_BYTES, _("请选择一个 xlsx 或 CSV 文件"))
    told = actions.import_places(actor=actor_of(request), now=clock.now(), files=files.items())
    return [
        Brought(
            name,
            account.as_dict(),
            sheets.rejected_csv(name, files[name], account.rejections) if account.rejections else "",
        )
        for name, account in told
    ]


def _files(request: HttpRequest, most: int, none: str) -> dict[str, bytes]:
    """The files that were sent by name, or the mended rows as one; `Invalid` for none or too much."""
    given = request.FILES.getlist("file")
    if sum(one.size or 0 for one in given) > most:
        raise Invalid(Problem("file", _("文件不能超过 %s MB，请拆分后再传") % (most // 1024 // 1024)))
    files = {one.name or f"{place}.csv": one.read() for place, one in enumerate(given)}
    mended = request.POST.get("mended", "")
    if mended.strip():
        files[MENDED] = mended.encode()
    if not files:
        raise Invalid(Problem("file", none))
    return files
