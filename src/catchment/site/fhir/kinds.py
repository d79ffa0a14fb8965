"""The resource types of the family and the record, with their search parameters."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.db.models import Q, QuerySet

from catchment.rooms.people.models import Person, PersonIdentifier, SearchToken
from catchment.rooms.places.models import Facility, Organization
from catchment.rooms.record import models as record
from catchment.rooms.staff.models import Post, Practitioner, Qualification
from catchment.site.fhir.claims import claim_kinds
from catchment.site.fhir.mapping import facts, family
from catchment.site.fhir.outcome import FhirError
from catchment.site.fhir.params import PATIENT, Asked, Date, Flag, Param, Reference, Text, Token
from catchment.site.fhir.referrals import referral_kinds
from catchment.site.fhir.registry import Kind, register

_REGISTER_WORDS = {uri: word for word, uri in family.REGISTERS.items()}


def register_all() -> None:
    """Offer everything that the family, the record, referral and claims hold."""
    for kind in (*_family(), *_facts(), *referral_kinds(), *claim_kinds()):
        register(kind)


def _family() -> list[Kind]:
    facility: dict[str, Param] = {"name": Text("name"), "identifier": Token("code")}
    return [
        Kind(
            type="Patient",
            rows=lambda _actor: _people(),
            complete=_with_identifiers,
            write=family.patient,
            key="public_id",
            person="pk",
            changed="updated_at",
            params={
                "name": Asked(_by_name),
                "identifier": Asked(_by_identifier, type="token"),
                "birthdate": Date("birth_date", days=True),
                "gender": Token("sex"),
                "phone": Token("phone"),
                "organization": Reference({"Organization": "primary_facility__organization_id"}),
                "active": Flag(Q(merged_into__isnull=True)),
            },
        ),
        Kind(
            type="Organization",
            rows=lambda _actor: Organization.objects.all(),
            write=family.organization,
            params={**facility, "active": Flag(Q(active=True))},
        ),
        Kind(
            type="Location",
            rows=lambda _actor: Facility.objects.select_related("organization"),
            write=family.location,
            params={
                **facility,
                "organization": Reference({"Organization": "organization_id"}),
                "partof": Reference({"Location": "parent_id"}),
                "status": Asked(_by_location_status, type="token"),
            },
        ),
        Kind(
            type="Practitioner",
            rows=lambda _actor: Practitioner.objects.all(),
            complete=_with_qualifications,
            write=family.practitioner,
            params={**facility, "active": Flag(Q(active=True))},
        ),
        Kind(
            type="PractitionerRole",
            rows=lambda _actor: Post.objects.select_related("practitioner", "facility", "service"),
            write=family.practitioner_role,
            params={
                "practitioner": Reference({"Practitioner": "practitioner_id"}),
                "organization": Reference({"Organization": "facility__organization_id"}),
                "location": Reference({"Location": "facility_id"}),
                "role": Token("role"),
                "active": Flag(Q(until__isnull=True)),
            },
        ),
    ]


def _facts() -> list[Kind]:
    return [
        _fact("Encounter", record.Encounter, facts.encounter, _ENCOUNTER),
        _fact("Condition", record.Condition, facts.condition, _CONDITION),
        _fact(
            "Observation", record.Observation, facts.observation, {**_CODED, "category": Token("category"), **_STATUS}
        ),
        _fact("Procedure", record.Procedure, facts.procedure, {**_CODED, **_STATUS}),
        _fact(
            "MedicationRequest",
            record.Medication,
            facts.medication_request,
            {**_ENCOUNTERED, **_STATUS, "code": _CODE, "authoredon": Date("at")},
        ),
        _fact(
            "AllergyIntolerance",
            record.Allergy,
            facts.allergy,
            {"code": _CODE, "clinical-status": Token("status"), "date": Date("at")},
        ),
        _fact(
            "Immunization",
            record.Immunization,
            facts.immunization,
            {**_STATUS, "vaccine-code": _CODE, "date": Date("at")},
        ),
        _fact("DiagnosticReport", record.Report, facts.report, {**_CODED, "category": Token("category"), **_STATUS}),
        _fact(
            "DocumentReference",
            record.Document,
            facts.document,
            {**_STATUS, "type": _CODE, "date": Date("at"), "encounter": _VISIT},
        ),
    ]


_CODE = Token("code", "code_system")
_VISIT = Reference({"Encounter": "encounter_id"})
_STATUS: Mapping[str, Param] = {"status": Token("status")}
_ENCOUNTERED: Mapping[str, Param] = {"encounter": _VISIT}
_PERFORMER: Mapping[str, Param] = {"performer": Reference({"Practitioner": "practitioner_id"})}
_CODED: Mapping[str, Param] = {**_ENCOUNTERED, **_PERFORMER, "code": _CODE, "date": Date("at")}
_CONDITION: Mapping[str, Param] = {
    **_ENCOUNTERED,
    "code": _CODE,
    "category": Token("category"),
    "clinical-status": Token("status"),
    "verification-status": Token("verification"),
    "onset-date": Date("at"),
    "recorded-date": Date("recorded_at"),
}
_ENCOUNTER: Mapping[str, Param] = {
    **_STATUS,
    "date": Date("at"),
    "class": Token("klass"),
    "identifier": Token("number"),
    "location": Reference({"Location": "facility_id"}),
    "service-provider": Reference({"Organization": "facility__organization_id"}),
    "participant": Reference({"Practitioner": "practitioner_id"}),
}


def _fact(kind: str, model: Any, write: Callable[[Any], dict[str, Any]], params: Mapping[str, Param]) -> Kind:
    return Kind(
        type=kind,
        rows=lambda _actor: model.objects.select_related("person", "facility", "practitioner"),
        write=write,
        params={"patient": PATIENT, "subject": PATIENT, **params},
        person="person_id",
        at="at",
        changed="recorded_at",
    )


def _people() -> QuerySet[Person]:
    return Person.objects.select_related("primary_facility", "merged_into")


def _with_identifiers(rows: Sequence[Person]) -> None:
    held: dict[int, list[PersonIdentifier]] = defaultdict(list)
    for number in PersonIdentifier.objects.filter(person__in=rows).order_by("pk"):
        held[number.person_id].append(number)
    for row in rows:
        row.identifiers = held[row.pk]  # type: ignore[attr-defined]


def _with_qualifications(rows: Sequence[Practitioner]) -> None:
    held: dict[int, list[Qualification]] = defaultdict(list)
    for one in Qualification.objects.filter(practitioner__in=rows).order_by("pk"):
        held[one.practitioner_id].append(one)
    for row in rows:
        row.qualifications = held[row.pk]  # type: ignore[attr-defined]


def _by_name(value: str) -> Q:
    """By the keys under which people are found: name, given name, pinyin, initials; beginning with."""
    keys = SearchToken.objects.filter(token__startswith=value.strip().lower())
    return Q(pk__in=keys.values("person_id"))


def _by_identifier(value: str) -> Q:
    system, bar, number = value.rpartition("|")
    rows = PersonIdentifier.objects.filter(value=number)
    if bar and system:
        word = _REGISTER_WORDS.get(system)
        rows = rows.filter(system=word) if word else rows.filter(assigner=system)
    return Q(pk__in=rows.values("person_id"))


def _by_location_status(value: str) -> Q:
    if value not in {"active", "inactive", "suspended"}:
        raise FhirError(400, "value", f"{value!r} is not one of active, suspended, inactive")
    return Q(active=value == "active") if value != "suspended" else Q(pk__in=[])
