"""What FHIR R4 forbids in the resources that are read: structure by `fhir.resources`, required codes by tables here.

The library knows every element, its type and how often it may stand, but not the value sets; see
`docs/decisions/0005-fhir-validation.md` for the measurement behind this division.
"""

import math
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

from fhir.resources.R4B import get_fhir_model_class
from pydantic import ValidationError

from catchment.standards.fhir.systems import REQUIRED_CODES, REQUIRED_CONCEPTS

MOST_FAULTS = 5


def faults(resource: Mapping[str, Any]) -> list[str]:
    """At most five sentences `Element.path: what is wrong`, empty for a valid resource of a type that R4 knows."""
    kind = str(resource.get("resourceType"))
    try:
        _model(kind).model_validate(resource)
    except ValidationError as error:
        return [_sentence(kind, fault) for fault in error.errors(include_url=False)[:MOST_FAULTS]]
    except (RecursionError, OverflowError, TypeError, AttributeError, KeyError, ValueError) as error:
        return [f"{kind}: cannot be read as this type ({type(error).__name__})"]
    return [*_wrong_codes(kind, resource), *_unfit(kind, resource)][:MOST_FAULTS]


@cache
def _model(kind: str) -> Any:
    return get_fhir_model_class(kind)


def _sentence(kind: str, fault: Any) -> str:
    path = ".".join([kind, *(str(part) for part in fault["loc"])])
    return f"{path}: {str(fault['msg']).removeprefix('Value error, ')[:160]}"


def _wrong_codes(kind: str, resource: Mapping[str, Any]) -> Iterator[str]:
    for element, value in resource.items():
        path = f"{kind}.{element}"
        if path in REQUIRED_CODES and value not in REQUIRED_CODES[path]:
            yield f"{path}: {value!r:.60} is not one of {', '.join(sorted(REQUIRED_CODES[path]))}"
        elif path in REQUIRED_CONCEPTS:
            yield from _wrong_concept(path, value)


def _wrong_concept(path: str, concept: Mapping[str, Any] | None) -> Iterator[str]:
    """R4 in JSON lets an element be null, and a coding in a list too."""
    system, codes = REQUIRED_CONCEPTS[path]
    for coding in filter(None, (concept or {}).get("coding") or []):
        if coding.get("system") == system and coding.get("code") not in codes:
            yield f"{path}: {coding.get('code')!r:.60} is not one of {', '.join(sorted(codes))}"


def _unfit(path: str, value: Any) -> Iterator[str]:
    if isinstance(value, str):
        if "\x00" in value:
            yield f"{path}: holds the character U+0000, which no text may contain"
    elif isinstance(value, float):
        if not math.isfinite(value):
            yield f"{path}: is not a finite number"
    elif isinstance(value, Mapping):
        for name, inner in value.items():
            yield from _unfit(f"{path}.{name}", inner)
    elif isinstance(value, list):
        for place, inner in enumerate(value):
            yield from _unfit(f"{path}.{place}", inner)
