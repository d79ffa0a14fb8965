"""What comes in and goes out as a file: earlier years, scores, the statement on paper, everything as a spreadsheet."""

from uuid import UUID

from django.contrib import messages
from django.core.signing import BadSignature, Signer
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from catchment.kernel import audit, clock, uploads
from catchment.kernel.access import actor_of, needs, public
from catchment.kernel.errors import Invalid, NotFound
from catchment.kernel.sheets import XLSX
from catchment.kernel.ui.paging import offset_of
from catchment.kernel.ui.paper import draw, printed, qr_svg
from catchment.rooms.budget.actions import uploading
from catchment.rooms.budget.models import Budget
from catchment.rooms.budget.queries import budgets
from catchment.rooms.budget.rules.steps import BUDGET
from catchment.rooms.budget.web import sheet as sheets
from catchment.rooms.budget.web import statement as papers
from catchment.rooms.budget.web.forms import FileForm
from catchment.rooms.places import queries as places

SIGNER = Signer(salt="budget.statement")
PAGE = 100


@needs("budget.supply")
@require_http_methods(["GET", "POST"])
def history(request: HttpRequest, community: str) -> HttpResponse:
    """Bring earlier years' spending; every row of every file is accounted for."""
    network = places.network_by_code(community)
    form = FileForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data["file"]
        try:
            account = uploading.bring_history(
                actor=actor_of(request), now=clock.now(), community=community, name=given.name, content=given.read(),
                by=actor_of(request).name,
            )  # fmt: skip
        except Invalid as refused:
            for problem in refused.problems:
                form.add_error("file", problem.message)
        else:
            told = _("读 %(read)d 行：收下 %(taken)d，已有 %(known)d，退回 %(rejected)d")
            messages.success(request, told % account.as_dict())
            return redirect("budget:history", community=community)
    context = {
        "section": "budget",
        "network": network,
        "form": form,
        "uploads": budgets.uploads(network),
        "columns": list(uploading.COLUMNS.values()),
        "categories": list(uploading.CATEGORIES),
    }
    return render(request, "budget/history.html", context, status=422 if form.errors else 200)


@needs("budget.supply")
@require_GET
def upload(request: HttpRequest, community: str, number: int) -> HttpResponse:
    """The rows of one file with the fate of each, the rejected first."""
    found, rows = budgets.upload_rows(community, number)
    offset = offset_of(request)
    shown = list(rows[offset : offset + PAGE + 1])
    context = {
        "section": "budget",
        "upload": found,
        "rows": shown[:PAGE],
        "next_offset": offset + PAGE if len(shown) > PAGE else None,
        "previous_offset": max(0, offset - PAGE) if offset else None,
    }
    return render(request, "budget/upload.html", context)


@needs("budget.settle")
@require_http_methods(["POST"])
def scores(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Freeze the year's appraisal scores from a file, all rows or none."""
    budget, form = budgets.by_public_id(public_id), FileForm(request.POST, request.FILES)
    if not form.is_valid():
        messages.error(request, _("请选择一个文件"))
        return redirect("budget:budget", public_id=public_id)
    given = form.cleaned_data["file"]
    try:
        uploading.freeze_scores(
            actor=actor_of(request), now=clock.now(), community=budget.network.code, year=budget.year,
            name=given.name, content=given.read(), by=actor_of(request).name,
        )  # fmt: skip
    except Invalid as refused:
        for problem in refused.problems:
            messages.error(request, f"{problem.field}：{problem.message}")
    else:
        messages.success(request, _("得分已冻结；尚未核算的年度将使用这一份"))
    return redirect("budget:budget", public_id=public_id)


@needs("budget.read")
@require_GET
def statement(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """The statement of clearance as PDF, A4, with a code that says whether it is genuine."""
    budget = budgets.by_public_id(public_id)
    clearance = budgets.clearance(budget)
    if clearance is None:
        raise NotFound("not-reckoned", _("这一年还没有核算，没有清算单"))
    number = papers.number_of(budget, clearance)
    address = request.build_absolute_uri(reverse("budget:check", args=[SIGNER.sign(f"{clearance.pk}")]))
    drawn = draw(papers.TEMPLATE, papers.content_of(budget, clearance, qr=str(qr_svg(address))))
    _noted(request, budget, "budget.print")
    return printed(drawn, number)


@public
@require_GET
def check(request: HttpRequest, signed: str) -> HttpResponse:
    """Whether a printed statement is genuine, and its sums as they stand, to compare with the paper."""
    try:
        found = budgets.clearance_by_id(int(SIGNER.unsign(signed)))
    except (BadSignature, NotFound, ValueError):
        found = None
    context = {"clearance": found, "number": papers.number_of(found.budget, found) if found else ""}
    return render(request, "budget/check.html", context, status=200 if found else 404)


@needs("budget.read")
@require_GET
def sheet(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Everything of the year as a spreadsheet; no cell of it is a formula."""
    budget = budgets.by_public_id(public_id)
    _noted(request, budget, "budget.export")
    name = f"budget-{budget.network.code}-{budget.year}.xlsx"
    return uploads.to_keep(sheets.book_of(budget, actor_of(request), clock.now()), XLSX, name)


def _noted(request: HttpRequest, budget: Budget, event: str) -> None:
    audit.record(actor=actor_of(request), event=event, at=clock.now(), subject=(BUDGET.kind, budget.pk))
