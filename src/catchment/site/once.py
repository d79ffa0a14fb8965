"""Requests with an idempotency key: done once, answered the same to whoever asks again."""

from collections.abc import Callable

from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse, JsonResponse

from catchment.kernel import clock, idempotency, outage
from catchment.kernel.errors import Refusal
from catchment.kernel.idempotency import Answer
from catchment.site import refusals

Handler = Callable[[HttpRequest], HttpResponse]
READS = {"GET", "HEAD", "OPTIONS", "TRACE"}
DOORS = ("/api/", "/fhir/")
NOT_KEPT = {401, 429}


def once(get_response: Handler) -> Handler:
    """Let a writing request of a program through once per key and post.

    What it does and its answer commit together. A refusal is kept as well; an outage is not, nothing was done.
    """

    def handle(request: HttpRequest) -> HttpResponse:
        key, actor = request.headers.get("Idempotency-Key"), getattr(request, "actor", None)
        asked = key is not None and request.method not in READS and request.path.startswith(DOORS)
        if not asked or actor is None or actor.post_id is None:
            return get_response(request)
        try:
            return _repeated(get_response, request, actor.post_id, str(key))
        except Refusal as refusal:
            return _refused(refusal)

    return handle


def _repeated(get_response: Handler, request: HttpRequest, post_id: int, key: str) -> HttpResponse:
    """Again, when the transaction lost to another one: it is ours to repeat."""
    for attempt in range(1, outage.ATTEMPTS):
        response = _through(get_response, request, post_id, key)
        if not outage.is_collision(getattr(response, "outage", None)):
            return response
        outage.pause(attempt)
    return _through(get_response, request, post_id, key)


def _through(get_response: Handler, request: HttpRequest, post_id: int, key: str) -> HttpResponse:
    asked = idempotency.fingerprint(str(request.method).encode(), request.get_full_path().encode(), request.body)
    undone = False
    with transaction.atomic():
        kept = idempotency.first_answer(post_id=post_id, key=key, asked=asked)
        if kept is not None:
            return _again(kept)
        response = get_response(request)
        if getattr(response, "outage", None) is not None or response.status_code >= 500:  # noqa: PLR2004 HTTP's own
            transaction.set_rollback(True)
            return response
        undone = connection.needs_rollback
        if not undone:
            _keep(post_id, key, asked, response)
    if undone:
        with transaction.atomic():
            if idempotency.first_answer(post_id=post_id, key=key, asked=asked) is None:
                _keep(post_id, key, asked, response)
    return response


def _keep(post_id: int, key: str, asked: str, response: HttpResponse) -> None:
    if response.status_code in NOT_KEPT:
        return
    answer = Answer(response.status_code, response.headers.get("Content-Type", ""), response.content.decode())
    idempotency.keep(post_id=post_id, key=key, asked=asked, answer=answer, now=clock.now())


def _again(kept: Answer) -> HttpResponse:
    response = HttpResponse(kept.body, status=kept.status, content_type=kept.content_type)
    response.headers["Idempotency-Replayed"] = "true"
    return response


def _refused(refusal: Refusal) -> HttpResponse:
    response = JsonResponse(refusals.body(refusal), status=refusal.status)
    if "retry_after" in refusal.facts:
        response.headers["Retry-After"] = str(refusal.facts["retry_after"])
    return response
