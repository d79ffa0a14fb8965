"""The resource types of claims: what was asked for, what became of it, what was paid, and by which insurance."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db.models import DateTimeField, F, Q, QuerySet
from django.db.models.functions import Cast

from catchment.kernel.actor import Actor
from catchment.rooms.claims import queries
from catchment.rooms.claims.models import Claim, ClaimLine, Settlement
from catchment.rooms.people.models import Coverage, Person
from catchment.site.fhir.mapping import claims
from catchment.site.fhir.outcome import FhirError
from catchment.site.fhir.params import PATIENT, Asked, Date, Meant, Param, Reference, Token, by_code, constant
from catchment.site.fhir.registry import Kind

READ = "claims.read"
BIGGEST = 18
"""Digits of a number that a key can have."""


def claim_kinds() -> list[Kind]:
    """Claim, ClaimResponse, ExplanationOfBenefit and Coverage."""
    return [_claim(), _response(), _explanation(), _coverage()]


def _claim() -> Kind:
    return Kind(
        type="Claim",
        rows=_claims,
        complete=_with_lines,
        write=claims.claim,
        key="public_id",
        person="person_id",
        at="ended",
        changed="state_since",
        capability=READ,
        params={**_shared(), "status": _STATUS, "created": Date("made_at"), "priority": constant("normal")},
    )


def _response() -> Kind:
    return Kind(
        type="ClaimResponse",
        rows=_claims,
        complete=_with_settlements,
        write=claims.claim_response,
        key="public_id",
        person="person_id",
        at="ended",
        changed="state_since",
        capability=READ,
        params={
            "patient": PATIENT,
            "identifier": Asked(_by_number(""), type="token"),
            "use": constant("claim"),
            "status": _STATUS,
            "created": Date("state_since"),
            "outcome": Meant("state", by_code(claims.OUTCOMES)),
            "request": Reference({"Claim": "public_id"}, by_uuid=True),
            "requestor": Reference({"Organization": "facility__organization_id"}),
        },
    )


def _explanation() -> Kind:
    return Kind(
        type="ExplanationOfBenefit",
        rows=_settlements,
        complete=lambda rows: _with_subjects([row.claim for row in rows]),
        write=claims.explanation,
        person="person_id",
        at="ended",
        changed="at",
        capability=READ,
        params={
            **_shared("claim__"),
            "status": Asked(_by_settlement_status, type="token"),
            "created": Date("at"),
            "claim": Reference({"Claim": "claim__public_id"}, by_uuid=True),
        },
    )


def _coverage() -> Kind:
    return Kind(
        type="Coverage",
        rows=lambda _actor: Coverage.objects.select_related("person"),
        write=claims.coverage,
        person="person_id",
        params={
            "patient": PATIENT,
            "beneficiary": PATIENT,
            "type": Token("kind"),
            "status": constant("active"),
        },
    )


def _claims(actor: Actor) -> QuerySet[Any]:
    return queries.visible(actor).select_related("facility").annotate(ended=Cast("ends_on", DateTimeField()))


def _settlements(actor: Actor) -> QuerySet[Any]:
    rows = Settlement.objects.filter(claim__in=queries.visible(actor)).select_related("claim__facility")
    return rows.annotate(person_id=F("claim__person_id"), ended=Cast("claim__ends_on", DateTimeField()))


def _shared(path: str = "") -> Mapping[str, Param]:
    return {
        "patient": Reference({"Patient": f"{path}person__public_id"}, by_uuid=True),
        "identifier": Asked(_by_number(path), type="token"),
        "use": constant("claim"),
        "provider": Reference({"Organization": f"{path}facility__organization_id"}),
        "facility": Reference({"Location": f"{path}facility_id"}),
        "encounter": Reference({"Encounter": f"{path}encounter_id"}),
    }


def _by_number(path: str) -> Any:
    """By the number that people call a claim by, or the one that its source gave it."""

    def asked(value: str) -> Q:
        number = value.rpartition("|")[2]
        digits = number.upper().removeprefix("JS")
        own = Q(**{f"{path}pk": int(digits)}) if digits.isdecimal() and len(digits) < BIGGEST else Q(pk__in=[])
        return own | Q(**{f"{path}ref": number})

    return asked


def _by_settlement_status(value: str) -> Q:
    code = value.rpartition("|")[2]
    if code not in {"active", "cancelled"}:
        raise FhirError(400, "value", f"{code!r} is not one of active, cancelled")
    return Q(cancelled_at__isnull=code == "active")


_STATUS = Meant("state", by_code(claims.STATUSES))


def _with_subjects(rows: Iterable[Any]) -> None:
    """The person of each, where the reader may see them: the walls answer."""
    held = list(rows)
    people = Person.objects.in_bulk({row.person_id for row in held})
    for row in held:
        row.subject = people.get(row.person_id)


def _with_lines(rows: Sequence[Claim]) -> None:
    lines: dict[int, list[ClaimLine]] = defaultdict(list)
    for line in ClaimLine.objects.filter(claim__in=rows).order_by("pk"):
        lines[line.claim_id].append(line)
    for row in rows:
        row.lines = lines[row.pk]  # type: ignore[attr-defined]
    _with_subjects(rows)


def _with_settlements(rows: Sequence[Claim]) -> None:
    live = {one.claim_id: one for one in Settlement.objects.filter(claim__in=rows, cancelled_at__isnull=True)}
    for row in rows:
        row.live = live.get(row.pk)  # type: ignore[attr-defined]
    _with_subjects(rows)
