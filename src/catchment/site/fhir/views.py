"""The doors: metadata, read, search, `$everything`. Whatever goes wrong is answered as an OperationOutcome.

Reading and searching ask the capability of the resource type.
"""

from collections.abc import Callable, Iterable
from functools import wraps
from typing import Any

from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from psycopg.errors import QueryCanceled

from catchment.kernel import audit, clock
from catchment.kernel.access import PUBLIC, SIGNED_IN, actor_of
from catchment.kernel.actor import Actor
from catchment.kernel.errors import Refusal
from catchment.site import refusals
from catchment.site.fhir import capability
from catchment.site.fhir.everything import bundle, everything
from catchment.site.fhir.outcome import FhirError, answer
from catchment.site.fhir.params import key_of
from catchment.site.fhir.registry import Kind, kind_of
from catchment.site.fhir.search import search

CAPABILITY = "people.read"
ROOT = "/fhir/R4"
View = Callable[..., HttpResponse]
FORM = "application/x-www-form-urlencoded"


def door(capability_asked: str, methods: tuple[str, ...] = ("GET", "HEAD")) -> Callable[[View], View]:
    """Declare what a door asks, and turn every refusal into an OperationOutcome with its status."""

    def declare(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            try:
                _check(request, capability_asked, methods)
                return view(request, *args, **kwargs)
            except FhirError as error:
                return _refuse(error, methods)
            except Refusal as refusal:
                refusals.note(request, refusal)
                code = {403: "forbidden", 404: "not-found"}.get(refusal.status, "processing")
                return _refuse(FhirError(refusal.status, code, str(refusal)))
            except OperationalError as error:
                if not isinstance(error.__cause__, QueryCanceled):
                    raise
                return _refuse(FhirError(503, "too-costly", "the search takes too long; bound it by patient or date"))

        guarded.capability = capability_asked  # type: ignore[attr-defined]
        return guarded

    return declare


@door(PUBLIC)
def metadata(request: HttpRequest) -> HttpResponse:
    return answer(capability.statement(_base(request), clock.now()))


@door(SIGNED_IN)
def search_type(request: HttpRequest, resource_type: str) -> HttpResponse:
    return _searched(request, _kind(resource_type))


def _searched(request: HttpRequest, kind: Kind) -> HttpResponse:
    page = search(request, kind)
    _audit(actor_of(request), kind, [row for _, row in page.rows], "search")
    more: dict[str, Any] = {"link": page.links}
    if page.total is not None:
        more["total"] = page.total
    return answer(bundle(kind.type, page.resources(), _base(request), clock.now(), **more))


@csrf_exempt
@door(SIGNED_IN, methods=("POST",))
def search_form(request: HttpRequest, resource_type: str) -> HttpResponse:
    """`POST Type/_search`: the same search with its values in the body, where no server on the way notes them."""
    if request.content_type != FORM:
        raise FhirError(415, "not-supported", f"_search takes {FORM}, not {request.content_type!r:.80}")
    asked = request.GET.copy()
    for name, values in request.POST.lists():
        asked.setlist(name, asked.getlist(name) + values)
    request.GET = asked  # type: ignore[assignment]
    return _searched(request, _kind(resource_type))


@door(SIGNED_IN)
def read(request: HttpRequest, resource_type: str, key: str) -> HttpResponse:
    table, row = _row(request, _kind(resource_type), key)
    _audit(actor_of(request), table, [row], "read")
    return answer(table.resources([row])[0])


@door(CAPABILITY)
def person_everything(request: HttpRequest, key: str) -> HttpResponse:
    kind = _kind("Patient")
    _, person = _row(request, kind, key)
    resources = everything(request, person)
    _audit(actor_of(request), kind, [person], "everything")
    links = [{"relation": "self", "url": request.build_absolute_uri()}]
    return answer(bundle("Patient", resources, _base(request), clock.now(), link=links, total=len(resources)))


@door(PUBLIC)
def nothing(request: HttpRequest, rest: str) -> HttpResponse:  # noqa: ARG001 every view takes it
    raise FhirError(404, "not-found", f"there is nothing at {rest!r:.80}")


def _check(request: HttpRequest, capability_asked: str, methods: tuple[str, ...]) -> None:
    if request.method not in methods:
        raise FhirError(405, "not-supported", f"{request.method} is not offered here; reading and searching are")
    if capability_asked == PUBLIC:
        return
    actor: Actor | None = getattr(request, "actor", None)
    if actor is None:
        raise FhirError(401, "login", "a Bearer token of a registered system or a signed-in post is needed")
    if capability_asked != SIGNED_IN:
        actor.require(capability_asked)


def _refuse(error: FhirError, methods: tuple[str, ...] = ()) -> HttpResponse:
    response = answer(error.resource(), error.status)
    if error.status == 401:  # noqa: PLR2004 HTTP's own number
        response.headers["WWW-Authenticate"] = "Bearer"
    if error.status == 405:  # noqa: PLR2004 HTTP's own number
        response.headers["Allow"] = ", ".join(methods)
    return response


def _kind(resource_type: str) -> Kind:
    kind = kind_of(resource_type)
    if kind is None:
        raise FhirError(404, "not-supported", f"{resource_type!r:.60} is not offered; see metadata")
    return kind


def _row(request: HttpRequest, kind: Kind, key: str) -> tuple[Kind, Any]:
    """The table that holds the resource, and its row."""
    actor = actor_of(request)
    for table in kind.parts(actor):
        found = key_of(key, by_uuid=table.by_uuid)
        row = table.rows(actor).filter(**{table.key: found}).first() if found is not None else None
        if row is not None:
            return table, row
    raise FhirError(404, "not-found", f"there is no {kind.type} {key!r:.80}")


def _base(request: HttpRequest) -> str:
    return request.build_absolute_uri(ROOT)


def _audit(actor: Actor, kind: Kind, rows: Iterable[Any], how: str) -> None:
    """One entry for each person who was read."""
    if not kind.person:
        return
    people = {getattr(row, kind.person) for row in rows}
    for person_id in sorted(key for key in people if key is not None):
        detail = {"type": kind.type, "how": how}
        audit.record(
            actor=actor, event="person.read", at=clock.now(), person_id=person_id, purpose="fhir", detail=detail
        )
