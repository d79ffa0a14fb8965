"""Questions about areas, facilities, services and networks."""

from dataclasses import fields
from datetime import date
from functools import lru_cache
from typing import Final

from django.db.models import Count, Min, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Length
from django.utils.translation import gettext as _

from catchment.kernel.errors import NotFound
from catchment.rooms.places.models import Area, Catchment, Facility, FacilityCapability, Membership, Network, Service
from catchment.rooms.places.types import PRIMARY_KINDS, FacilityKind, FacilityTold, Level, MemberRole, ServiceTold
from catchment.standards.geography.distance import distance_km
from catchment.standards.identity.names import normalise_query, search_tokens

COUNTY_DIGITS: Final = 6
TOWNSHIP_DIGITS: Final = 9
OUTLINES: Final = ("boundary", "parent__boundary", "parent__parent__boundary")
"""What is left in the database until it is asked for: an outline takes longer to read than all the rest of an area."""


def open_on(day: date) -> Q:
    """Filter for rows with a `since`/`until` period that covers the day (`until` exclusive, open when null)."""
    return Q(since__lte=day) & (Q(until__isnull=True) | Q(until__gt=day))


def area_by_code(code: str) -> Area:
    """The area of a 6, 9 or 12 digit code; `NotFound` when there is none."""
    area = Area.objects.select_related("parent__parent").defer(*OUTLINES).filter(code=code).first()
    if area is None:
        raise NotFound("no-such-area", _("没有找到这个区划"))
    return area


def area_around(facility_id: int | None) -> Area | None:
    """Where a facility stands, with the areas above; `None` for no facility."""
    rows = Facility.objects.select_related("area__parent__parent").filter(pk=facility_id or 0)
    found = rows.first()
    return found.area if found else None


def villages_near(area: Area | None, *, limit: int = 40) -> list[Area]:
    """The villages of the township that the area is or lies in, the area itself first; none for wider areas."""
    if area is None or Level(area.level).rank > Level.TOWNSHIP.rank:
        return []
    rows = Area.objects.filter(level=Level.VILLAGE, code__startswith=area.code[:TOWNSHIP_DIGITS])
    found = list(rows.select_related("parent").order_by("code")[:limit])
    return sorted(found, key=lambda one: one.pk != area.pk)


def villages_named(text: str, *, near: Area | None, limit: int = 20) -> list[Area]:
    """Villages by part of their own or their township's name or by code; those of the county of `near` first.

    By pinyin or initials they are found in that county alone.
    """
    bare = text.strip()
    county = near.code[:COUNTY_DIGITS] if near else ""
    if not bare:
        return []
    rows = Area.objects.filter(level=Level.VILLAGE).select_related("parent").order_by("code")
    if bare.isascii() and not bare.isdecimal():
        token = normalise_query(bare).token
        told = (one for one in rows.filter(code__startswith=county) if county)
        return [one for one in told if any(key.startswith(token) for key in _sounds(one.name))][:limit]
    found = rows.filter(Q(name__contains=bare) | Q(parent__name__contains=bare) | Q(code__startswith=bare))
    return sorted(found[: limit * 5], key=lambda one: not (county and one.code.startswith(county)))[:limit]


@lru_cache(maxsize=20_000)
def _sounds(name: str) -> tuple[str, ...]:
    return tuple(search_tokens(name))


def path_of(area: Area) -> list[Area]:
    """The areas from the topmost down to this one; one query a level that is not yet loaded."""
    path = [area]
    while path[0].parent is not None:
        path.insert(0, path[0].parent)
    return path


def areas_drawn(area_code: str = "") -> QuerySet[Area]:
    """Areas with a boundary to draw: counties and townships, or one area with what lies directly within it."""
    rows = Area.objects.filter(boundary__isnull=False).order_by("code")
    if area_code:
        return rows.filter(Q(code=area_code) | Q(parent__code=area_code))
    return rows.filter(level__in=(Level.COUNTY, Level.TOWNSHIP))


def facility_by_code(code: str) -> Facility:
    """The facility with its organisation and areas; `NotFound` when there is none."""
    loaded = "organization", "area__parent__parent", "parent"
    facility = Facility.objects.select_related(*loaded).filter(code=code).first()
    if facility is None:
        raise NotFound("no-such-facility", _("没有找到这家机构"))
    return facility


def kind_at(facility_id: int | None) -> str:
    """The kind of a facility; empty for none."""
    return Facility.objects.filter(pk=facility_id or 0).values_list("kind", flat=True).first() or ""


def facility_code(facility_id: int) -> str:
    return str(Facility.objects.values_list("code", flat=True).get(pk=facility_id))


def facility_exists(code: str) -> bool:
    return Facility.objects.filter(code=code).exists()


def facilities(
    *, text: str = "", kind: str = "", level: str = "", area_code: str = "", include_closed: bool = False
) -> QuerySet[Facility]:
    """Facilities by part of their name, its pinyin or initials, kind, level and area; highest level and code first.

    An area's code is the beginning of the codes of the areas within it.
    """
    rows = Facility.objects.select_related("area__parent", "organization")
    if not include_closed:
        rows = rows.filter(active=True)
    if kind:
        rows = rows.filter(kind=kind)
    if level:
        rows = rows.filter(level=level)
    if area_code:
        rows = rows.filter(area__code__startswith=area_code)
    if text.strip():
        token = normalise_query(text).token
        by_key = Q(search_key__contains=token) if token else Q()
        rows = rows.filter(Q(name__icontains=text.strip()) | Q(code__iexact=text.strip()) | by_key)
    return rows.order_by("area__code", "code")


def km_between(one: Facility, other: Facility) -> float | None:
    """Kilometres as the crow flies; `None` when either has no coordinates."""
    if one.longitude is None or one.latitude is None or other.longitude is None or other.latitude is None:
        return None
    return distance_km(one.longitude, one.latitude, other.longitude, other.latitude)


def networks() -> list[Network]:
    return list(Network.objects.order_by("kind", "code"))


def networks_with_members(day: date) -> list[tuple[Network, str, int]]:
    """Each network with its lead's name and how many members it has on the day, the lead counted; one query."""
    held = Membership.objects.filter(open_on(day), network_id=OuterRef("pk"))
    count = held.order_by().values("network_id").annotate(n=Count("id")).values("n")
    rows = Network.objects.annotate(
        lead=Subquery(held.filter(role=MemberRole.LEAD).values("facility__name")[:1]),
        size=Subquery(count),
    )
    return [(row, row.lead or "", row.size or 0) for row in rows.order_by("kind", "code")]


def network_by_code(code: str) -> Network:
    """The network of a code; `NotFound` when there is none."""
    network = Network.objects.filter(code=code).first()
    if network is None:
        raise NotFound("no-such-network", _("没有找到这个网络"))
    return network


def network_exists(code: str) -> bool:
    return Network.objects.filter(code=code).exists()


def membership(network_id: int, membership_id: int) -> Membership:
    """One period of a network; `NotFound` when it is another's."""
    found = Membership.objects.filter(network_id=network_id, pk=membership_id).first()
    if found is None:
        raise NotFound("not-found", _("没有找到这段成员关系"))
    return found


def specialties() -> list[tuple[str, str]]:
    """The specialties that services of facilities have, each with the name it goes by."""
    rows = Service.objects.filter(active=True).order_by().values("specialty").annotate(name=Min("name"))
    return sorted((row["specialty"], row["name"]) for row in rows)


def membership_history(facility_id: int) -> list[Membership]:
    """Every membership the facility ever had, latest first."""
    rows = Membership.objects.filter(facility_id=facility_id).select_related("network", "facility")
    return list(rows.order_by("-since", "-id"))


def members_of(network_id: int, day: date | None = None) -> list[Membership]:
    """A network's members on a day, or of all times; the lead first."""
    rows = Membership.objects.filter(network_id=network_id).select_related("facility__area", "network")
    if day is not None:
        rows = rows.filter(open_on(day))
    return list(rows.order_by("role", "facility__code", "since"))


def services_of(facility_id: int, *, include_closed: bool = False) -> list[Service]:
    """A facility's services, its clinics first."""
    rows = Service.objects.filter(facility_id=facility_id)
    return list((rows if include_closed else rows.filter(active=True)).order_by("inpatient", "code"))


def service_told(facility_id: int, code: str) -> ServiceTold | None:
    """What is known of the facility's service of that code, as it is told; `None` where there is none."""
    service = Service.objects.filter(facility_id=facility_id, code=code).first()
    return None if service is None else service_in_words(service)


def service_in_words(service: Service) -> ServiceTold:
    """A service as it is told."""
    return ServiceTold(**{name.name: getattr(service, name.name) for name in fields(ServiceTold)})


def capabilities_of(facility_id: int) -> frozenset[str]:
    return frozenset(FacilityCapability.objects.filter(facility_id=facility_id).values_list("code", flat=True))


def told_of(facility: Facility) -> FacilityTold:
    """What is known of a facility, as it is told; `facility` with its organisation, area and parent loaded."""
    same = {name.name: getattr(facility, name.name) for name in fields(FacilityTold) if hasattr(facility, name.name)}
    return FacilityTold(
        **{**same, "kind": FacilityKind(facility.kind), "level": Level(facility.level)},
        area_code=facility.area.code,
        organization_code=facility.organization.code,
        organization_name=facility.organization.name,
        parent_code=facility.parent.code if facility.parent else "",
        capabilities=capabilities_of(facility.pk),
        catchment=tuple(area.code for area in catchment_of(facility.pk)),
    )


def areas_called(text: str) -> list[Area]:
    """The area of a code, else those of a name; `text` may be a code with its name behind it."""
    code = _code_in(text)
    rows = Area.objects.filter(code=code) if code.isdecimal() else Area.objects.filter(name=text.strip())
    return list(rows.order_by("code")[:20])


def facilities_called(text: str) -> list[Facility]:
    """The facility of a code, else those of a name; `text` may be a code with its name behind it."""
    rows = Facility.objects.filter(Q(code=_code_in(text)) | Q(name=text.strip()))
    return list(rows.order_by("code")[:20])


def _code_in(text: str) -> str:
    return text.split(maxsplit=1)[0] if text.strip() else ""


def areas_to_choose(most: int) -> list[tuple[str, str]]:
    """Codes and names of areas, the larger ones first, at most so many."""
    rows = (
        Area.objects.annotate(size=Length("code")).order_by("size", "code").values_list("code", "name", "parent__name")
    )
    return [(code, f"{name} · {above}" if above else name) for code, name, above in rows[:most]]


def parents_to_choose(most: int) -> list[tuple[str, str]]:
    """Codes and names of open facilities above the village, at most so many."""
    rows = Facility.objects.filter(active=True).exclude(kind=FacilityKind.VILLAGE_CLINIC)
    return list(rows.order_by("code").values_list("code", "name")[:most])


def catchment_of(facility_id: int) -> list[Area]:
    """The areas whose residents the facility answers for."""
    ids = Catchment.objects.filter(facility_id=facility_id).values("area_id")
    return list(Area.objects.filter(pk__in=ids).order_by("code"))


def facilities_answering_for(area: Area) -> list[Facility]:
    """Facilities whose catchment holds the area or one above it, the nearest level first."""
    order = {one.pk: place for place, one in enumerate(reversed(path_of(area)))}
    rows = Catchment.objects.filter(area_id__in=order, facility__active=True).select_related("facility")
    return [row.facility for row in sorted(rows, key=lambda row: (order[row.area_id], row.facility.code))]


def primary_facilities(area: Area, *, limit: int = 12) -> list[Facility]:
    """Open primary facilities that may answer for people of the area, the likeliest first.

    Those whose catchment holds it, then those that stand in it, then those of its township.
    """
    answering = [one for one in facilities_answering_for(area) if one.kind in PRIMARY_KINDS]
    known = {one.pk for one in answering}
    rows = facilities(area_code=area.code[:TOWNSHIP_DIGITS]).filter(kind__in=PRIMARY_KINDS).exclude(pk__in=known)
    around = sorted(rows[: limit * 5], key=lambda one: (one.area_id != area.pk, one.level == Level.VILLAGE))
    return [*answering, *around][:limit]


def primary_facilities_named(text: str, *, limit: int = 12) -> list[Facility]:
    """Open primary facilities by part of their name, its pinyin or initials, or by code."""
    return list(facilities(text=text).filter(kind__in=PRIMARY_KINDS)[:limit]) if text.strip() else []
