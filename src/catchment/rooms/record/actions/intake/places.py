"""Taking places, in bulk: a facility for each organisation, and for each location that belongs to none."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import connection

from catchment.rooms.places.models import Area, Facility, Organization
from catchment.rooms.places.types import FacilityKind, Level
from catchment.rooms.record.actions.intake.bulk import insert
from catchment.rooms.record.actions.intake.directory import Directory
from catchment.rooms.record.actions.intake.entries import Entry
from catchment.rooms.record.models import MissingLink
from catchment.standards.identity import systems
from catchment.standards.identity.identifiers import IdentifierError, parse_credit_code

OUTSIDE_AREA = ("000000", "网络外（导入）")
TABLE = "places_facility"


def take_facilities(entries: Sequence[Entry], directory: Directory, now: datetime) -> None:  # noqa: ARG001 one shape for all
    """Organization and Location. One of a known organisation code is that facility; a Location of a known
    organisation is that one's, and tells where it stands.
    """
    changed = [entry for entry in entries if entry.row_id is not None]
    registered = _registered(entries)
    merged = []
    for entry in entries:
        owner = directory.find("facility", entry.links.get("facility"))
        if owner is not None:
            entry.row_id = owner
            merged.append(entry)
        elif entry.row_id is None:
            entry.row_id = next((registered[code] for _, code in entry.told["codes"] if code in registered), None)
    _make([entry for entry in entries if entry.row_id is None], directory)
    for entry in changed:
        if entry not in merged:
            Facility.objects.filter(pk=entry.row).update(**_columns(entry))
    _place(merged)
    for entry in entries:
        directory.add(entry.type, entry.key, entry.further_keys, entry.row)
    _set_parents([entry for entry in entries if entry not in merged], directory)


def _make(entries: Sequence[Entry], directory: Directory) -> None:
    if not entries:
        return
    codes = [directory.code_of(entry.type, entry.key) for entry in entries]
    kinds = [_kind(entry) for entry in entries]
    owners = [
        Organization(code=code, name=_name(entry), kind=kind, active=entry.told["active"])
        for entry, code, kind in zip(entries, codes, kinds, strict=True)
    ]
    insert(Organization, owners)
    common = {"level": Level.COUNTY, "area": _outside(), "in_network": False}
    made = [
        Facility(organization=owner, code=owner.code, kind=owner.kind, **common, **_columns(entry))
        for entry, owner in zip(entries, owners, strict=True)
    ]
    insert(Facility, made)
    for entry, facility in zip(entries, made, strict=True):
        entry.row_id = facility.pk


def _kind(entry: Entry) -> FacilityKind:
    return FacilityKind.INSURANCE_OFFICE if entry.told["insurer"] else FacilityKind.OTHER


def _name(entry: Entry) -> str:
    return str(entry.told["name"] or entry.key[:120])


def _columns(entry: Entry) -> dict[str, Any]:
    columns = {name: entry.told[name] for name in ("address", "phone", "longitude", "latitude", "active")}
    return {**columns, "name": _name(entry)}


def _registered(entries: Sequence[Entry]) -> Mapping[str, int]:
    """Facilities here by the organisation codes and unified social credit codes that were sent."""
    told = (pair for entry in entries for pair in entry.told["codes"])
    codes = {value for system, value in told if system == systems.ORGANISATION_CODE or _is_credit_code(value)}
    if not codes:
        return {}
    by_owner = Facility.objects.filter(organization__code__in=codes, parent__isnull=True).order_by("-pk")
    own = Facility.objects.filter(code__in=codes)
    return {**dict(by_owner.values_list("organization__code", "pk")), **dict(own.values_list("code", "pk"))}


def _is_credit_code(value: str) -> bool:
    try:
        parse_credit_code(value)
    except IdentifierError:
        return False
    return True


def _outside() -> Area:
    code, name = OUTSIDE_AREA
    return Area.objects.get_or_create(code=code, defaults={"name": name, "level": Level.COUNTY})[0]


def _place(merged: Sequence[Entry]) -> None:
    """Where a facility stands, when its own record does not say."""
    told = [entry for entry in merged if entry.told["longitude"] is not None]
    with connection.cursor() as cursor:
        cursor.execute(
            "update places_facility f set longitude = t.longitude, latitude = t.latitude"
            " from unnest(%s::bigint[], %s::float8[], %s::float8[]) t(id, longitude, latitude)"
            " where f.id = t.id and f.longitude is null",
            [
                [entry.row for entry in told],
                [entry.told["longitude"] for entry in told],
                [entry.told["latitude"] for entry in told],
            ],
        )


def _set_parents(entries: Sequence[Entry], directory: Directory) -> None:
    missing = []
    for entry in entries:
        key = entry.links.get("parent")
        parent = directory.find("parent", key)
        if parent is not None and parent != entry.row:
            Facility.objects.filter(pk=entry.row, parent__isnull=True).update(parent_id=parent)
        elif parent is None and key is not None:
            missing.append(directory.missing(TABLE, entry.row, "parent", key))
    MissingLink.objects.bulk_create(missing, ignore_conflicts=True)
