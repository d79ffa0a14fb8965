"""The native HTTP API: who may call, how a refusal is told, which rooms answer."""

import re
from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError
from ninja.parser import Parser
from ninja.security import APIKeyCookie, HttpBearer

from catchment import __version__
from catchment.kernel.actor import Actor
from catchment.kernel.errors import Refusal
from catchment.rooms.board.api import router as board_router
from catchment.rooms.consent.api import router as consent_router
from catchment.rooms.people.api import router as people_router
from catchment.rooms.referral.api import router as referral_router
from catchment.rooms.screening.api import router as screening_router
from catchment.rooms.staff.api import router as staff_router
from catchment.site import refusals

UNKEPT = re.compile("[\x00\ud800-\udfff]")


class Token(HttpBearer):
    """A system's token; the middleware has already found its post."""

    def authenticate(self, request: HttpRequest, token: str) -> Actor | None:  # noqa: ARG002 checked by middleware
        return getattr(request, "actor", None)


class SignedIn(APIKeyCookie):
    """A signed-in post, with the same protection against forged requests as the pages."""

    param_name = settings.SESSION_COOKIE_NAME

    def authenticate(self, request: HttpRequest, key: str | None) -> Actor | None:  # noqa: ARG002 checked by middleware
        return getattr(request, "actor", None)


class Plain(Parser):
    """JSON whose texts can be kept: without NUL and halves of characters, which PostgreSQL refuses."""

    def parse_body(self, request: HttpRequest) -> Any:
        """The body; `ValueError`, which ninja answers with 400, for one that is no such JSON."""
        body = super().parse_body(request)
        if any(UNKEPT.search(text) for text in _texts(body)):
            raise ValueError
        return body


def _texts(node: Any) -> Iterator[str]:
    if isinstance(node, str):
        yield node
    for part in [*node, *node.values()] if isinstance(node, dict) else node if isinstance(node, list) else ():
        yield from _texts(part)


api = NinjaAPI(
    title="Catchment",
    version=__version__,
    description="A county's health community: referral and the board it works on.",
    auth=[Token(), SignedIn(csrf=True)],
    docs_url=None,
    parser=Plain(),
    urls_namespace="api",
)
api.add_router("", referral_router)
api.add_router("", board_router)
api.add_router("", people_router)
api.add_router("", staff_router)
api.add_router("", consent_router)
api.add_router("", screening_router)


@api.exception_handler(Refusal)
def refused(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    """A refusal: its code for programs, its words for people, each problem with its field."""
    refusals.note(request, refusal)
    return api.create_response(request, refusals.body(refusal), status=refusal.status)


@api.exception_handler(ValidationError)
def unreadable(request: HttpRequest, error: ValidationError) -> HttpResponse:
    """A body or parameter that does not fit its type, in the same form as a refusal."""
    problems = [{"field": ".".join(str(part) for part in one["loc"]), "message": one["msg"]} for one in error.errors]
    body = {"code": "invalid", "message": "；".join(one["message"] for one in problems), "problems": problems}
    return api.create_response(request, body, status=422)


@api.exception_handler(HttpError)
def unparsed(request: HttpRequest, error: HttpError) -> HttpResponse:
    """A body that is no JSON, or holds what cannot be kept."""
    body = {"code": "unreadable", "message": _("请求的内容无法读取"), "facts": {}}
    return api.create_response(request, body, status=error.status_code)


@api.exception_handler(AuthenticationError)
def unknown(request: HttpRequest, _error: AuthenticationError) -> HttpResponse:
    """Nobody known is calling: no token, or one that is unknown, revoked or past its time."""
    body = {"code": "not-signed-in", "message": _("请出示有效的令牌，或先登录"), "facts": {}}
    return api.create_response(request, body, status=401)
