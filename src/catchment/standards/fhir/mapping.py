"""Which resources are taken, in the order in which they need one another, and who reads each."""

from collections.abc import Callable, Mapping
from typing import Final

from catchment.standards.fhir import administrative, clinical
from catchment.standards.fhir.reading import Reading, Resource, Scope

Reader = Callable[[Resource, Scope], Reading]
READERS: Final[Mapping[str, Reader]] = {
    "Organization": administrative.organization,
    "Location": administrative.location,
    "Practitioner": administrative.practitioner,
    "PractitionerRole": administrative.practitioner_role,
    "Patient": administrative.patient,
    "Medication": administrative.medication,
    "Encounter": clinical.encounter,
    "Condition": clinical.condition,
    "Observation": clinical.observation,
    "Procedure": clinical.procedure,
    "MedicationRequest": clinical.medication_request,
    "AllergyIntolerance": clinical.allergy,
    "Immunization": clinical.immunization,
    "DiagnosticReport": clinical.report,
    "DocumentReference": clinical.document,
    "ServiceRequest": clinical.service_request,
}
"""Resource type to its reader, what others depend on first."""
ORDER: Final[Mapping[str, int]] = {kind: place for place, kind in enumerate(READERS)}
CONTAINED: Final = ("Organization", "Location", "Practitioner", "Patient", "Medication")
"""What a contained resource may be that is taken with the one that contains it."""


def order_of_file(name: str) -> int:
    """Where a file stands among others, by the type its name begins with; files of no one type come last."""
    return ORDER.get(name.split(".", maxsplit=1)[0].split("-", maxsplit=1)[0].split("_", maxsplit=1)[0], len(ORDER))
