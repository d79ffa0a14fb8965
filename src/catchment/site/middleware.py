"""What happens around every page: who acts, how a refusal is answered, what a page may load."""

import uuid
from collections.abc import Callable
from datetime import UTC, datetime

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from catchment.kernel import audit, clock
from catchment.kernel import wall as kernel_wall
from catchment.kernel.actor import Actor
from catchment.kernel.errors import Invalid, Problem, Refusal
from catchment.rooms.consent import queries as consent_queries
from catchment.rooms.staff import actions as staff_actions
from catchment.rooms.staff import queries as staff_queries
from catchment.site import outages, refusals
from catchment.site.once import DOORS
from catchment.site.signin.begin import BEGUN_KEY, POST_KEY, SEEN_KEY

Handler = Callable[[HttpRequest], HttpResponse]
MOST_BYTES = 64 * 1024 * 1024
SEEN_EVERY = 60  # seconds between writes of when a session was last used
POLICY = (
    "default-src 'self'; img-src 'self' data: blob:; style-src 'self' 'unsafe-inline'; worker-src 'self' blob:; "
    "frame-ancestors 'none'; form-action 'self'; base-uri 'none'; object-src 'none'"
)


def bounded(get_response: Handler) -> Handler:
    """Refuse a body that is larger than anything this site takes, before it is read or kept anywhere."""

    def handle(request: HttpRequest) -> HttpResponse:
        length = request.META.get("CONTENT_LENGTH") or "0"
        if length.isascii() and length.isdigit() and int(length) <= MOST_BYTES:
            return get_response(request)
        told = _("内容超过 %s MB，请拆分后再传") % (MOST_BYTES // 1024 // 1024)
        return JsonResponse({"code": "too-large", "message": told, "facts": {}}, status=413)

    return handle


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
        return staff_actions.act_by_token(secret=token, now=clock.now(), request_id=request_id)
    if not request.user.is_authenticated or POST_KEY not in request.session:
        return None
    return _actor_of_session(request, request_id, clock.now())


def _actor_of_session(request: HttpRequest, request_id: str, now: datetime) -> Actor | None:
    session = request.session
    begun = datetime.fromtimestamp(session[BEGUN_KEY], UTC) if BEGUN_KEY in session else None
    user_id = int(request.user.pk or 0)
    day = timezone.localdate(now)
    actor = staff_queries.actor_of_post(session[POST_KEY], user_id=user_id, begun=begun, request_id=request_id, day=day)
    if actor is None:
        _end(request, now, "post", _("岗位已结束、账号已停用，或已在别处退出全部会话，请重新登录。"))
        return None
    rested = now.timestamp() - session.get(SEEN_KEY, now.timestamp())
    if rested > staff_queries.idle_limit(actor.role, timezone.localdate(now)).total_seconds():
        _end(request, now, "idle", _("长时间没有操作，已自动退出，请重新登录。"))
        return None
    if rested > SEEN_EVERY or SEEN_KEY not in session:
        session[SEEN_KEY] = now.timestamp()
    return actor


def _end(request: HttpRequest, now: datetime, why: str, told: str) -> None:
    user = Actor(role="user", capabilities=frozenset(), user_id=request.user.pk)
    audit.record(actor=user, event="session.ended", at=now, detail={"why": why})
    logout(request)
    messages.warning(request, told)


def _language_of(request: HttpRequest) -> str:
    wanted = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
    if wanted in {code for code, _name in settings.LANGUAGES}:
        return wanted
    asked = request.path.startswith(DOORS) and request.headers.get("Accept-Language")
    return translation.get_language_from_request(request) if asked else settings.LANGUAGE_CODE


def chosen_language(get_response: Handler) -> Handler:
    """Chinese unless the reader has chosen otherwise; a program is asked what it wants, a browser is not."""

    def handle(request: HttpRequest) -> HttpResponse:
        with translation.override(_language_of(request)):
            request.LANGUAGE_CODE = translation.get_language()
            response = get_response(request)
            response.headers.setdefault("Content-Language", str(translation.get_language()))
            return response

    return handle


def answer_refusals(get_response: Handler) -> Handler:
    """A refusal becomes its page (or JSON) with its own status, an outage a 503; Django calls this hook by name."""

    def handle(request: HttpRequest) -> HttpResponse:
        if not request.path.startswith("/fhir/") and _has_nul(request):
            refusal = Invalid(Problem("", _("内容里有不能保存的字符（空字符），请删去后重试")))
            if request.path.startswith("/api/"):
                return JsonResponse(refusals.body(refusal), status=400)
            return render(request, "refusal.html", {"refusal": refusal}, status=400)
        response = get_response(request)
        return _for_programs(response) if request.path.startswith("/api/") else response

    def process_exception(request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not isinstance(exception, Refusal):
            return outages.answer(request, exception)
        refusals.note(request, exception)
        if request.path.startswith("/api/"):
            return JsonResponse(refusals.body(exception), status=exception.status)
        if exception.code == "no-relation" and request.method == "GET" and "HX-Request" not in request.headers:
            return redirect("person-access", public_id=exception.facts["public_id"])
        return render(request, "refusal.html", {"refusal": exception}, status=exception.status)

    handle.process_exception = process_exception  # type: ignore[attr-defined]
    return handle


def _for_programs(response: HttpResponse) -> HttpResponse:
    """What no operation of the API has answered, in the form of a refusal."""
    told = {
        400: ("unreadable", _("请求的内容无法读取")),
        404: ("not-found", _("没有这个地址")),
        405: ("not-allowed", _("这个地址不支持这种请求方法")),
    }
    if response.status_code not in told or response.headers.get("Content-Type", "").startswith("application/json"):
        return response
    code, message = told[response.status_code]
    answer = JsonResponse({"code": code, "message": message, "facts": {}}, status=response.status_code)
    if "Allow" in response.headers:
        answer.headers["Allow"] = response.headers["Allow"]
    return answer


def _has_nul(request: HttpRequest) -> bool:
    """Whether a form or an address carries the one character that PostgreSQL does not keep."""
    return any("\x00" in value for given in (request.GET, request.POST) for _n, all_ in given.lists() for value in all_)


def content_policy(get_response: Handler) -> Handler:
    """Nothing from other hosts, no scripts inside pages, no framing."""

    def handle(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        response.headers.setdefault("Content-Security-Policy", POLICY)
        return response

    return handle
