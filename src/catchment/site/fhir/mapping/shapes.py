"""Small FHIR shapes that many resources hold."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from catchment.standards.fhir.systems import uri_of


def pruned(resource: Mapping[str, Any]) -> dict[str, Any]:
    """The resource without what is not told; FHIR knows no empty elements."""
    return {name: value for name, value in resource.items() if value not in (None, "", [], {})}


def coding(system: str, code: str, display: str = "") -> dict[str, Any]:
    uri = uri_of(system)
    absolute = ":" in uri
    return pruned({"system": uri if absolute else None, "code": code.strip(), "display": display})


def concept(system: str, code: str, text: str) -> dict[str, Any]:
    """A CodeableConcept of one coding with its text; only the text when there is no code."""
    return pruned({"coding": [coding(system, code, text)] if code.strip() else [], "text": text})


def reference(kind: str, key: Any, display: str = "") -> dict[str, Any] | None:
    return None if key is None else pruned({"reference": f"{kind}/{key}", "display": display})


def instant(when: datetime | None) -> str | None:
    """A moment as FHIR writes it, in UTC."""
    return None if when is None else when.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def meta(when: datetime | None) -> dict[str, Any] | None:
    return None if when is None else {"lastUpdated": instant(when)}


def telecom(phone: str) -> list[dict[str, Any]]:
    return [{"system": "phone", "value": phone}] if phone else []


def address(text: str) -> list[dict[str, Any]]:
    return [{"text": text}] if text else []
