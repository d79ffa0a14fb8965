"""`Patient/{id}/$everything`: the person, all that is recorded of them, and the places and people it names."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest

from catchment.kernel.access import actor_of
from catchment.kernel.actor import Actor
from catchment.rooms.people.models import Person
from catchment.site.fhir.outcome import FhirError
from catchment.site.fhir.params import Date
from catchment.site.fhir.registry import Kind, kind_of, kinds

_REFERRED = ("PractitionerRole", "Practitioner", "Location", "Organization")
_KNOWN = {"start", "end", "_since", "_type", "_format", "_pretty"}


def everything(request: HttpRequest, person: Person) -> list[dict[str, Any]]:
    """The resources that the actor may read, the Patient first.

    `start` and `end` bound the record, `_since` the change, `_type` the types.
    """
    unknown = set(request.GET) - _KNOWN
    if unknown:
        raise FhirError(400, "not-supported", f"$everything has no parameter {', '.join(sorted(unknown))}")
    wanted = set(filter(None, request.GET.get("_type", "").split(",")))
    actor = actor_of(request)
    found: list[dict[str, Any]] = []
    tables = [table for kind in kinds() for table in (kind, kind.also) if table]
    for table in sorted(tables, key=lambda table: table.type != "Patient"):
        if table.person and actor.may(table.capability) and (not wanted or table.type in wanted):
            found += table.resources(_rows(request, table, person))
    return found + [one for one in _referred(found, actor) if not wanted or one["resourceType"] in wanted]


def _rows(request: HttpRequest, kind: Kind, person: Person) -> Any:
    rows = kind.rows(actor_of(request)).filter(**{kind.person: person.pk})
    bounds = (("start", kind.at, "ge"), ("end", kind.at, "le"), ("_since", kind.changed, "ge"))
    for name, column, prefix in bounds:
        text = request.GET.get(name)
        if text and column:
            rows = rows.filter(Date(column).matches(prefix + text, ""))
    return rows.order_by("pk")


def _referred(found: list[dict[str, Any]], actor: Actor) -> list[dict[str, Any]]:
    """Who and where the resources name, and whom and what those name in turn."""
    resources: list[dict[str, Any]] = []
    told: dict[str, set[int]] = {name: set() for name in _REFERRED}
    fresh = found
    while fresh:
        keys: dict[str, set[int]] = {name: set() for name in _REFERRED}
        _collect(fresh, keys)
        fresh = []
        for name in _REFERRED:
            kind = kind_of(name)
            if kind is not None and keys[name] - told[name]:
                fresh += kind.resources(kind.rows(actor).filter(pk__in=keys[name] - told[name]).order_by("pk"))
                told[name] |= keys[name]
        resources += fresh
    return resources


def _collect(value: Any, keys: dict[str, set[int]]) -> None:
    if isinstance(value, dict):
        kind, slash, key = str(value.get("reference") or "").partition("/")
        if slash and kind in keys and key.isdecimal():
            keys[kind].add(int(key))
        for inner in value.values():
            _collect(inner, keys)
    elif isinstance(value, list):
        for inner in value:
            _collect(inner, keys)


def bundle(kind: str, resources: list[dict[str, Any]], base: str, at: datetime, **more: Any) -> dict[str, Any]:
    """A searchset Bundle of resources, each under its own address."""
    entries = [
        {"fullUrl": f"{base}/{one['resourceType']}/{one['id']}", "resource": one, "search": {"mode": _mode(kind, one)}}
        for one in resources
    ]
    told = {"resourceType": "Bundle", "type": "searchset", "timestamp": at.isoformat(timespec="seconds"), **more}
    return {**told, "entry": entries} if entries else told


def _mode(kind: str, resource: dict[str, Any]) -> str:
    return "match" if resource["resourceType"] == kind else "include"
