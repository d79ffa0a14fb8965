"""The door before a record that the acting post may not open: show a card, or break the glass."""

from collections.abc import Callable
from datetime import datetime, time, timedelta
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from catchment.kernel import clock
from catchment.kernel.access import actor_of, needs
from catchment.kernel.errors import Invalid, NotFound
from catchment.rooms.consent import actions, queries
from catchment.rooms.consent.models import Relation
from catchment.rooms.consent.web.panels import running_lines
from catchment.rooms.people import queries as people
from catchment.rooms.people.types import PersonLine


class Attend(forms.Form):
    number = forms.CharField(
        label=_("证件号、医保号或手机号"),
        max_length=40,
        error_messages={"required": _("请输入或扫描证件号")},
        widget=forms.TextInput(attrs={"class": "form-control", "autocomplete": "off", "inputmode": "text"}),
    )


class Glass(forms.Form):
    reason = forms.CharField(
        label=_("紧急情况"),
        max_length=500,
        error_messages={"required": _("请写明紧急情况")},
        widget=forms.Textarea(attrs={"class": "form-control", "rows": 3}),
    )


class Consent(forms.Form):
    until = forms.DateField(
        label=_("同意到哪一天为止"), widget=forms.DateInput(attrs={"type": "date", "class": "form-control"})
    )
    note = forms.CharField(
        label=_("同意书编号或见证人"),
        max_length=200,
        widget=forms.TextInput(attrs={"class": "form-control", "autocomplete": "off"}),
    )


@needs("consent.attend")
@require_GET
def show(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Who it is, as a search would show them, and the two ways in."""
    return _page(request, public_id)


@needs("consent.attend")
@require_http_methods(["POST"])
def attend(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """The person stands here; a number of theirs opens the record for the day."""
    return _open(request, public_id, "attend", Attend(request.POST), actions.attend_person)


@needs("consent.break-glass")
@require_http_methods(["POST"])
def glass(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """An emergency opens the record at once; it is told and judged."""
    return _open(request, public_id, "glass", Glass(request.POST), actions.break_glass)


@needs("consent.attend")
@require_http_methods(["POST"])
def consent(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """The person has agreed that this facility sees the sensitive parts, too, until a day."""
    form = Consent(request.POST)
    if form.is_valid():
        key = people.person_by_public_id(public_id).pk
        end = form.cleaned_data["until"] + timedelta(days=1)
        until = timezone.make_aware(datetime.combine(end, time.min))
        try:
            actions.consent_given(
                actor=actor_of(request), now=clock.now(), person_id=key, until=until, note=form.cleaned_data["note"]
            )
        except Invalid as refusal:
            for problem in refusal.problems:
                form.add_error(problem.field, problem.message)
        else:
            return redirect("person", public_id=public_id)
    return _page(request, public_id, consent=form)


@needs("consent.attend")
@require_POST
def end(request: HttpRequest, public_id: UUID, relation_id: int) -> HttpResponse:
    """The person or the facility ends a relation before its time; back to the door, which says what still stands."""
    key, _line = _found(public_id)
    if queries.relation(relation_id).person_id != key:
        raise NotFound("not-found", gettext("没有找到这条调阅记录"))
    actions.end_relation(actor=actor_of(request), now=clock.now(), relation_id=relation_id)
    messages.success(request, gettext("已结束。"))
    return redirect("person-access", public_id=public_id)


def _open(
    request: HttpRequest, public_id: UUID, name: str, form: forms.Form, begin: Callable[..., Relation]
) -> HttpResponse:
    """Begin a relation with what the form says and go on to the record; else the door again, with what is wrong."""
    if form.is_valid():
        key, _line = _found(public_id)
        try:
            begin(actor=actor_of(request), now=clock.now(), person_id=key, **form.cleaned_data)
        except Invalid as refusal:
            for problem in refusal.problems:
                form.add_error(problem.field, problem.message)
        else:
            return redirect("person", public_id=public_id)
    return _page(request, public_id, **{name: form})


def _found(public_id: UUID) -> tuple[int, PersonLine]:
    found = people.found_line(public_id)
    if found is None:
        raise people.refusal_for(public_id)
    return found


def _page(request: HttpRequest, public_id: UUID, **forms_given: forms.Form) -> HttpResponse:
    key, line = _found(public_id)
    now = clock.now()
    terms = queries.terms_on(timezone.localdate(now))
    reasons = queries.reasons_to_see(key)
    context: dict[str, Any] = {
        "section": "people",
        "line": line,
        "terms": terms,
        "verified": queries.terms_verified(timezone.localdate(now)),
        "hours": terms.break_glass_minutes // 60,
        "reasons": reasons,
        "panel": {"public_id": line.public_id, "lines": running_lines(key, actor_of(request), now)},
        "attend": Attend(),
        "glass": Glass(),
        "consent": Consent() if reasons else None,
        **forms_given,
    }
    return render(request, "consent/door.html", context, status=422 if forms_given else 200)
