"""Screening for disease control: the people behind a figure by pseudonym, and taking one up for a follow-up."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.http import require_GET, require_http_methods

from catchment.kernel import audit, clock, wall
from catchment.kernel.access import actor_of, needs
from catchment.kernel.errors import Invalid
from catchment.kernel.ui.paging import offset_of
from catchment.rooms.screening import actions, queries
from catchment.rooms.screening.rules import words
from catchment.rooms.screening.rules.work import FOLLOW
from catchment.rooms.screening.web.views.programmes import SYSTEM, programme_of

PAGE = 50


@require_GET
@needs("screening.follow")
def people(request: HttpRequest, code: str) -> HttpResponse:
    """The cases behind one figure of the county; that they were listed is noted."""
    actor, now = actor_of(request), clock.now()
    programme, stage, offset = programme_of(code), request.GET.get("stage", ""), offset_of(request)
    with wall.acting(SYSTEM):
        found = list(queries.to_follow(actor, programme, stage)[offset : offset + PAGE + 1])
    lines = queries.follow_lines(actor, found[:PAGE], timezone.localdate(now))
    detail = {"programme": code, "stage": stage, "people": [case.person_id for case in found[:PAGE]]}
    audit.record(actor=actor, event="screening.list", at=now, detail=detail)
    context = {
        "section": "screening",
        "programme": programme,
        "stage": words.STAGES[stage],
        "lines": lines,
        "kind": FOLLOW.code,
        "query": f"{urlencode({'stage': stage})}&",
        "next_offset": offset + PAGE if len(found) > PAGE else None,
        "previous_offset": max(0, offset - PAGE) if offset else None,
    }
    return render(request, "screening/to_follow.html", context)


@require_http_methods(["GET", "POST"])
@needs("screening.follow")
def follow(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Take one person's screening up as a case of the office, with the reason."""
    actor, now = actor_of(request), clock.now()
    problem = ""
    if request.method == "POST":
        try:
            actions.follow(actor=actor, now=now, public_id=public_id, reason=request.POST.get("reason", ""))
        except Invalid as refusal:
            problem = str(refusal)
        else:
            return redirect("case", kind=FOLLOW.code, ref=str(public_id))
    with wall.acting(SYSTEM):
        case = queries.case_to_follow(actor, public_id)
    line = queries.follow_lines(actor, [case], timezone.localdate(now))[0]
    context = {
        "section": "screening",
        "line": line,
        "programme": programme_of(case.programme),
        "kind": FOLLOW.code,
        "problem": problem,
        "typed": request.POST.get("reason", ""),
    }
    return render(request, "screening/follow.html", context, status=422 if problem else 200)
