"""References between resources in every form that R4 allows, and the keys by which a resource is known.

Source: FHIR R4 `references.html` (literal, logical, contained, conditional) and `http.html#transaction`.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

LONGEST_KEY = 160
_LITERAL = re.compile(r"(?:^|/)([A-Z][A-Za-z]{2,39})/([A-Za-z0-9\-.]{1,64})(?:/_history/[A-Za-z0-9\-.]{1,64})?$")
_LOCAL = ("urn:uuid:", "urn:oid:")


@dataclass(frozen=True, slots=True)
class Key:
    """What a reference points at: the type where it is told (else empty), and the key within the type."""

    type: str
    key: str


def fitted(key: str) -> str:
    """The key itself, or one of the same meaning that fits a column of 160 characters."""
    if len(key) <= LONGEST_KEY:
        return key
    return f"{key[:120]}#{blake2b(key.encode(), digest_size=16).hexdigest()}"


def identifier_key(identifier: Mapping[str, Any]) -> str:
    """`system|value`, the key of an Identifier; empty when it has no value."""
    value = str(identifier.get("value") or "").strip()
    return fitted(f"{identifier.get('system') or ''}|{value}") if value else ""


def target(reference: Any, scope: Mapping[str, Key]) -> Key | None:
    """What a Reference points at; `None` for none or an unreadable one.

    `scope` maps the Bundle's `fullUrl`s and the resource's own `#contained` names to keys.
    """
    if not isinstance(reference, Mapping):
        return None
    text = reference.get("reference")
    if isinstance(text, str) and text:
        return scope.get(text) or _of_text(text)
    key = identifier_key(reference.get("identifier") or {})
    return Key(str(reference.get("type") or ""), key) if key else None


def _of_text(text: str) -> Key | None:
    if text.startswith(_LOCAL):
        return Key("", fitted(text.rpartition(":")[2]))
    if "?" in text:
        return _conditional(text)
    literal = _LITERAL.search(text)
    return Key(literal.group(1), literal.group(2)) if literal else None


def _conditional(text: str) -> Key | None:
    parts = urlsplit(text)
    found = parse_qs(parts.query).get("identifier")
    if not found:
        return None
    value = unquote(found[0])
    return Key(parts.path.rpartition("/")[2], fitted(value if "|" in value else f"|{value}"))


def own_keys(resource: Mapping[str, Any], full_url: str = "") -> Iterator[str]:
    """Every key under which others may know this resource, its own first: id, `urn:uuid` of its entry, identifiers."""
    if isinstance(resource.get("id"), str):
        yield fitted(resource["id"])
    if full_url.startswith(_LOCAL):
        yield fitted(full_url.rpartition(":")[2])
    identifiers = resource.get("identifier")
    for identifier in identifiers if isinstance(identifiers, list) else [identifiers]:
        if isinstance(identifier, Mapping) and (key := identifier_key(identifier)):
            yield key
