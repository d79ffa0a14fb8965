"""Finding a resident."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET, require_http_methods

from catchment.kernel import audit, clock
from catchment.kernel.access import actor_of, needs
from catchment.rooms.people import queries

MOST = 30


@needs("people.search")
@require_http_methods(["GET", "POST"])
def search(request: HttpRequest) -> HttpResponse:
    """Search by name, pinyin, initials, phone or any number; through HTMX only the list.

    What is searched for comes in the body alone: an address is kept in histories and logs.
    """
    text = request.POST.get("q", "").strip()[:60]
    actor = actor_of(request)
    found = queries.search(actor, text, limit=MOST) if text else []
    if text:
        audit.record(actor=actor, event="people.search", at=clock.now(), detail={"found": len(found)})
    context = {
        "section": "people",
        "q": text,
        "people": found,
        "most": MOST,
        "may_register": actor.may("people.register"),
    }
    part = request.headers.get("HX-Request") == "true"
    return render(request, "people/found.html" if part else "people/search.html", context)


@needs("people.search")
@require_GET
def scan(request: HttpRequest) -> HttpResponse:
    """For a scanner that types: the number it reads goes into the search field."""
    return render(request, "people/scan.html", {"section": "scan"})
