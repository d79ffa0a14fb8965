"""The rulebook: what is in force, what was, what changed, and publishing a new edition."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from catchment.kernel import clock, uploads
from catchment.kernel.access import actor_of, needs
from catchment.kernel.errors import Invalid, Problem
from catchment.kernel.sheets import XLSX
from catchment.rooms.rulebook import actions, queries
from catchment.rooms.rulebook.rules import differences, tables_of
from catchment.rooms.rulebook.types import EditionForm

MOST_BYTES = 2_000_000


@needs("rulebook.read")
@require_GET
def rules(request: HttpRequest) -> HttpResponse:
    """Every rule with the edition in force today."""
    today = timezone.localdate()
    current = queries.in_force(today)
    return render(request, "rulebook/rules.html", {"section": "rulebook", "current": current, "today": today})


@needs("rulebook.read")
@require_GET
def rule(request: HttpRequest, key: str) -> HttpResponse:
    """One rule: an edition's content drawn as tables, and all its editions."""
    versions = queries.editions(key)
    wanted = request.GET.get("version")
    shown = queries.edition(key, wanted) if wanted else queries.edition_on(key, timezone.localdate())
    context = {
        "section": "rulebook",
        "edition": shown,
        "editions": versions,
        "tables": tables_of(shown.content),
    }
    return render(request, "rulebook/rule.html", context)


@needs("rulebook.read")
@require_GET
def compare(request: HttpRequest, key: str) -> HttpResponse:
    """Two editions side by side, only what differs."""
    left = queries.edition(key, request.GET.get("left", ""))
    right = queries.edition(key, request.GET.get("right", ""))
    context = {
        "section": "rulebook",
        "left": left,
        "right": right,
        "differences": differences(left.content, right.content),
    }
    return render(request, "rulebook/compare.html", context)


@needs("rulebook.read")
@require_GET
def download(request: HttpRequest, key: str, version: str) -> HttpResponse:  # noqa: ARG001 Django passes it
    """An edition as the YAML file that `upload` takes."""
    text = actions.write_yaml(queries.edition(key, version))
    return uploads.to_keep(text.encode(), "application/yaml", f"{key}.yaml")


@needs("rulebook.publish")
@require_http_methods(["GET", "POST"])
def upload(request: HttpRequest) -> HttpResponse:
    """Publish an edition from a YAML file or a spreadsheet; what is wrong is told with its place."""
    if request.method == "GET":
        return render(request, "rulebook/upload.html", {"section": "rulebook"})
    try:
        published = actions.publish_edition(actor=actor_of(request), now=clock.now(), form=_read(request))
    except Invalid as refused:
        context = {"section": "rulebook", "problems": refused.problems}
        return render(request, "rulebook/upload.html", context, status=422)
    return redirect("rule", key=published.key)


def _read(request: HttpRequest) -> EditionForm:
    given = request.FILES.get("file")
    if given is None:
        raise Invalid(Problem("file", _("请选择一个 YAML 或 xlsx 文件")))
    if (given.size or 0) > MOST_BYTES:
        raise Invalid(Problem("file", _("文件不能超过 2 MB")))
    content = given.read()
    if uploads.content_type(content, {XLSX}):
        return actions.read_sheet(content)
    try:
        return actions.read_yaml(content.decode("utf-8-sig"))
    except UnicodeDecodeError:
        raise Invalid(Problem("file", _("文件应为 UTF-8 编码的 YAML，或 xlsx 表格"))) from None
