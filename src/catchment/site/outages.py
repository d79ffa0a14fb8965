"""The answer when the database cannot serve: 503, when to come again, and nothing of what went wrong inside."""

import sys
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.views.defaults import server_error

from catchment.kernel import outage
from catchment.kernel.outage import Outage


def answer(request: HttpRequest, error: BaseException | None) -> HttpResponse | None:
    """The answer to an outage; `None` when the error is none."""
    found = outage.of(error)
    if found is None:
        return None
    response = _answer(request, found)
    response.headers["Retry-After"] = str(found.retry_after)
    response.headers["Cache-Control"] = "no-store"
    response.outage = error  # type: ignore[attr-defined]
    return response


def on_error(request: HttpRequest, *_args: Any) -> HttpResponse:
    """Django's handler of what nobody else handled, also around pages: an outage is one, a defect is a plain 500."""
    return answer(request, sys.exc_info()[1]) or server_error(request)


def words(found: Outage) -> str:
    """What to tell a person."""
    told = {
        "disk-full": _("服务器存储空间已满，刚才的操作没有保存。请联系管理员后重试。"),
        "busy": _("同一条记录正在被别人办理，刚才的操作没有保存，请重试。"),
        "too-slow": _("这次查询用时过长，已停止。请缩小范围后重试。"),
    }
    return told.get(found.code) or _("数据库暂时连接不上。如刚才提交了内容，请稍后重试；重复提交不会重复办理。")


def _answer(request: HttpRequest, found: Outage) -> HttpResponse:
    message = words(found)
    if request.path.startswith("/fhir/"):
        issue = {"severity": "error", "code": "transient", "diagnostics": message, "details": {"text": found.code}}
        body: dict[str, Any] = {"resourceType": "OperationOutcome", "issue": [issue]}
        return JsonResponse(body, status=503, content_type="application/fhir+json")
    if request.path.startswith("/api/"):
        facts = {"retry_after": found.retry_after}
        return JsonResponse({"code": found.code, "message": message, "facts": facts}, status=503)
    return HttpResponse(render_to_string("503.html", {"message": message}), status=503)
