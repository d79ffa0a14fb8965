"""Asking for a set to be computed."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from catchment.kernel import clock
from catchment.kernel.access import actor_of, needs
from catchment.rooms.measures import actions
from catchment.rooms.measures.web.frame import asked_of


@needs("measures.compute")
@require_POST
def compute(request: HttpRequest) -> HttpResponse:
    """Put the set and period before the background work, and lead back to the list."""
    actor = actor_of(request)
    asked = asked_of(request, actor)
    actions.ask_for_set(actor=actor, now=clock.now(), name=asked.name, period=asked.period)
    messages.info(request, _("已交后台计算，通常不到一分钟；算好后刷新本页即可看到。"))
    return redirect(asked.url("list"))
