"""Facilities and networks."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from catchment.kernel import panels
from catchment.kernel.access import actor_of, needs
from catchment.kernel.ui.paging import offset_of, without_offset
from catchment.rooms.places import queries, rules
from catchment.rooms.places.models import Facility, Membership
from catchment.rooms.places.types import FacilityKind

PAGE = 40
DOTS = (
    (FacilityKind.HOSPITAL, "#123f40"),
    (FacilityKind.TOWNSHIP_CENTRE, "#2c5a97"),
    (FacilityKind.VILLAGE_CLINIC, "#9a7433"),
)


@needs("places.read")
@require_GET
def facilities(request: HttpRequest) -> HttpResponse:
    """Facilities by name, pinyin or initials and kind; through HTMX only the list."""
    text, kind = request.GET.get("q", "").strip()[:60], request.GET.get("kind", "")
    area, offset = request.GET.get("area", "")[:12], offset_of(request)
    found = list(queries.facilities(text=text, kind=kind, area_code=area)[offset : offset + PAGE + 1])
    context = {
        "section": "places",
        "keeps": _keeps(request),
        "q": text,
        "kind": kind,
        "area": area,
        "path": queries.path_of(queries.area_by_code(area)) if area else [],
        "dots": DOTS,
        "kinds": list(rules.KINDS.items()),
        "lines": [(one, rules.label(rules.KINDS, one.kind)) for one in found[:PAGE]],
        "next_offset": offset + PAGE if len(found) > PAGE else None,
        "previous_offset": max(0, offset - PAGE) if offset else None,
        "query": without_offset(request),
    }
    part = request.headers.get("HX-Request") == "true"
    return render(request, "places/found.html" if part else "places/facilities.html", context)


@needs("places.read")
@require_GET
def facility(request: HttpRequest, code: str) -> HttpResponse:
    """One facility: where it is, what it can do, whom it answers for, its networks then and now, who works there."""
    found, today = queries.facility_by_code(code), timezone.localdate()
    own = Facility.objects.select_related("area").filter(pk=actor_of(request).facility_id or 0).first()
    context = {
        "section": "places",
        "facility": found,
        "keeps": _keeps(request),
        "kind": rules.label(rules.KINDS, found.kind),
        "level": rules.label(rules.LEVELS, found.level),
        "path": queries.path_of(found.area),
        "km": queries.km_between(own, found) if own and own.pk != found.pk else None,
        "capabilities": sorted(rules.label(rules.CAPABILITIES, one) for one in queries.capabilities_of(found.pk)),
        "services": queries.services_of(found.pk),
        "catchment": queries.catchment_of(found.pk),
        "memberships": [_period(one) for one in queries.membership_history(found.pk)],
        "panels": panels.gather("facility", facility_id=found.pk, day=today, actor=actor_of(request)),
    }
    return render(request, "places/facility.html", context)


@needs("places.read")
@require_GET
def networks(request: HttpRequest) -> HttpResponse:
    """Every network with its lead and how many members it has today."""
    today = timezone.localdate()
    counted = queries.networks_with_members(today)
    lines = [(one, rules.label(rules.NETWORKS, one.kind), lead, count) for one, lead, count in counted]
    return render(request, "places/networks.html", {"section": "places", "lines": lines, "keeps": _keeps(request)})


@needs("places.read")
@require_GET
def network(request: HttpRequest, code: str) -> HttpResponse:
    """One network: its members today and those of former times."""
    found, today = queries.network_by_code(code), timezone.localdate()
    periods = [_period(one) for one in queries.members_of(found.pk)]
    context = {
        "section": "places",
        "network": found,
        "keeps": _keeps(request),
        "kind": rules.label(rules.NETWORKS, found.kind),
        "today": today,
        "open": [one for one in periods if one["since"] <= today and (one["until"] is None or one["until"] > today)],
        "other": [one for one in periods if one["since"] > today or (one["until"] and one["until"] <= today)],
    }
    return render(request, "places/network.html", context)


def _keeps(request: HttpRequest) -> bool:
    return actor_of(request).may("places.manage")


def _period(membership: Membership) -> dict[str, Any]:
    return {
        "network": membership.network,
        "facility": membership.facility,
        "role": rules.label(rules.ROLES, membership.role),
        "leads": membership.role == "lead",
        "kind": rules.label(rules.NETWORKS, membership.network.kind),
        "since": membership.since,
        "until": membership.until,
    }
