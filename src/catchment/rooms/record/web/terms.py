"""Looking up a diagnosis or a medicine while a visit is typed: proposals, and the line with the one chosen."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from catchment.kernel import clock
from catchment.kernel.access import needs
from catchment.kernel.errors import NotFound
from catchment.rooms.record import queries
from catchment.rooms.record.web.forms import LOOKED_UP, QuickVisit


@needs("record.write")
@require_GET
def proposed(request: HttpRequest, field: str) -> HttpResponse:
    """What fits the text typed into a field of the visit."""
    text, day = request.GET.get(_field(field), "")[:80], timezone.localdate(clock.now())
    if not text.strip():
        found: list[dict[str, str]] = []
    elif field.startswith("diagnosis"):
        told = queries.diagnoses_matching(text, day)
        found = [{"title": name, "line": code, "value": f"{name} {code}"} for code, name in told]
    else:
        found = [{"title": one.zh, "line": one.dose, "value": one.zh} for one in queries.medicines_matching(text, day)]
    return render(request, "record/terms.html", {"found": found, "field": field, "text": text})


@needs("record.write")
@require_GET
def chosen(request: HttpRequest, field: str) -> HttpResponse:
    """The field anew, with what was chosen."""
    form = QuickVisit(initial={_field(field): request.GET.get("value", "")[:255]})
    context: dict[str, Any] = {"field": form[field]}
    return render(request, "record/term.html", context)


def _field(name: str) -> str:
    if name not in LOOKED_UP:
        raise NotFound("not-found", _("没有这一栏"))
    return name
