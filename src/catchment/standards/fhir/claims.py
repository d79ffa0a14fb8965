"""FHIR R4 Claim read into plain fields: what is asked for, for whom, where, when, and for how much."""

from collections.abc import Mapping
from typing import Any

from catchment.standards.fhir.references import Key, target

PHARMACY = "pharmacy"
SMALLEST = 100
"""Of a currency's smallest unit; the currencies that have none or three decimals are not read."""


def fields_of(resource: Mapping[str, Any], scope: Mapping[str, Key]) -> dict[str, Any]:
    """The claim as JSON-able fields; references as [type, key]. Raises `ValueError` naming the element at fault.

    Lines are the items with a net amount; what the total leaves is one line of service.
    """
    if resource.get("use") != "claim" or resource.get("status") != "active":
        raise ValueError("use/status: only active claims are taken, no predeterminations")
    period = resource.get("billablePeriod") or {}
    total = resource.get("total") or {}
    kind = _code(resource.get("type"))
    lines = [one for item in resource.get("item") or [] if (one := _line(item, kind))]
    amount = _amount(total, "total") if total else sum(one["amount"] for one in lines)
    rest = amount - sum(one["amount"] for one in lines)
    if rest > 0:
        lines.append({"category": "drug" if kind == PHARMACY else "service", "amount": rest, "name": "", "code": ""})
    encounters = [ref for item in resource.get("item") or [] for ref in item.get("encounter") or []]
    return {
        "type": kind,
        "person": _key(resource.get("patient"), scope),
        "facility": _key(resource.get("provider"), scope),
        "encounter": _key(encounters[0] if encounters else None, scope),
        "diagnoses": [_diagnosis(one, scope) for one in sorted(resource.get("diagnosis") or [], key=_sequence)],
        "begins_on": _day(period.get("start") or resource.get("created"), "billablePeriod.start"),
        "ends_on": _day(period.get("end") or period.get("start") or resource.get("created"), "billablePeriod.end"),
        "currency": str(total.get("currency") or "CNY"),
        "total": amount,
        "lines": lines,
    }


def _line(item: Mapping[str, Any], kind: str) -> dict[str, Any] | None:
    net = item.get("net")
    if not net:
        return None
    coding = ((item.get("productOrService") or {}).get("coding") or [{}])[0]
    drug = kind == PHARMACY or item.get("informationSequence")
    return {
        "category": "drug" if drug else "service" if item.get("procedureSequence") else "other",
        "amount": _amount(net, "item.net"),
        "name": str(coding.get("display") or (item.get("productOrService") or {}).get("text") or "")[:120],
        "code": str(coding.get("code") or "")[:60],
        "quantity": (item.get("quantity") or {}).get("value"),
    }


def _amount(money: Mapping[str, Any], place: str) -> int:
    value = money.get("value")
    if isinstance(value, bool) or not isinstance(value, int | float) or value < 0:
        raise ValueError(f"{place}.value: {value!r:.40} is no amount")
    return round(value * SMALLEST)


def _diagnosis(given: Mapping[str, Any], scope: Mapping[str, Key]) -> dict[str, Any]:
    coding = ((given.get("diagnosisCodeableConcept") or {}).get("coding") or [{}])[0]
    if coding.get("code"):
        return {"code": str(coding["code"]), "display": str(coding.get("display") or "")}
    return {"condition": _key(given.get("diagnosisReference"), scope)}


def _key(reference: Any, scope: Mapping[str, Key]) -> list[str] | None:
    found = target(reference, scope)
    return [found.type, found.key] if found else None


def _day(text: Any, place: str) -> str:
    if not isinstance(text, str) or len(text) < len("2026-01-01"):
        raise ValueError(f"{place}: a day is needed")
    return text[:10]


def _code(concept: Any) -> str:
    return str((((concept or {}).get("coding") or [{}])[0]).get("code") or "")


def _sequence(one: Mapping[str, Any]) -> int:
    return int(one.get("sequence") or 0)
