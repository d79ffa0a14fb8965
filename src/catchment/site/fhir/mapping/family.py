"""Patient, Organization, Location, Practitioner, PractitionerRole."""

from typing import Any

from catchment.rooms.people.models import Person, PersonIdentifier
from catchment.rooms.people.types import IdentifierSystem
from catchment.rooms.places.models import Facility, Organization
from catchment.rooms.places.types import FacilityKind
from catchment.rooms.staff.models import Post, Practitioner
from catchment.rooms.staff.rules import role_label
from catchment.site.fhir.mapping.shapes import address, concept, meta, pruned, reference, telecom
from catchment.standards.identity import systems

REGISTERS = {
    IdentifierSystem.RESIDENT_ID.value: systems.RESIDENT_ID,
    IdentifierSystem.HEALTH_CARD.value: systems.HEALTH_CARD,
}
"""The URIs of the national registers; other numbers are told apart by their assigner."""
ORGANIZATION_TYPE = "http://terminology.hl7.org/CodeSystem/organization-type"


def patient(row: Person) -> dict[str, Any]:
    """Patient: `identifiers` and the responsible facility come with the row."""
    facility = row.primary_facility
    return pruned(
        {
            "resourceType": "Patient",
            "id": str(row.public_id),
            "meta": meta(row.updated_at),
            "identifier": [_identifier(number) for number in row.identifiers],  # type: ignore[attr-defined]
            "active": row.merged_into_id is None,
            "name": [{"use": "official", "text": row.name}],
            "telecom": telecom(row.phone),
            "gender": row.sex,
            "birthDate": row.birth_date.isoformat() if row.birth_date else None,
            "deceasedDateTime": row.deceased_on.isoformat() if row.deceased_on else None,
            "address": address(row.address),
            "managingOrganization": reference("Organization", facility.organization_id, facility.name)
            if facility
            else None,
            "link": [_link(row)] if row.merged_into else [],
        }
    )


def _link(row: Person) -> dict[str, Any]:
    return {
        "other": reference("Patient", row.merged_into.public_id if row.merged_into else None),
        "type": "replaced-by",
    }


def _identifier(number: PersonIdentifier) -> dict[str, Any]:
    system = REGISTERS.get(number.system) or (number.assigner if ":" in number.assigner else None)
    named = {"display": number.assigner} if number.assigner and system != number.assigner else None
    kind = None if system else {"text": number.system}
    return pruned({"type": kind, "system": system, "value": number.value, "assigner": named})


def organization(row: Organization) -> dict[str, Any]:
    """Organization: known by its unified social credit code or another stable code."""
    kind = {FacilityKind.INSURANCE_OFFICE: "ins", FacilityKind.HEALTH_BUREAU: "govt"}.get(
        FacilityKind(row.kind), "prov"
    )
    return pruned(
        {
            "resourceType": "Organization",
            "id": str(row.pk),
            "identifier": [{"value": row.code}],
            "active": row.active,
            "type": [{"coding": [{"system": ORGANIZATION_TYPE, "code": kind}], "text": row.kind}],
            "name": row.name,
        }
    )


def location(row: Facility) -> dict[str, Any]:
    """Location: a facility, where it stands and to whom it belongs."""
    placed = row.longitude is not None and row.latitude is not None
    return pruned(
        {
            "resourceType": "Location",
            "id": str(row.pk),
            "identifier": [{"value": row.code}],
            "status": "active" if row.active else "inactive",
            "name": row.name,
            "mode": "instance",
            "type": [{"text": row.kind}],
            "telecom": telecom(row.phone),
            "address": {"text": row.address} if row.address else None,
            "position": {"longitude": row.longitude, "latitude": row.latitude} if placed else None,
            "managingOrganization": reference("Organization", row.organization_id, row.organization.name),
            "partOf": reference("Location", row.parent_id),
        }
    )


def practitioner(row: Practitioner) -> dict[str, Any]:
    """Practitioner: `qualifications` come with the row."""
    held = [
        pruned(
            {
                "identifier": [{"value": one.number}] if one.number else [],
                "code": concept("", "", one.kind or "-"),
                "issuer": {"display": one.issuer} if one.issuer else None,
            }
        )
        for one in row.qualifications  # type: ignore[attr-defined]
    ]
    return pruned(
        {
            "resourceType": "Practitioner",
            "id": str(row.pk),
            "identifier": [{"value": row.code}],
            "active": row.active,
            "name": [{"text": row.name, **({"suffix": [row.title]} if row.title else {})}],
            "telecom": telecom(row.phone),
            "gender": row.sex if row.sex in {"male", "female", "other", "unknown"} else None,
            "qualification": held,
        }
    )


def practitioner_role(row: Post) -> dict[str, Any]:
    """PractitionerRole: a post, for the period it is held (its last day is the day before `until`)."""
    period = {"start": row.since.isoformat(), "end": row.until.isoformat() if row.until else None}
    return pruned(
        {
            "resourceType": "PractitionerRole",
            "id": str(row.pk),
            "active": row.until is None,
            "period": pruned(period),
            "practitioner": reference("Practitioner", row.practitioner_id, row.practitioner.name),
            "organization": reference("Organization", row.facility.organization_id, row.facility.name),
            "location": [reference("Location", row.facility_id, row.facility.name)],
            "code": [concept("", row.role, str(role_label(row.role)))],
            "specialty": [concept("", "", row.service.name)] if row.service else [],
        }
    )
