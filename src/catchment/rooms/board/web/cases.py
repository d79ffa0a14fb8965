"""A case of an office: whom it is about, by pseudonym until somebody opens who that is, and its conclusion."""

from datetime import timedelta
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_POST

from catchment.kernel import clock, panels
from catchment.kernel.access import actor_of, needs
from catchment.kernel.errors import Invalid
from catchment.kernel.ui.tags import span
from catchment.rooms.board import actions, queries
from catchment.rooms.board.types import Case, CasePerson
from catchment.rooms.consent import queries as consent
from catchment.rooms.consent.rules import IDENTITY, Purpose


class OpenForm(forms.Form):
    """For what, and what the office wants to remember of it."""

    purpose = forms.ChoiceField(
        label=_("用途"),
        error_messages={"required": _("请选择用途"), "invalid_choice": _("请从列出的用途中选择")},
        widget=forms.RadioSelect(attrs={"class": "form-check-input"}),
    )
    note = forms.CharField(
        label=_("说明（可不填，只有本单位和隐私专员看到）"),
        required=False,
        max_length=200,
        widget=forms.Textarea(attrs={"class": "form-control", "rows": 2}),
    )

    def __init__(self, purposes: tuple[Purpose, ...], given: Any = None) -> None:
        super().__init__(given)
        self.fields["purpose"].choices = [(one.code, consent.purpose_name(one)) for one in purposes]  # type: ignore[attr-defined]


class ConcludeForm(forms.Form):
    outcome = forms.CharField(
        label=_("办理结果"),
        max_length=200,
        error_messages={"required": _("请写明办理结果")},
        widget=forms.Textarea(attrs={"class": "form-control", "rows": 2}),
    )


@needs("identity.open")
@require_GET
def index(request: HttpRequest) -> HttpResponse:
    """The cases that the office holds in which an identity may be opened."""
    context = {"section": "board", "cases": queries.held_cases(actor_of(request), clock.now())}
    return render(request, "board/cases.html", context)


@needs("identity.open")
@require_GET
def show(request: HttpRequest, kind: str, ref: str) -> HttpResponse:
    """The case; with `who`, one person of it: the question for what, or who it is while that is open."""
    return _page(request, queries.held_case(actor_of(request), kind, ref, clock.now()), request.GET.get("who", ""))


@needs("identity.open")
@require_POST
def open_person(request: HttpRequest, kind: str, ref: str) -> HttpResponse:
    """Open who one person of the case is."""
    actor, now, who = actor_of(request), clock.now(), request.POST.get("who", "")
    form = OpenForm(consent.identity_rule(timezone.localdate(now)).purposes_in(kind), request.POST)
    form.full_clean()
    given = {"purpose": request.POST.get("purpose", ""), "note": request.POST.get("note", "")}
    try:
        actions.open_identity(actor=actor, now=now, kind=kind, ref=ref, who=who, **given)
    except Invalid as refusal:
        if not form.errors:
            form.add_error("purpose", str(refusal))
        return _page(request, queries.held_case(actor, kind, ref, now), who, opening=form)
    return redirect(f"{request.path.removesuffix('open')}?{urlencode({'who': who})}")


@needs("identity.open")
@require_POST
def conclude(request: HttpRequest, kind: str, ref: str) -> HttpResponse:
    """End the case by what came of it; whoever was opened in it is closed."""
    actor, now = actor_of(request), clock.now()
    form = ConcludeForm(request.POST)
    if not form.is_valid():
        return _page(request, queries.held_case(actor, kind, ref, now), "", concluding=form)
    actions.conclude(actor=actor, now=now, kind=kind, ref=ref, outcome=form.cleaned_data["outcome"])
    messages.success(request, _("已办结，打开过的身份已收回"))
    return redirect("board")


def _page(
    request: HttpRequest,
    case: Case,
    who: str,
    *,
    opening: OpenForm | None = None,
    concluding: ConcludeForm | None = None,
) -> HttpResponse:
    person = case.person(who) or (case.people[0] if len(case.people) == 1 else None)
    today = timezone.localdate(clock.now())
    rule = consent.identity_rule(today)
    purposes = rule.purposes_in(case.kind)
    context = {
        "section": "board",
        "case": case,
        "chosen": person,
        "identity": _identity(request, case, person),
        "panels": panels.gather("case", kind=case.kind, ref=case.ref, actor=actor_of(request), now=clock.now()),
        "form": opening or OpenForm(purposes),
        "concluding": concluding or (ConcludeForm() if case.concluded else None),
        "purposes": {one.code: consent.purpose_name(one) for one in purposes},
        "length": span(timedelta(minutes=rule.minutes)),
        "verified": consent.identity_verified(today),
        "rule": IDENTITY,
    }
    failed = any(form is not None and form.errors for form in (opening, concluding))
    answer = render(request, "board/case.html", context, status=422 if failed else 200)
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _identity(request: HttpRequest, case: Case, person: CasePerson | None) -> Any:
    if person is None or person.open_until is None:
        return None
    return actions.read_identity(
        actor=actor_of(request), now=clock.now(), kind=case.kind, ref=case.ref, who=person.pseudonym
    )
