"""Recording a visit from the page of a person."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from catchment.kernel import clock
from catchment.kernel.access import actor_of, needs
from catchment.kernel.errors import Invalid
from catchment.rooms.record import actions, queries
from catchment.rooms.record.web.banner import shown
from catchment.rooms.record.web.forms import QuickVisit, draft_name
from catchment.rooms.staff import queries as staff


@needs("record.write")
@require_http_methods(["GET", "POST"])
def visit(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """The form alone; sent, one encounter with what was measured, and back to the person."""
    actor, now = actor_of(request), clock.now()
    found, banner = staff.person_in_care(public_id, timezone.localdate(now))
    form = QuickVisit(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.record_visit(
                actor=actor, now=now, person_id=found.pk, form=form.told(), key=str(form.cleaned_data["key"])
            )
        except Invalid as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("已记下。"))
            return redirect(reverse("person", args=[found.public_id]) + "?sent=1")
    context = {
        "section": "people",
        "person": found,
        "banner": shown(banner),
        "visit": form,
        "draft": draft_name(actor, found),
        "summary": queries.summary(found.pk, now=clock.now()),
    }
    return render(request, "record/visit.html", context, status=422 if form.errors else 200)
