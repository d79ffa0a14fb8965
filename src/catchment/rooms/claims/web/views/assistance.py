"""The insurance office takes the civil affairs office's list of who is helped, and sees what became of every row."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from catchment.kernel import clock, sheets, wall
from catchment.kernel.access import actor_of, needs
from catchment.kernel.errors import Invalid, Problem
from catchment.kernel.fates import Account
from catchment.rooms.claims import actions, queries
from catchment.rooms.claims.actions.making import DESK
from catchment.rooms.claims.rules.assistance import TITLES

MOST_BYTES, SOURCE = 5 * 1024 * 1024, "civil-affairs"


@needs("claims.oversee")
@require_GET
def show(request: HttpRequest) -> HttpResponse:
    """How many people are of which category today, and what stands rejected."""
    return _page(request)


@needs("claims.oversee")
@require_POST
def take(request: HttpRequest) -> HttpResponse:
    """Take a file, or try again what stands rejected."""
    actor, now = actor_of(request), clock.now()
    try:
        if request.POST.get("again"):
            account = actions.replay_entitlements(actor=actor, now=now, source=SOURCE)
        else:
            name, content = _file(request)
            account = actions.take_entitlements(actor=actor, now=now, source=SOURCE, name=name, content=content)
    except Invalid as refused:
        return _page(request, refused=refused, status=422)
    return _page(request, account=account)


@needs("claims.oversee")
@require_GET
def template(request: HttpRequest) -> HttpResponse:  # noqa: ARG001 every view takes it
    """An empty list with the titles."""
    return sheets.csv_answer("assistance.csv", [titles[0] for titles in TITLES.values()], [])


def _page(
    request: HttpRequest, *, account: Account | None = None, refused: Invalid | None = None, status: int = 200
) -> HttpResponse:
    today = timezone.localdate(clock.now())
    names, counts = queries.categories_on(today), queries.entitled_on(today)
    with wall.acting(DESK):
        standing = queries.unentitled_rows()
    context: dict[str, Any] = {
        "section": "claims",
        "today": today,
        "lines": [(names.get(code, code), counts.get(code, 0)) for code in {**names, **counts}],
        "account": account.as_dict() if account else None,
        "problems": refused.problems if refused else [],
        "standing": standing,
        "columns": TITLES,
    }
    return render(request, "claims/assistance.html", context, status=status)


def _file(request: HttpRequest) -> tuple[str, bytes]:
    given = request.FILES.get("file")
    if given is None:
        raise Invalid(Problem("file", _("请选择一个 xlsx 或 CSV 文件")))
    if (given.size or 0) > MOST_BYTES:
        raise Invalid(Problem("file", _("文件不能超过 5 MB，请拆分后再传")))
    return given.name or "", given.read()
