"""The list of referrals."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from catchment.kernel import clock
from catchment.kernel.access import actor_of, needs
from catchment.rooms.referral import queries
from catchment.rooms.referral.rules import words
from catchment.rooms.referral.web.forms.referral import DRAFT
from catchment.rooms.referral.web.period import counted_from

PAGE = 20
FILTERS = ("side", "state", "direction", "text")


@needs("referral.read")
@require_http_methods(["GET", "POST"])
def show(request: HttpRequest) -> HttpResponse:
    """Referrals of this facility, newest first; or just those that a figure of the statistics was counted from."""
    actor = actor_of(request)
    given = request.POST if request.method == "POST" else request.GET
    chosen = {name: given.get(name, "").strip() for name in FILTERS} | {"text": request.POST.get("text", "").strip()}
    rows = queries.referrals(
        actor, side=chosen["side"], state=chosen["state"], direction=chosen["direction"], text=chosen["text"]
    )
    counted = counted_from(actor, request.GET, clock.now())
    if counted is not None:
        rows = rows.filter(pk__in=counted.rows.order_by().values("pk"))
    offset = _offset(request)
    found = list(rows[offset : offset + PAGE + 1])
    first = not offset and not any(chosen.values()) and counted is None
    context: dict[str, Any] = {
        "section": "referral",
        "referrals": found[:PAGE],
        "total": rows.count() if counted is not None or any(chosen.values()) else None,
        "chosen": chosen,
        "counted": counted,
        "states": words.STATES,
        "directions": words.DIRECTIONS,
        "kept": queries.kept_drafts(actor, DRAFT) if first else [],
        "sides": [(side, _query(request, side=side)) for side in ("", "sent", "received")],
        "query": _query(request) and f"{_query(request)}&",
        "next_offset": offset + PAGE if len(found) > PAGE else None,
        "previous_offset": max(0, offset - PAGE) if offset else None,
        "may_send": actor.may("referral.create"),
        "may_ask": actor.may("advice.read"),
    }
    return render(request, "referral/list.html", context)


def _offset(request: HttpRequest) -> int:
    given = request.GET.get("offset", "0")
    return min(int(given), 100_000) if given.isdecimal() else 0


def _query(request: HttpRequest, **changes: str) -> str:
    """The address's filters without the place in the list, with these changed."""
    given = request.GET.copy()
    given.pop("offset", None)
    for name, value in changes.items():
        given[name] = value
    return given.urlencode()
