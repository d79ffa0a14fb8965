"""Answering a qualitative indicator."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from catchment.kernel import clock
from catchment.kernel.access import actor_of, needs
from catchment.kernel.errors import Invalid, Problem
from catchment.rooms.measures import actions
from catchment.rooms.measures.web.frame import asked_of


@needs("measures.answer")
@require_POST
def answer(request: HttpRequest, code: str) -> HttpResponse:
    """Keep an answer with its evidence, and lead back to the indicator."""
    actor = actor_of(request)
    asked = asked_of(request, actor)
    try:
        day = parse_date(request.POST.get("on", ""))
    except ValueError:
        day = None
    if day is None:
        raise Invalid(Problem("on", _("请填写日期，如 2026-01-01")))
    actions.answer_measure(
        actor=actor,
        now=clock.now(),
        name=asked.name,
        code=code,
        place=asked.place,
        answer=request.POST.get("answer", ""),
        evidence=request.POST.get("evidence", ""),
        on=day,
    )
    messages.success(request, _("已保存，旧的回答仍留在历史里"))
    return redirect(asked.url("measure", code))
