"""The board, and the notices."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from catchment.kernel import audit, clock
from catchment.kernel.access import actor_of, needs
from catchment.kernel.ui.paging import offset_of, without_offset
from catchment.rooms.board import actions, queries
from catchment.rooms.board.types import View
from catchment.rooms.record import queries as record
from catchment.rooms.staff import queries as staff

PAGE = 40
NAMES = {View.MINE: _("我的"), View.FACILITY: _("本机构"), View.OVERDUE: _("逾期"), View.WAITING: _("等他人")}


@needs("board.read")
@require_http_methods(["GET", "POST"])
def board(request: HttpRequest) -> HttpResponse:
    """What waits, in the order in which it matters. Through HTMX only the part that changes.

    Words to narrow it by may be a name, and come in the body: an address is kept in histories and logs.
    """
    actor, now = actor_of(request), clock.now()
    given = request.POST if request.method == "POST" else request.GET
    view = _view(given.get("view", ""))
    kind, priority = given.get("kind", ""), given.get("priority", "")
    text, offset = request.POST.get("text", "").strip(), offset_of(request)
    found = queries.lines(actor, view, now=now, kind=kind, priority=priority, text=text, offset=offset, limit=PAGE + 1)
    counts = queries.counts(actor, now)
    context = {
        "section": "board",
        "lines": found[:PAGE],
        "views": [(one.value, NAMES[one], counts[one]) for one in View],
        "view": view.value,
        "facets": queries.facets(actor, view, now),
        "chosen": {"kind": kind, "priority": priority, "text": text},
        "version": queries.version(actor),
        "next_offset": offset + PAGE if len(found) > PAGE else None,
        "previous_offset": max(0, offset - PAGE) if offset else None,
        "query": without_offset(request),
    }
    part = request.headers.get("HX-Request") == "true" and request.headers.get("HX-Boosted") != "true"
    return render(request, "board/part.html" if part else "board/board.html", context)


@needs("board.read")
@require_GET
def preview(request: HttpRequest, item_id: int) -> HttpResponse:
    """One line beside the list: what is asked and, for a post that reads records, what is known of the person."""
    actor, now = actor_of(request), clock.now()
    line = queries.line(actor, item_id)
    context: dict[str, Any] = {"line": line}
    if line.person_public_id and actor.may("record.read"):
        person, banner = staff.person_in_care(line.person_public_id, timezone.localdate(now))
        audit.record(actor=actor, event="person.preview", at=now, person_id=person.pk, subject=("work", item_id))
        context |= {"banner": banner, "summary": record.summary(person.pk, now=now)}
    return render(request, "board/preview.html", context)


@needs("board.read")
@require_GET
def changed(request: HttpRequest) -> HttpResponse:
    """The board's version when it differs from the one given, else 204."""
    version = queries.version(actor_of(request))
    if version == request.GET.get("version"):
        return HttpResponse(status=204)
    return HttpResponse(version, content_type="text/plain")


@needs("board.read")
@require_GET
def notices(request: HttpRequest) -> HttpResponse:
    """The latest notices for this post and its facility."""
    context = {"section": "board", "notices": queries.notices(actor_of(request), limit=100)}
    return render(request, "board/notices.html", context)


@needs("board.read")
@require_POST
def read_notice(request: HttpRequest, notice_id: int) -> HttpResponse:
    """Mark a notice read and go to what it is about."""
    actions.read_notice(actor=actor_of(request), now=clock.now(), notice_id=notice_id)
    return redirect("notices")


def _view(word: str) -> View:
    return View(word) if word in set(View) else View.MINE
