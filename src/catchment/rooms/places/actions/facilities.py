"""Facilities, what they can do, whom they answer for, their services."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from catchment.kernel import audit
from catchment.kernel.actor import Actor
from catchment.kernel.errors import Invalid, Problem
from catchment.rooms.places import rules
from catchment.rooms.places.models import Area, Catchment, Facility, FacilityCapability, Organization, Service
from catchment.rooms.places.types import FacilityTold, ServiceTold
from catchment.standards.identity.names import search_tokens

CAPABILITY = "places.manage"
LONGEST_KEY = 200


def save_facility(*, actor: Actor, now: datetime, told: FacilityTold) -> Facility:
    """Make the facility of that code, or bring it up to what is told; capabilities and catchment are replaced.

    Raises `Invalid` by field, among them area and parent codes that are not known.
    """
    actor.require(CAPABILITY)
    with transaction.atomic():
        areas = {area.code: area for area in Area.objects.filter(code__in=(told.area_code, *told.catchment))}
        parent = Facility.objects.filter(code=told.parent_code).first() if told.parent_code else None
        _require_sound(told, set(areas), parent)
        facility, created = Facility.objects.update_or_create(
            code=told.code, defaults=_columns(told, areas[told.area_code], parent)
        )
        _replace_capabilities(facility, told.capabilities)
        _replace_catchment(facility, [areas[code] for code in told.catchment])
        event = "facility.create" if created else "facility.update"
        audit.record(actor=actor, event=event, at=now, subject=("facility", facility.pk))
    return facility


def save_service(*, actor: Actor, now: datetime, facility_id: int, told: ServiceTold) -> Service:
    """Make the facility's service of that code, or bring it up to what is told. Raises `Invalid` by field."""
    actor.require(CAPABILITY)
    problems = rules.problems_of_service(told)
    if not Facility.objects.filter(pk=facility_id).exists():
        problems.append(Problem("facility", _("没有这家机构，请重新选择")))
    if problems:
        raise Invalid(*problems)
    with transaction.atomic():
        columns = {name: getattr(told, name) for name in ServiceTold.__slots__ if name != "code"}
        service, created = Service.objects.update_or_create(facility_id=facility_id, code=told.code, defaults=columns)
        event = "service.create" if created else "service.update"
        audit.record(actor=actor, event=event, at=now, subject=("service", service.pk))
    return service


def _require_sound(told: FacilityTold, areas: set[str], parent: Facility | None) -> None:
    problems = rules.problems_of_facility(told)
    if told.area_code not in areas:
        problems.append(Problem("area_code", _("没有区划 %s，请先导入区划") % told.area_code))
    unknown = [code for code in told.catchment if code not in areas]
    if unknown:
        problems.append(Problem("catchment", _("没有区划 %s，请先导入区划") % "、".join(unknown)))
    if told.parent_code and parent is None:
        problems.append(Problem("parent_code", _("没有代码为 %s 的机构，请先登记上级机构") % told.parent_code))
    elif parent is not None and told.parent_code != told.code and _is_beneath(parent, told.code):
        problems.append(Problem("parent_code", _("%s 在本机构之下，不能作上级") % parent.name))
    if problems:
        raise Invalid(*problems)


def _is_beneath(facility: Facility, code: str) -> bool:
    seen: set[int] = set()
    at: Facility | None = facility
    while at is not None and at.pk not in seen:
        if at.code == code:
            return True
        seen.add(at.pk)
        at = at.parent
    return False


def _columns(told: FacilityTold, area: Area, parent: Facility | None) -> dict[str, object]:
    organization, _created = Organization.objects.get_or_create(
        code=told.organization_code or told.code,
        defaults={"name": told.organization_name or told.name, "kind": told.kind},
    )
    return {
        "organization": organization,
        "name": told.name.strip(),
        "short_name": told.short_name,
        "search_key": " ".join(search_tokens(told.name))[:LONGEST_KEY],
        "kind": told.kind,
        "level": told.level,
        "area": area,
        "parent": parent,
        "longitude": told.longitude,
        "latitude": told.latitude,
        "address": told.address,
        "phone": told.phone,
        "in_network": told.in_network,
        "active": told.active,
    }


def _replace_capabilities(facility: Facility, codes: frozenset[str]) -> None:
    rows = FacilityCapability.objects.filter(facility=facility)
    rows.exclude(code__in=codes).delete()
    missing = codes - set(rows.values_list("code", flat=True))
    FacilityCapability.objects.bulk_create(FacilityCapability(facility=facility, code=code) for code in sorted(missing))


def _replace_catchment(facility: Facility, areas: list[Area]) -> None:
    rows = Catchment.objects.filter(facility=facility)
    rows.exclude(area__in=areas).delete()
    known = set(rows.values_list("area_id", flat=True))
    Catchment.objects.bulk_create(Catchment(facility=facility, area=area) for area in areas if area.pk not in known)
