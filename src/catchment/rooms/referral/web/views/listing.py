"""The list of referrals."""

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from catchment.kernel.access import actor_of, needs
from catchment.rooms.referral import queries
from catchment.rooms.referral.rules import words
from catchment.rooms.referral.web.forms.referral import DRAFT
from catchment.rooms.referral.web.period import counted_in

PAGE = 20
FILTERS = ("side", "state", "direction", "text")


@needs("referral.read")
def show(request: HttpRequest) -> HttpResponse:
    """Referrals of this facility, newest first; or just those that a figure of the statistics was counted from."""
    actor = actor_of(request)
    chosen = {name: request.GET.get(name, "").strip() for name in FILTERS}
    rows = queries.referrals(actor, **chosen)
    counted = counted_in(actor, request.GET)
    if counted is not None:
        rows = rows.filter(pk__in=counted.rows.values("pk"))
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    first = page.number == 1 and not any(chosen.values()) and counted is None
    context: dict[str, Any] = {
        "page": page,
        "chosen": chosen,
        "counted": counted,
        "states": words.STATES,
        "directions": words.DIRECTIONS,
        "kept": queries.kept_drafts(actor, DRAFT) if first else [],
        "query": _without_page(request),
        "sides": _sides(request),
    }
    return render(request, "referral/list.html", context)


def _sides(request: HttpRequest) -> list[tuple[str, str]]:
    """Each side's code with the address that shows it and keeps the other filters."""
    sides = []
    for side in ("", "sent", "received"):
        given = request.GET.copy()
        given.pop("page", None)
        given["side"] = side
        sides.append((side, given.urlencode()))
    return sides


def _without_page(request: HttpRequest) -> str:
    given = request.GET.copy()
    given.pop("page", None)
    return given.urlencode()
