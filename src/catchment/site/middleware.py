"""What happens around every page: who acts, how a refusal is answered, what a page may load."""

import uuid
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone, translation

from catchment.kernel import clock
from catchment.kernel import wall as kernel_wall
from catchment.kernel.actor import Actor
from catchment.kernel.errors import Refusal
from catchment.rooms.consent import queries as consent_queries
from catchment.rooms.staff import queries as staff_queries
from catchment.site.signin.begin import POST_KEY

Handler = Callable[[HttpRequest], HttpResponse]
POLICY = (
    "default-src 'self'; img-src 'self' data: blob:; style-src 'self' 'unsafe-inline'; worker-src 'self' blob:; "
    "frame-ancestors 'none'; form-action 'self'; base-uri 'none'; object-src 'none'"
)


def acting_post(get_response: Handler) -> Handler:
    """Put the acting post on `request.actor`: the one chosen in the session, `None` when signed out."""

    def handle(request: HttpRequest) -> HttpResponse:
        request.request_id = str(uuid.uuid4())  # type: ignore[attr-defined]
        request.actor = _actor(request, request.request_id)  # type: ignore[attr-defined]
        return get_response(request)

    return handle


def wall(get_response: Handler) -> Handler:
    """Tell the database for whom this request asks, and let go afterwards, whatever happened."""

    def handle(request: HttpRequest) -> HttpResponse:
        now, actor = clock.now(), request.actor  # type: ignore[attr-defined]
        if actor is None:
            with kernel_wall.nobody(at=now):
                return get_response(request)
        kernel_wall.enter(actor, at=now, terms=consent_queries.wall_terms(timezone.localdate(now)))
        try:
            return get_response(request)
        finally:
            kernel_wall.leave()

    return handle


def _actor(request: HttpRequest, request_id: str) -> Actor | None:
    scheme, _space, token = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() == "bearer":
        # A token is given by hand with every request; no browser sends it along unasked.
        request._dont_enforce_csrf_checks = True  # type: ignore[attr-defined]  # noqa: SLF001 Django's own mark
        return staff_queries.actor_of_token(token, clock.now(), request_id=request_id)
    post_id = request.session.get(POST_KEY)
    if not post_id or not request.user.is_authenticated:
        return None
    return staff_queries.actor_of_post(post_id, user_id=request.user.pk, request_id=request_id)


def chosen_language(get_response: Handler) -> Handler:
    """Chinese unless the reader has chosen otherwise; what a browser prefers is not asked."""

    def handle(request: HttpRequest) -> HttpResponse:
        wanted = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
        known = {code for code, _name in settings.LANGUAGES}
        with translation.override(wanted if wanted in known else settings.LANGUAGE_CODE):
            request.LANGUAGE_CODE = translation.get_language()
            response = get_response(request)
            response.headers.setdefault("Content-Language", str(translation.get_language()))
            return response

    return handle


def answer_refusals(get_response: Handler) -> Handler:
    """A refusal becomes its page (or JSON) with its own status; Django calls this hook by name."""

    def handle(request: HttpRequest) -> HttpResponse:
        return get_response(request)

    def process_exception(request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not isinstance(exception, Refusal):
            return None
        if request.path.startswith("/api/"):
            body = {"code": exception.code, "message": str(exception)}
            return JsonResponse(body, status=exception.status)
        return render(request, "refusal.html", {"refusal": exception}, status=exception.status)

    handle.process_exception = process_exception  # type: ignore[attr-defined]
    return handle


def content_policy(get_response: Handler) -> Handler:
    """Nothing from other hosts, no scripts inside pages, no framing."""

    def handle(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        response.headers.setdefault("Content-Security-Policy", POLICY)
        return response

    return handle
