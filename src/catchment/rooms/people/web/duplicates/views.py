"""Reviewing suspected duplicates: side by side, merged or called distinct; merges undone."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from catchment.kernel import audit, clock, panels
from catchment.kernel.access import actor_of, needs
from catchment.kernel.errors import Invalid, Refusal
from catchment.kernel.ui.paging import offset_of
from catchment.rooms.people import actions, queries
from catchment.rooms.people.models import Person, SuspectedMatch
from catchment.rooms.people.queries import Pair
from catchment.rooms.people.rules import why_not_decided
from catchment.rooms.people.types import MatchState, PersonLine
from catchment.rooms.people.web.duplicates.words import said

PAGE = 40


@needs("people.compare")
@require_GET
def waiting(request: HttpRequest) -> HttpResponse:
    """Suspected duplicates that wait for a decision, the likeliest first."""
    offset = offset_of(request)
    found = queries.matches_of(actor_of(request), offset=offset, limit=PAGE + 1)
    context = {
        "section": "people",
        "lines": [(match, said(match.reasons)[:3]) for match in found[:PAGE]],
        "next_offset": offset + PAGE if len(found) > PAGE else None,
        "previous_offset": max(0, offset - PAGE) if offset else None,
        "query": "",
    }
    return render(request, "people/duplicates/waiting.html", context)


@needs("people.compare")
@require_GET
def review(request: HttpRequest, match_id: int) -> HttpResponse:
    """Both records side by side, or what is known of a pair of which one is another facility's alone. Looking is
    written to the audit of both people.
    """
    return _review(request, queries.pair_of(actor_of(request), match_id))


@needs("people.compare")
@require_POST
def merge(request: HttpRequest, match_id: int) -> HttpResponse:
    """Merge the pair; `keep` names the side that stays."""
    pair = queries.pair_of(actor_of(request), match_id)
    match = pair.match
    sides = {"left": (match.left_id, match.right_id), "right": (match.right_id, match.left_id)}
    keep, reason = request.POST.get("keep", ""), request.POST.get("reason", "").strip()
    if keep not in sides:
        return _review(request, pair, problem=_("请选择保留哪一份档案"), reason=reason)
    kept_id, duplicate_id = sides[keep]
    try:
        actions.merge_people(
            actor=actor_of(request), now=clock.now(), kept_id=kept_id, duplicate_id=duplicate_id, reason=reason
        )
    except Refusal as refusal:
        return _review(request, pair, problem=str(refusal), reason=reason, keep=keep)
    messages.success(request, _("两份档案已合并；如有误，可在“已合并”里撤销。"))
    return redirect("duplicates")


@needs("people.compare")
@require_POST
def distinct(request: HttpRequest, match_id: int) -> HttpResponse:
    """Decide that the two are different people."""
    try:
        actions.mark_distinct(actor=actor_of(request), now=clock.now(), match_id=match_id)
    except Refusal as refusal:
        return _review(request, queries.pair_of(actor_of(request), match_id), problem=str(refusal))
    messages.success(request, _("已记为不同的两个人，以后不再提示。"))
    return redirect("duplicates")


@needs("people.compare")
@require_POST
def send(request: HttpRequest, match_id: int) -> HttpResponse:
    """Ask whoever decides about everybody to decide the pair."""
    actor, note = actor_of(request), request.POST.get("note", "").strip()
    try:
        actions.send_match(actor=actor, now=clock.now(), match_id=match_id, note=note)
    except Invalid as refusal:
        return _review(request, queries.pair_of(actor, match_id), problem=str(refusal))
    messages.success(request, _("已提交核对，处理后从“疑似重复”里消失。"))
    return redirect("duplicates")


@needs("people.compare")
@require_GET
def merged(request: HttpRequest) -> HttpResponse:
    """The latest merges and how many rows each moved."""
    lines = [(one, sum(len(keys) for keys in one.moved.values())) for one in queries.merges()]
    return render(request, "people/duplicates/merged.html", {"section": "people", "lines": lines})


@needs("people.compare")
@require_POST
def undo(request: HttpRequest, merge_id: int) -> HttpResponse:
    """Undo a merge; what the person kept has gained since is told."""
    try:
        done = actions.unmerge_people(actor=actor_of(request), now=clock.now(), merge_id=merge_id)
    except Refusal as refusal:
        messages.error(request, str(refusal))
        return redirect("merges")
    back, since = sum(done.restored.values()), sum(len(keys) for keys in done.added.values())
    told = _("合并已撤销：%(back)s 条记录已归还，合并后新增的 %(since)s 条仍留在保留的档案。")
    messages.success(request, told % {"back": back, "since": since})
    return redirect("merges")


def _review(request: HttpRequest, pair: Pair, *, problem: str = "", reason: str = "", keep: str = "") -> HttpResponse:
    actor, now, match = actor_of(request), clock.now(), pair.match
    for person_id in (match.left_id, match.right_id):
        audit.record(actor=actor, event="person.compare", at=now, person_id=person_id, subject=("match", match.pk))
    today = timezone.localdate(now)
    decided = match.state != MatchState.SUSPECTED or bool(match.left.merged_into_id or match.right.merged_into_id)
    context = {
        "section": "people",
        "match": match,
        "both_seen": pair.both_seen,
        "sides": [_side("left", match.left, today), _side("right", match.right, today)] if pair.both_seen else [],
        "lines": [] if pair.both_seen else _lines(match),
        "fields": queries.compared(match) if pair.both_seen else [],
        "why_not": why_not_decided(actor, queries.facilities_of(match)),
        "reasons": said(match.reasons),
        "decided": decided,
        "problem": problem,
        "reason": reason,
        "keep": keep,
    }
    return render(request, "people/duplicates/review.html", context, status=422 if problem else 200)


def _lines(match: SuspectedMatch) -> list[PersonLine]:
    """Both as a search shows them."""
    found = (queries.found_line(one.public_id) for one in (match.left, match.right))
    return [line for _row, line in filter(None, found)]


def _side(name: str, person: Person, day: date) -> dict[str, Any]:
    return {
        "name": name,
        "person": person,
        "banner": {**_banner(person), **panels.merged("person-banner", person_id=person.pk, day=day)},
    }


def _banner(person: Person) -> dict[str, Any]:
    base = queries.banner(person)
    return {field: getattr(base, field) for field in base.__dataclass_fields__}
