"""Search: from the query string to a Bundle with links to go on."""

from dataclasses import dataclass
from functools import reduce
from itertools import groupby
from operator import and_, itemgetter, or_
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
    """One page of a search: its rows with their tables, how many match in all (`None`: not counted), the links."""

    rows: list[tuple[Kind, Any]]
    total: int | None
    links: list[dict[str, str]]

    def resources(self) -> list[dict[str, Any]]:
        """The rows as resources, in their order."""
        by_table = groupby(self.rows, key=itemgetter(0))
        return [one for table, pairs in by_table for one in table.resources(row for _, row in pairs)]


def search(request: HttpRequest, kind: Kind) -> Page:
    """Find rows by id, ascending. An unknown parameter is refused, unless `Prefer: handling=lenient` is sent."""
    asked = [(name, value) for name in request.GET for value in request.GET.getlist(name)]
    tables = kind.parts(actor_of(request))
    used = _used(tables, asked, strict="handling=lenient" not in request.headers.get("Prefer", ""))
    matches = _matches(tables, actor_of(request), used)
    count = _count(request)
    found = _window(matches, _after(request), count) if count else []
    links = [{"relation": "self", "url": _url(request, [*used, *_paging(request)])}]
    if len(found) > count and count:
        found = found[:count]
        place, _, last = found[-1]
        forward = [*used, ("_count", str(count)), (AFTER, f"{place}-{last.pk}" if place else str(last.pk))]
        links.append({"relation": "next", "url": _url(request, forward)})
    return Page([(table, row) for _, table, row in found], _total(request, kind, matches, used), links)


Matches = list[tuple[Kind, QuerySet[Any]]]


def _window(matches: Matches, after: tuple[int, int], count: int) -> list[tuple[int, Kind, Any]]:
    """The next rows after a mark, one more than are shown, each with its table's place."""
    found: list[tuple[int, Kind, Any]] = []
    for place, (table, rows) in list(enumerate(matches))[after[0] :]:
        window = rows.filter(pk__gt=after[1]) if place == after[0] and after[1] else rows
        found += [(place, table, row) for row in window.order_by("pk")[: count + 1 - len(found)]]
        if len(found) > count:
            break
    return found


def _used(tables: list[Kind], asked: list[tuple[str, str]], *, strict: bool) -> list[tuple[str, str]]:
    """What is searched by; controls are checked, and a name that no table of the type knows is refused."""
    used = []
    for name, value in asked:
        plain = name.partition(":")[0]
        if plain in _CONTROLS:
            _CONTROLS[plain](value)
        elif any(_param(table, plain) for table in tables):
            used.append((name, value))
        elif strict:
            kind = tables[0]
            known = ", ".join(sorted({*(name for table in tables for name in table.params), *_CONTROLS, "_id"}))
            raise FhirError(400, "not-supported", f"{kind.type} has no search parameter {plain!r}; it has {known}")
    return used


def _matches(tables: list[Kind], actor: Actor, used: list[tuple[str, str]]) -> Matches:
    """What each table finds; a value that is refused by one of them only finds nothing there."""
    found: Matches = []
    refusals = []
    for table in tables:
        try:
            found.append((table, _filtered(table, actor, used)))
        except FhirError as refusal:
            refusals.append(refusal)
            found.append((table, table.rows(actor).none()))
    if len(refusals) == len(tables):
        raise refusals[0]
    return found


def _filtered(table: Kind, actor: Actor, used: list[tuple[str, str]]) -> QuerySet[Any]:
    rows = table.rows(actor)
    for name, value in used:
        plain, _, modifier = name.partition(":")
        param = _param(table, plain)
        rows = rows.filter(_asked(param, plain, modifier, value)) if param else rows.none()
    return rows


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


def _after(request: HttpRequest) -> tuple[int, int]:
    """The place of the table and the key of its last row that was shown."""
    text = request.GET.get(AFTER, "0")
    place, dash, key = text.rpartition("-")
    last = key_of(key, by_uuid=False)
    if not isinstance(last, int) or (dash and place != "1"):
        raise FhirError(400, "value", f"{AFTER}: {text!r} is not the mark of a page")
    return int(place or 0), last


def _total(request: HttpRequest, kind: Kind, matches: Matches, used: list[tuple[str, str]]) -> int | None:
    """The number of matches: always for a person's own, else where it is asked for or little is left to count."""
    wanted = request.GET.get("_total") or ("accurate" if request.GET.get("_summary") == "count" else "")
    bounded = not kind.person or kind.type == "Patient" or any(name in _PERSON_PARAMS for name, _ in used)
    counted = wanted in {"accurate", "estimate"} or (bounded and wanted != "none")
    return sum(rows.count() for _, rows in matches) if counted else None


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
    return request.build_absolute_uri(request.path.removesuffix("/_search")) + (f"?{query}" if query else "")
