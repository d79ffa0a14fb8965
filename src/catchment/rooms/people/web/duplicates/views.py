"""Reviewing suspected duplicates: side by side, merged or called distinct; merges undone."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from catchment.kernel import audit, clock, panels
from catchment.kernel.access import actor_of, needs
from catchment.kernel.errors import Refusal
from catchment.kernel.ui.paging import offset_of
from catchment.rooms.people import actions, queries
from catchment.rooms.people.models import Person, SuspectedMatch
from catchment.rooms.people.types import MatchState
from catchment.rooms.people.web.duplicates.words import said

PAGE = 40


@needs("people.match")
@require_GET
def waiting(request: HttpRequest) -> HttpResponse:
    """Suspected duplicates that wait for a decision, the likeliest first."""
    offset = offset_of(request)
    found = list(queries.suspected_matches()[offset : offset + PAGE + 1])
    context = {
        "section": "people",
        "lines": [(match, said(match.reasons)[:3]) for match in found[:PAGE]],
        "next_offset": offset + PAGE if len(found) > PAGE else None,
        "previous_offset": max(0, offset - PAGE) if offset else None,
        "query": "",
    }
    return render(request, "people/duplicates/waiting.html", context)


@needs("people.match")
@require_GET
def review(request: HttpRequest, match_id: int) -> HttpResponse:
    """Both records side by side. Looking is written to the audit of both people."""
    return _review(request, queries.suspected_match(match_id))


@needs("people.match")
@require_POST
def merge(request: HttpRequest, match_id: int) -> HttpResponse:
    """Merge the pair; `keep` names the side that stays."""
    match = queries.suspected_match(match_id)
    sides = {"left": (match.left_id, match.right_id), "right": (match.right_id, match.left_id)}
    keep, reason = request.POST.get("keep", ""), request.POST.get("reason", "").strip()
    if keep not in sides:
        return _review(request, match, problem=_("请选择保留哪一份档案"), reason=reason)
    kept_id, duplicate_id = sides[keep]
    try:
        actions.merge_people(
            actor=actor_of(request), now=clock.now(), kept_id=kept_id, duplicate_id=duplicate_id, reason=reason
        )
    except Refusal as refusal:
        return _review(request, match, problem=str(refusal), reason=reason, keep=keep)
    messages.success(request, _("两份档案已合并；如有误，可在“已合并”里撤销。"))
    return redirect("duplicates")


@needs("people.match")
@require_POST
def distinct(request: HttpRequest, match_id: int) -> HttpResponse:
    """Decide that the two are different people."""
    actions.mark_distinct(actor=actor_of(request), now=clock.now(), match_id=match_id)
    messages.success(request, _("已记为不同的两个人，以后不再提示。"))
    return redirect("duplicates")


@needs("people.match")
@require_GET
def merged(request: HttpRequest) -> HttpResponse:
    """The latest merges and how many rows each moved."""
    lines = [(one, sum(len(keys) for keys in one.moved.values())) for one in queries.merges()]
    return render(request, "people/duplicates/merged.html", {"section": "people", "lines": lines})


@needs("people.match")
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


def _review(
    request: HttpRequest, match: SuspectedMatch, *, problem: str = "", reason: str = "", keep: str = ""
) -> HttpResponse:
    actor, now = actor_of(request), clock.now()
    for person_id in (match.left_id, match.right_id):
        audit.record(actor=actor, event="person.compare", at=now, person_id=person_id, subject=("match", match.pk))
    decided = match.state != MatchState.SUSPECTED or bool(match.left.merged_into_id or match.right.merged_into_id)
    context = {
        "section": "people",
        "match": match,
        "sides": [_side("left", match.left), _side("right", match.right)],
        "fields": queries.compared(match),
        "reasons": said(match.reasons),
        "decided": decided,
        "problem": problem,
        "reason": reason,
        "keep": keep,
    }
    return render(request, "people/duplicates/review.html", context, status=422 if problem else 200)


def _side(name: str, person: Person) -> dict[str, Any]:
    return {
        "name": name,
        "person": person,
        "banner": {**_banner(person), **panels.merged("person-banner", person_id=person.pk)},
    }


def _banner(person: Person) -> dict[str, Any]:
    base = queries.banner(person)
    return {field: getattr(base, field) for field in base.__dataclass_fields__}
