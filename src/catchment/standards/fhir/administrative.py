"""People, places and staff of FHIR R4 in the columns of those rooms."""

from dataclasses import dataclass
from typing import Any

from catchment.standards.fhir.reading import (
    Reading,
    Resource,
    Scope,
    address_text,
    clipped,
    code_of,
    coded,
    coded_columns,
    contact,
    first_of,
    link_to,
    name_text,
)
from catchment.standards.fhir.times import day, moment

_GB_SEX = {"1": "male", "01": "male", "2": "female", "02": "female"}
"""GB/T 2261.1, as Chinese profiles carry the sex in an extension."""
_INSURERS = {"ins", "pay"}


@dataclass(frozen=True, slots=True)
class Number:
    """One identifier of a person: `system` as sent, `type` the code of its kind where one is told."""

    system: str
    value: str
    type: str


def patient(resource: Resource, scope: Scope) -> Reading:
    """Patient: the name people use, further names, numbers and contacts beside it."""
    fields = {
        "name": clipped(name_text(resource.get("name")), 120),
        "sex": _sex(resource),
        "birth_date": day(resource["birthDate"]) if resource.get("birthDate") else None,
        "deceased_on": moment(resource["deceasedDateTime"]).date() if resource.get("deceasedDateTime") else None,
        "address": address_text(first_of(resource.get("address"))),
        "phone": clipped(contact(resource.get("telecom")), 40),
        "names": [_name_row(name) for name in resource.get("name") or []],
        "numbers": _numbers(resource),
        "contacts": _contacts(resource),
    }
    return Reading(fields, {"facility": link_to(scope)(resource.get("managingOrganization"))})


def _sex(resource: Resource) -> str:
    plain = code_of(resource, "gender", "")
    extensions = (resource.get("_gender") or {}).get("extension") or []
    codes = (str(extension.get("valueCoding", {}).get("code")) for extension in extensions)
    return plain or next((_GB_SEX[code] for code in codes if code in _GB_SEX), "unknown")


def _name_row(name: Resource) -> dict[str, str]:
    return {
        "use": clipped(name.get("use") or "usual", 16),
        "text": clipped(name_text([name]), 120),
        "family": clipped(name.get("family") or "", 60),
        "given": clipped(" ".join(part for part in name.get("given") or [] if part), 60),
    }


def _numbers(resource: Resource) -> list[Number]:
    found = (identifier for identifier in resource.get("identifier") or [] if identifier.get("value"))
    return [
        Number(
            clipped(identifier.get("system") or "", 120),
            clipped(str(identifier["value"]).strip(), 120),
            coded(identifier.get("type")).code,
        )
        for identifier in found
    ]


def _contacts(resource: Resource) -> list[dict[str, str]]:
    points = [
        {"kind": clipped(p.get("system") or "other", 12), "value": clipped(p["value"], 200), "use": p.get("use") or ""}
        for p in resource.get("telecom") or []
        if p.get("value")
    ]
    homes = [(address_text(address), address.get("use") or "") for address in resource.get("address") or []]
    return points[1:] + [{"kind": "address", "value": text, "use": use} for text, use in homes[1:] if text]


def organization(resource: Resource, scope: Scope) -> Reading:
    """Organization: a legal body and the facility it runs."""
    types = {coding.get("code") for concept in resource.get("type") or [] for coding in concept.get("coding") or []}
    fields = {
        "name": clipped(resource.get("name") or first_of(resource.get("identifier")).get("value") or "", 120),
        "insurer": bool(types & _INSURERS),
        "active": resource.get("active", True),
        "address": address_text(first_of(resource.get("address"))),
        "phone": clipped(contact(resource.get("telecom")), 40),
        "codes": [(number.system, number.value) for number in _numbers(resource)],
        "longitude": None,
        "latitude": None,
    }
    return Reading(fields, {"parent": link_to(scope)(resource.get("partOf"))})


def location(resource: Resource, scope: Scope) -> Reading:
    """Location: belongs to the facility of its managing organisation where it has one."""
    position = resource.get("position") or {}
    fields: dict[str, Any] = {
        "name": clipped(resource.get("name") or resource.get("description") or "", 120),
        "insurer": False,
        "active": code_of(resource, "status", "active") != "inactive",
        "address": address_text(resource.get("address")),
        "phone": clipped(contact(resource.get("telecom")), 40),
        "codes": [],
        "longitude": position.get("longitude"),
        "latitude": position.get("latitude"),
    }
    to = link_to(scope)
    return Reading(fields, {"facility": to(resource.get("managingOrganization")), "parent": to(resource.get("partOf"))})


def practitioner(resource: Resource, scope: Scope) -> Reading:  # noqa: ARG001 all readers take a scope
    """Practitioner with qualifications."""
    held = [_qualification(part) for part in resource.get("qualification") or []]
    fields = {
        "name": clipped(name_text(resource.get("name")), 80),
        "sex": _sex(resource),
        "title": clipped(held[0]["kind"] if held else "", 40),
        "phone": clipped(contact(resource.get("telecom")), 40),
        "active": resource.get("active", True),
        "qualifications": held,
    }
    return Reading(fields)


def _qualification(part: Resource) -> dict[str, Any]:
    period = part.get("period") or {}
    return {
        "kind": clipped(coded(part.get("code")).display, 40),
        "number": clipped(first_of(part.get("identifier")).get("value") or "", 60),
        "issuer": clipped((part.get("issuer") or {}).get("display") or "", 120),
        "since": moment(period["start"]).date() if period.get("start") else None,
        "until": moment(period["end"]).date() if period.get("end") else None,
    }


def practitioner_role(resource: Resource, scope: Scope) -> Reading:
    """PractitionerRole: a post, for the period it is held."""
    to, period = link_to(scope), resource.get("period") or {}
    fields = {
        "since": moment(period["start"]).date() if period.get("start") else None,
        "until": moment(period["end"]).date() if period.get("end") else None,
        "active": resource.get("active", True),
    }
    place = to(first_of(resource.get("location")))
    return Reading(
        fields,
        {"practitioner": to(resource.get("practitioner")), "facility": to(resource.get("organization")) or place},
    )


def medication(resource: Resource, scope: Scope) -> Reading:  # noqa: ARG001 all readers take a scope
    """Medication: the name that prescriptions refer to."""
    return Reading(dict(coded_columns(resource.get("code"))))
