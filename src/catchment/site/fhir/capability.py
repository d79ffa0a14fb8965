"""The CapabilityStatement: what these doors offer, told from the registry."""

from datetime import datetime
from typing import Any

from catchment import __version__
from catchment.site.fhir.registry import Kind, kinds


def statement(url: str, now: datetime) -> dict[str, Any]:
    """The CapabilityStatement of the installation at this address."""
    return {
        "resourceType": "CapabilityStatement",
        "status": "active",
        "date": now.isoformat(timespec="seconds"),
        "kind": "instance",
        "software": {"name": "Catchment", "version": __version__},
        "implementation": {"description": "Catchment FHIR R4", "url": url},
        "fhirVersion": "4.0.1",
        "format": ["application/fhir+json", "json"],
        "rest": [
            {
                "mode": "server",
                "security": {
                    "cors": False,
                    "description": "Bearer token of a registered system, or a signed-in post; capability record.read, "
                    "referral.read for referrals, claims.read for claims.",
                },
                "resource": [_resource(kind) for kind in kinds()],
            }
        ],
    }


def _resource(kind: Kind) -> dict[str, Any]:
    shared = [{"name": "_id", "type": "token"}]
    if kind.changed:
        shared.append({"name": "_lastUpdated", "type": "date"})
    params = {**(kind.also.params if kind.also else {}), **kind.params}
    found: dict[str, Any] = {
        "type": kind.type,
        "interaction": [{"code": "read"}, {"code": "search-type"}],
        "versioning": "no-version",
        "searchParam": [*shared, *({"name": name, "type": param.type} for name, param in sorted(params.items()))],
    }
    if kind.type == "Patient":
        definition = "http://hl7.org/fhir/OperationDefinition/Patient-everything"
        found["operation"] = [{"name": "everything", "definition": definition}]
    return found
