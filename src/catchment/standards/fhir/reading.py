"""Small questions that reading any resource asks: codes, texts, names, moments, quantities."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from catchment.standards.fhir.references import Key, target
from catchment.standards.fhir.systems import REQUIRED_CODES, word_of
from catchment.standards.fhir.times import moment

Resource = Mapping[str, Any]
Scope = Mapping[str, Key]


@dataclass(frozen=True, slots=True)
class Reading:
    """A resource in the record's own columns. `links` are the rows it points at, by the column's name."""

    fields: dict[str, Any]
    links: dict[str, Key | None] = field(default_factory=dict)
    many: tuple[Key, ...] = ()


@dataclass(frozen=True, slots=True)
class Coded:
    """A concept by its first coding that has a code; `display` falls back from text to display to code."""

    system: str = ""
    code: str = ""
    display: str = ""


def coded(concept: Resource | None) -> Coded:
    """The record's form of a CodeableConcept."""
    codings = [coding for coding in (concept or {}).get("coding") or [] if coding.get("code") or coding.get("display")]
    first = next((coding for coding in codings if coding.get("code")), codings[0] if codings else {})
    text = (concept or {}).get("text") or first.get("display") or first.get("code") or ""
    return Coded(word_of(first.get("system") or "")[:160], (first.get("code") or "")[:160], text)


def code_in(concept: Resource | None, system: str) -> str:
    """The code of a CodeableConcept in one system; empty when it has none there."""
    codings = (concept or {}).get("coding") or []
    return next((coding.get("code") or "" for coding in codings if coding.get("system") == system), "")


def code_of(resource: Resource, element: str, default: str = "unknown") -> str:
    """A `code` element. Where it is left out for an extension with a Coding (as Chinese profiles do), that code."""
    plain = resource.get(element)
    if isinstance(plain, str):
        return plain
    allowed = REQUIRED_CODES.get(f"{resource.get('resourceType')}.{element}", frozenset())
    extensions = (resource.get(f"_{element}") or {}).get("extension") or []
    codes = (extension.get("valueCoding", {}).get("code") for extension in extensions)
    return next((code for code in codes if code in allowed), default)


def clipped(text: str, length: int) -> str:
    """The text in at most so many characters; what is cut off is shown by an ellipsis."""
    return text if len(text) <= length else text[: length - 1] + "…"


def coded_columns(concept: Resource | None) -> dict[str, str]:
    """The three columns of a coded fact."""
    found = coded(concept)
    return {"code_system": found.system, "code": found.code, "display": clipped(found.display, 255)}


def first_of(items: Any) -> Any:
    """The first of a list, an empty mapping when there is none."""
    return items[0] if items else {}


def earliest(resource: Resource, *elements: str) -> datetime | None:
    """The moment of the first element that is given; a Period counts by its start, then its end."""
    for element in elements:
        value = resource.get(element)
        if isinstance(value, Mapping):
            value = value.get("start") or value.get("end")
        if isinstance(value, str):
            return moment(value)
    return None


def ending(resource: Resource, element: str) -> datetime | None:
    """The end of a Period element."""
    value = (resource.get(element) or {}).get("end")
    return moment(value) if value else None


def quantity_text(quantity: Resource | None) -> str:
    """A Quantity as a person reads it: <5 mg/L."""
    found = quantity or {}
    value = found.get("value")
    number = "" if value is None else f"{value:.10g}"
    return f"{found.get('comparator') or ''}{number} {unit_of(found)}".strip()


def unit_of(quantity: Resource | None) -> str:
    return clipped((quantity or {}).get("unit") or (quantity or {}).get("code") or "", 64)


def name_text(names: Iterable[Resource] | None) -> str:
    """The name people use: official before usual before any; as written, else family and given as the script asks."""
    rank = {"official": 0, "usual": 1, None: 2}
    ordered = sorted(names or [], key=lambda name: rank.get(name.get("use"), 3))
    return next((text for text in map(_name, ordered) if text), "")


def _name(name: Resource) -> str:
    if name.get("text"):
        return str(name["text"])
    family, given = name.get("family") or "", [part for part in name.get("given") or [] if part]
    if any("㐀" <= letter <= "鿿" for letter in family):
        return family + "".join(given)
    return " ".join([*given, family]).strip()


def address_text(address: Resource | None) -> str:
    """An address on one line."""
    found = address or {}
    parts = [*(found.get("line") or []), found.get("city"), found.get("state"), found.get("postalCode")]
    return clipped(found.get("text") or ", ".join(part for part in parts if part), 200)


def contact(telecoms: Iterable[Resource] | None, kind: str = "phone") -> str:
    """The first phone number (or other kind of ContactPoint) in use."""
    points = (point for point in telecoms or [] if point.get("system") == kind and point.get("use") != "old")
    return next((str(point["value"]) for point in points if point.get("value")), "")


def link_to(scope: Scope) -> Callable[[Any], Key | None]:
    """A function that says what a Reference points at within this scope."""
    return lambda reference: target(reference, scope)
