"""Who answers for a resident: the family doctor's contract signed, renewed, ended."""

from dataclasses import asdict
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as later
from django.views.decorators.http import require_http_methods

from catchment.kernel import clock, panels
from catchment.kernel.access import actor_of, needs
from catchment.kernel.actor import Actor
from catchment.kernel.errors import NotFound, Refusal
from catchment.kernel.ui.forms import CHOICE, TEXT, RefusableForm, day_field
from catchment.rooms.people.models import Person
from catchment.rooms.staff import actions, queries
from catchment.rooms.staff.models import CareResponsibility, Post
from catchment.rooms.staff.rules import role_label


class AssignForm(RefusableForm):
    """Which doctor, from when, with a contract until when."""

    post = forms.TypedChoiceField(label=later("责任医生"), coerce=int, widget=forms.Select(attrs=CHOICE))
    since = day_field(later("自哪天起"))
    contracted = forms.BooleanField(label=later("已签家庭医生协议"), required=False)
    agreed_until = day_field(later("协议签到哪天"), required=False)

    def __init__(self, *given: Any, posts: list[Post], **more: Any) -> None:
        super().__init__(*given, **more)
        self.fields["post"].choices = [  # type: ignore[attr-defined]
            (one.pk, f"{one.practitioner.name}（{role_label(one.role)}）") for one in posts
        ]


class EndForm(RefusableForm):
    """The first day without the doctor, and why."""

    until = day_field(later("自哪天起终止"))
    reason = forms.CharField(
        label=later("原因"), required=False, max_length=200, widget=forms.TextInput(attrs={**TEXT, "maxlength": 200})
    )


@needs("people.register")
@require_http_methods(["GET", "POST"])
def doctor(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """The same part as on the page of the person's data, alone; a POST assigns or ends, named by `act`."""
    actor, now, form = actor_of(request), clock.now(), None
    person, banner = queries.person_in_care(public_id, timezone.localdate(now))
    if request.method == "POST":
        form = _sent(request, actor, now)
        if form.is_valid() and _done(request, actor, now, person, form):
            return redirect("person-keep", public_id=person.public_id)
    context = {
        "section": "people",
        "person": person,
        "banner": asdict(banner) | panels.merged("banner-alerts", person_id=person.pk),
        "panel": shown(person, actor, now, form),
    }
    return render(request, "staff/doctor.html", context, status=422 if form and form.errors else 200)


def shown(person: Person, actor: Actor, now: datetime, form: RefusableForm | None = None) -> dict[str, Any]:
    """What the part shows: who answers now and did before, the forms, and why they are not open."""
    state, today = stood(person, now), timezone.localdate(now)
    present, posts = state["present"], _posts(actor, today)
    begun = {
        "since": today,
        "agreed_until": _a_year_on(today),
        "contracted": True,
        "post": (present or state["over"]).post_id if present or state["over"] else actor.post_id,
    }
    return {
        **state,
        "template": "staff/doctor_panel.html",
        "assign": form if isinstance(form, AssignForm) else AssignForm(initial=begun, posts=posts),
        "why_not": _why_not(person, posts),
        "end": form if isinstance(form, EndForm) else EndForm(initial={"until": today}),
        "why_not_end": _why_not_end(actor, present),
    }


def stood(person: Person, now: datetime) -> dict[str, Any]:
    """Who answers for the person now and did before, and which contract ran out without another one. One query."""
    held, today = queries.responsibilities_of(person.pk), timezone.localdate(now)
    begun = [one for one in held if one.since <= today]
    present = next((one for one in begun if one.ends is None or one.ends > today), None)
    latest = begun[0] if begun and present is None else None
    return {
        "template": "staff/doctor_kept.html",
        "person": person,
        "present": present,
        "over": latest if latest and latest.ran_out else None,
        "coming": next((one for one in held if one.since > today), None),
        "before": [one for one in begun if one is not present],
    }


def _posts(actor: Actor, day: date) -> list[Post]:
    """The doctors of the post's own facility who may answer for residents."""
    return queries.family_doctors(actor.facility_id, day)


def _why_not(person: Person, posts: list[Post]) -> str:
    if person.deceased_on is not None:
        return _("已登记死亡，不能再指定责任医生")
    return "" if posts else _("本机构没有可以签约的岗位（乡村医生、乡镇全科医生）")


def _why_not_end(actor: Actor, present: CareResponsibility | None) -> str:
    if present is None or present.post.facility_id == actor.facility_id or actor.may("staff.manage"):
        return ""
    return _("由 %s 签约，只能由该机构终止") % present.post.facility.name


def _a_year_on(day: date) -> date:
    """The usual length of a contract, as a proposal to be changed: to the day before the same day of the next year."""
    return date(day.year + 1, day.month, min(day.day, 28)) - timedelta(days=1)


def _sent(request: HttpRequest, actor: Actor, now: datetime) -> RefusableForm:
    act = request.POST.get("act", "")
    if act == "assign":
        return AssignForm(request.POST, posts=_posts(actor, timezone.localdate(now)))
    if act == "end":
        return EndForm(request.POST)
    raise NotFound("unknown-act", _("没有这项操作"))


def _done(request: HttpRequest, actor: Actor, now: datetime, person: Person, form: RefusableForm) -> bool:
    """Whether it was done; what is refused stands on the form."""
    told = dict(form.cleaned_data)
    try:
        if isinstance(form, EndForm):
            actions.end_responsibility(actor=actor, now=now, person_id=person.pk, **told)
        else:
            post_id = told.pop("post")
            if not told["contracted"]:
                told["agreed_until"] = None
            actions.assign_responsibility(actor=actor, now=now, person_id=person.pk, post_id=post_id, **told)
    except Refusal as refusal:
        form.refuse(refusal)
    else:
        messages.success(request, _("已保存。"))
        return True
    return False
