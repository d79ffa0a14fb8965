"""A person's page: who they are, what is known, what has happened."""

from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from catchment.kernel import audit, clock, panels
from catchment.kernel.access import actor_of, needs
from catchment.kernel.errors import Invalid, NotFound, Problem
from catchment.rooms.people import queries as people
from catchment.rooms.record import queries
from catchment.rooms.record.types import FactKind, Position, TimelineEntry
from catchment.rooms.record.web.banner import shown
from catchment.rooms.record.web.forms import QuickVisit, draft_name
from catchment.rooms.record.web.words import KINDS
from catchment.rooms.staff import queries as staff

PAGE = 30


@needs("people.read")
@require_GET
def person(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """The person page; opening it is written to the audit."""
    actor, now = actor_of(request), clock.now()
    actor.require("record.read")
    found, banner = staff.person_in_care(public_id, timezone.localdate(now))
    audit.record(actor=actor, event="person.read", at=now, person_id=found.pk)
    summary = queries.summary(found.pk, now=now)
    entries, years = queries.timeline_and_years(found.pk, **_wanted(request))
    context = {
        "section": "people",
        "person": found,
        "banner": shown(banner, summary.alerts, panels.gather("person-alerts", person=found, actor=actor)),
        "summary": summary,
        "panels": panels.gather("person", person=found, actor=actor),
        "visit": QuickVisit() if actor.may("record.write") and found.deceased_on is None else None,
        "draft": draft_name(actor, found),
        "sent": "sent" in request.GET,
        "seen_by": [word for _name, words in panels.gather("person-access", person=found) for word in words],
        "may_keep": actor.may("people.register"),
        "may_link": actor.may("consent.attend"),
        "years": years,
        **_page(request, entries),
    }
    return render(request, "record/person.html", context)


@needs("record.read")
@require_GET
def timeline(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """A further, older or filtered page of the timeline."""
    found = people.person_by_public_id(public_id)
    entries = queries.timeline(found.pk, **_wanted(request))
    return render(request, "record/timeline.html", {"person": found, **_page(request, entries)})


@needs("record.read")
@require_GET
def known(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """What was known of the person at the end of a day: later entries left out, later changes taken back."""
    actor, now = actor_of(request), clock.now()
    found, banner = staff.person_in_care(public_id, timezone.localdate(now))
    day = _day(request.GET.get("on", ""), timezone.localdate(now))
    end = timezone.make_aware(datetime.combine(day + timedelta(days=1), time.min))
    audit.record(actor=actor, event="person.read", at=now, person_id=found.pk, detail={"known_on": day.isoformat()})
    entries = [(one, *KINDS[FactKind(one.kind)]) for one in queries.known_on(found.pk, end)]
    context = {"section": "people", "person": found, "banner": shown(banner), "day": day, "entries": entries}
    return render(request, "record/known.html", context)


def _day(given: str, today: date) -> date:
    try:
        return min(date.fromisoformat(given), today) if given else today
    except ValueError:
        raise Invalid(Problem("on", _("日期应写作 2025-12-31"))) from None


def _wanted(request: HttpRequest) -> dict[str, Any]:
    """Which page of the timeline, with one entry more to know whether there is another."""
    kind = request.GET.get("kind", "")
    kinds = [FactKind(kind)] if kind in set(FactKind) else None
    return {"before": _before(request), "kinds": kinds, "limit": PAGE + 1}


def _page(request: HttpRequest, entries: list[TimelineEntry]) -> dict[str, Any]:
    kind, shown = request.GET.get("kind", ""), entries[:PAGE]
    return {
        "facts": [(one, *KINDS[one.kind]) for one in shown],
        "kinds": [(code.value, name) for code, (name, _icon) in KINDS.items()],
        "kind": kind,
        "before": int(before) if (before := request.GET.get("before", "")).isdecimal() else None,
        "older": str(shown[-1].position) if len(entries) > PAGE else "",
    }


def _before(request: HttpRequest) -> Position | None:
    given = request.GET.get("before", "")
    if not given:
        return None
    if given.isdecimal() and len(given) == 4:  # noqa: PLR2004 a year of the rail
        return Position.parse(f"{int(given) + 1}-01-01T00:00:00+08:00~~0")
    try:
        return Position.parse(given)
    except ValueError:
        raise NotFound("not-found", _("没有这一页")) from None
