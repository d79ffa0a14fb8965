"""Claims and settlements as Claim, ClaimResponse and ExplanationOfBenefit, insurance as Coverage.

Whom a claim is of is told by reference only where the reader may see the Patient; the name stands on the claim itself.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from catchment.rooms.claims.models import Claim, ClaimLine, Settlement
from catchment.rooms.claims.rules import words
from catchment.rooms.claims.types import Kind, Layer, Severity, State
from catchment.rooms.people.models import Coverage
from catchment.site.fhir.mapping.shapes import coding, concept, meta, pruned, reference

_TERMS = "http://terminology.hl7.org/CodeSystem"
_ADJUDICATION = f"{_TERMS}/adjudication"
HIDDEN = "身份不予显示"
COST, LAYER, FINDING, INSURANCE = (f"urn:catchment:claims:{name}" for name in ("cost", "layer", "finding", "insurance"))
TYPES: Mapping[str, str] = {Kind.INPATIENT: "institutional", Kind.OUTPATIENT: "professional"}
OUTCOMES: Mapping[str, str] = {
    State.DRAFTED: "queued",
    State.CHECKED: "partial",
    State.REJECTED: "error",
    State.SETTLED: "complete",
    State.CANCELLED: "complete",
    State.HISTORY: "complete",
}
"""R4 `remittance-outcome`. Partial: checked, not settled yet."""
STATUSES: Mapping[str, str] = {state.value: "cancelled" if state is State.CANCELLED else "active" for state in State}
"""R4 `fm-status`."""


def claim(row: Claim) -> dict[str, Any]:
    """Claim: `lines` and `subject` (the person, where it may be seen) come with the row."""
    return pruned(
        {
            **_base("Claim", row, row),
            "identifier": [{"value": row.number}, *_foreign(row)],
            "billablePeriod": {"start": row.begins_on.isoformat(), "end": row.ends_on.isoformat()},
            "provider": _provider(row),
            "insurer": _insurer(row),
            "priority": {"coding": [coding(f"{_TERMS}/processpriority", "normal")]},
            "facility": reference("Location", row.facility_id, row.facility.name),
            "careTeam": [{"sequence": 1, "provider": reference("Practitioner", row.practitioner_id)}]
            if row.practitioner_id
            else [],
            "diagnosis": _diagnoses(row),
            "procedure": [
                {"sequence": at, "procedureCodeableConcept": _coded("", one)}
                for at, one in enumerate(row.procedures, 1)
            ],
            "insurance": [_insurance(row, sequence=1)],
            "item": [_item(row, line, at) for at, line in enumerate(row.lines, 1)],  # type: ignore[attr-defined]
            "total": _money(row.total, row.currency),
        }
    )


def claim_response(row: Claim) -> dict[str, Any]:
    """ClaimResponse: where the claim stands, what the rules found, and what was settled (`live`, with the row)."""
    found = row.findings if row.state != State.DRAFTED else []
    errors = [one for one in found if one["severity"] == Severity.REJECT]
    flags = [one for one in found if one["severity"] != Severity.REJECT]
    live: Settlement | None = row.live  # type: ignore[attr-defined]
    return pruned(
        {
            **_base("ClaimResponse", row, row),
            "created": _date(row.state_since),
            "insurer": _insurer(row),
            "requestor": _provider(row),
            "request": reference("Claim", row.public_id),
            "outcome": OUTCOMES[row.state],
            "disposition": str(words.STATES[row.state]),
            "total": list(_totals(row, live)) if live else [],
            "processNote": _notes(map(words.WHY.one, flags)),
            "insurance": [_insurance(row, sequence=1)],
            "error": [{"code": concept(FINDING, one["code"], words.WHY.one(one))} for one in errors],
        }
    )


def explanation(row: Settlement) -> dict[str, Any]:
    """ExplanationOfBenefit: one settlement, by layer, with the words a resident reads."""
    of = row.claim
    told = [(words.LAYERS[step["layer"]], words.WHY.one(why)) for step in row.steps for why in step["why"]]
    return pruned(
        {
            **_base("ExplanationOfBenefit", row, of),
            "status": "cancelled" if row.cancelled_at else "active",
            "created": _date(row.at),
            "billablePeriod": {"start": of.begins_on.isoformat(), "end": of.ends_on.isoformat()},
            "insurer": _insurer(of),
            "provider": _provider(of),
            "facility": reference("Location", of.facility_id, of.facility.name),
            "claim": reference("Claim", of.public_id),
            "claimResponse": reference("ClaimResponse", of.public_id),
            "outcome": "complete",
            "disposition": str(words.TAKEN_BACK.get(row.cancel_reason, row.cancel_reason or row.edition)),
            "diagnosis": _diagnoses(of),
            "insurance": [_insurance(of)],
            "total": list(_totals(of, row)),
            "payment": {"date": _date(row.at), "amount": _money(row.fund)},
            "processNote": _notes(_("%(layer)s：%(why)s") % {"layer": layer, "why": why} for layer, why in told),
        }
    )


def coverage(row: Coverage) -> dict[str, Any]:
    """Coverage: a person's basic insurance, its last day the day before `until`."""
    period = pruned({"start": _day(row.since), "end": _day(row.until)})
    return pruned(
        {
            "resourceType": "Coverage",
            "id": str(row.pk),
            "status": "active",
            "type": concept(INSURANCE, row.kind, str(words.INSURANCES[row.kind])),
            "beneficiary": reference("Patient", row.person.public_id, row.person.name),
            "period": period,
            "payor": [{"display": str(words.INSURANCES[row.kind])}],
        }
    )


def _base(kind: str, row: Claim | Settlement, of: Claim) -> dict[str, Any]:
    own = str(of.public_id) if isinstance(row, Claim) else str(row.pk)
    changed = row.state_since if isinstance(row, Claim) else row.cancelled_at or row.at
    return {
        "resourceType": kind,
        "id": own,
        "meta": meta(changed),
        "status": STATUSES[of.state],
        "type": {"coding": [coding(f"{_TERMS}/claim-type", TYPES[of.kind])]},
        "use": "claim",
        "patient": _patient(of),
        "created": _date(of.made_at),
    }


def _patient(of: Claim) -> dict[str, Any]:
    """The person, where the reader may see them; an office opens who it is inside a case."""
    person = of.subject  # type: ignore[attr-defined]
    return reference("Patient", person.public_id, person.name) or {} if person else {"display": HIDDEN}


def _foreign(row: Claim) -> list[dict[str, Any]]:
    made_here = row.source == "encounter"
    return [] if made_here else [{"system": f"urn:catchment:claims:source:{row.source}", "value": row.ref}]


def _provider(of: Claim) -> dict[str, Any] | None:
    return reference("Organization", of.facility.organization_id, of.facility.name)


def _insurer(of: Claim) -> dict[str, Any]:
    return {"display": str(words.INSURANCES[of.insurance])}


def _insurance(of: Claim, **more: Any) -> dict[str, Any]:
    return {**more, "focal": True, "coverage": {"display": str(words.INSURANCES[of.insurance])}}


def _diagnoses(of: Claim) -> list[dict[str, Any]]:
    return [
        {"sequence": at, "diagnosisCodeableConcept": _coded("icd-10", one)} for at, one in enumerate(of.diagnoses, 1)
    ]


def _item(row: Claim, line: ClaimLine, at: int) -> dict[str, Any]:
    return pruned(
        {
            "sequence": at,
            "category": concept(COST, line.category, str(words.COSTS[line.category])),
            "productOrService": concept("", line.code, line.name or str(words.COSTS[line.category])),
            "quantity": {"value": line.quantity} if line.quantity is not None else None,
            "net": _money(line.amount, row.currency),
            "encounter": [reference("Encounter", row.encounter_id)] if row.encounter_id else [],
        }
    )


def _totals(of: Claim, settled: Settlement) -> Iterator[dict[str, Any]]:
    parts = {"submitted": of.total, "eligible": settled.in_scope, "benefit": settled.fund, "copay": settled.patient}
    for code, amount in parts.items():
        yield {"category": {"coding": [coding(_ADJUDICATION, code)]}, "amount": _money(amount)}
    for layer in Layer:
        if amount := getattr(settled, layer.value):
            yield {"category": concept(LAYER, layer.value, str(words.LAYERS[layer])), "amount": _money(amount)}


def _notes(texts: Iterable[str]) -> list[dict[str, Any]]:
    return [{"number": at, "type": "display", "text": text} for at, text in enumerate(texts, 1)]


def _coded(system: str, one: Mapping[str, str]) -> dict[str, Any]:
    return concept(system, one.get("code", ""), one.get("display", "") or one.get("code", ""))


def _money(amount: int, currency: str = "CNY") -> dict[str, Any]:
    return {"value": amount / 100, "currency": currency}


def _date(moment: datetime) -> str:
    """The county's day of a moment."""
    return timezone.localdate(moment).isoformat()


def _day(day: Any) -> str | None:
    return day.isoformat() if day else None
