"""Search: from the query string to a Bundle with links to go on."""

from dataclasses import dataclass
from functools import reduce
from operator import and_, or_
from typing import Any
from urllib.parse import urlencode

from django.db.models import Q, QuerySet
from django.http import HttpRequest

from catchment.kernel.access import actor_of
from catchment.kernel.actor import Actor
from catchment.site.fhir.outcome import FhirError
from catchment.site.fhir.params import Date, Param, key_of
from catchment.site.fhir.registry import Kind

PAGE, LARGEST_PAGE = 20, 200
AFTER = "_after"
_FORMATS = {"json", "application/json", "application/fhir+json"}
_PERSON_PARAMS = {"patient", "subject"}


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a search: its rows, how many match in all (`None`: not counted), the links."""

    rows: list[Any]
    total: int | None
    links: list[dict[str, str]]


def search(request: HttpRequest, kind: Kind) -> Page:
    """Find rows by id, ascending. An unknown parameter is refused, unless `Prefer: handling=lenient` is sent."""
    asked = [(name, value) for name in request.GET for value in request.GET.getlist(name)]
    lenient = "handling=lenient" in request.headers.get("Prefer", "")
    rows, used = _filtered(kind, actor_of(request), asked, strict=not lenient)
    count = _count(request)
    after = _after(request)
    window = rows.filter(pk__gt=after) if after else rows
    found = list(window.order_by("pk")[: count + 1]) if count else []
    links = [{"relation": "self", "url": _url(request, [*used, *_paging(request)])}]
    if len(found) > count and count:
        found = found[:count]
        forward = [*used, ("_count", str(count)), (AFTER, str(found[-1].pk))]
        links.append({"relation": "next", "url": _url(request, forward)})
    return Page(found, _total(request, kind, rows, used), links)


def _filtered(
    kind: Kind, actor: Actor, asked: list[tuple[str, str]], *, strict: bool
) -> tuple[QuerySet[Any], list[tuple[str, str]]]:
    rows, used = kind.rows(actor), []
    for name, value in asked:
        plain, _, modifier = name.partition(":")
        if plain in _CONTROLS:
            _CONTROLS[plain](value)
            continue
        param = _param(kind, plain)
        if param is None:
            if strict:
                known = ", ".join(sorted([*kind.params, *_CONTROLS, "_id"]))
                raise FhirError(400, "not-supported", f"{kind.type} has no search parameter {plain!r}; it has {known}")
            continue
        rows = rows.filter(_asked(param, plain, modifier, value))
        used.append((name, value))
    return rows, used


def _asked(param: Param, name: str, modifier: str, value: str) -> Q:
    if modifier and modifier not in param.modifiers:
        raise FhirError(400, "not-supported", f"the modifier :{modifier} is not supported for {name}")
    values = [part for part in value.split(",") if part.strip()]
    if not values:
        raise FhirError(400, "value", f"{name} needs a value")
    if "\x00" in value:
        raise FhirError(400, "value", f"{name} holds the character U+0000")
    found = [param.matches(part, modifier) for part in values]
    return reduce(and_ if modifier == "not" else or_, found)


@dataclass(frozen=True, slots=True)
class _Id:
    kind: Kind
    type: str = "token"
    modifiers: tuple[str, ...] = ()

    def matches(self, value: str, modifier: str) -> Q:  # noqa: ARG002 has no modifiers
        key = key_of(value, by_uuid=self.kind.by_uuid)
        return Q(pk__in=[]) if key is None else Q(**{self.kind.key: key})


def _param(kind: Kind, name: str) -> Param | None:
    if name == "_id":
        return _Id(kind)
    if name == "_lastUpdated" and kind.changed:
        return Date(kind.changed)
    return kind.params.get(name)


def _count(request: HttpRequest) -> int:
    if request.GET.get("_summary") == "count":
        return 0
    text = request.GET.get("_count", str(PAGE))
    if not text.isascii() or not text.isdecimal():
        raise FhirError(400, "value", f"_count: {text!r} is not a number from 0 to {LARGEST_PAGE}")
    return min(int(text), LARGEST_PAGE)


def _after(request: HttpRequest) -> int:
    text = request.GET.get(AFTER, "0")
    key = key_of(text, by_uuid=False)
    if not isinstance(key, int):
        raise FhirError(400, "value", f"{AFTER}: {text!r} is not the mark of a page")
    return key


def _total(request: HttpRequest, kind: Kind, rows: QuerySet[Any], used: list[tuple[str, str]]) -> int | None:
    """The number of matches: always for a person's own, else where it is asked for or little is left to count."""
    wanted = request.GET.get("_total") or ("accurate" if request.GET.get("_summary") == "count" else "")
    bounded = not kind.person or kind.type == "Patient" or any(name in _PERSON_PARAMS for name, _ in used)
    return rows.count() if wanted in {"accurate", "estimate"} or (bounded and wanted != "none") else None


def _any_value(value: str) -> None:
    """Read where it is used."""


def _format(value: str) -> None:
    if value not in _FORMATS:
        raise FhirError(406, "not-supported", f"_format {value!r} is not offered; only JSON is")


def _one_of(*allowed: str) -> Any:
    def check(value: str) -> None:
        if value not in allowed:
            raise FhirError(400, "value", f"{value!r} is not one of {', '.join(allowed)}")

    return check


_CONTROLS = {
    "_count": _any_value,
    AFTER: _any_value,
    "_format": _format,
    "_pretty": _any_value,
    "_total": _one_of("none", "estimate", "accurate"),
    "_summary": _one_of("count", "false"),
}


def _paging(request: HttpRequest) -> list[tuple[str, str]]:
    return [(name, request.GET[name]) for name in ("_count", AFTER, "_total", "_summary") if name in request.GET]


def _url(request: HttpRequest, params: list[tuple[str, str]]) -> str:
    query = urlencode(params)
    return request.build_absolute_uri(request.path) + (f"?{query}" if query else "")
