"""The privacy officer's desk: looks in an emergency that wait for a judgement, and who looked at one record."""

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods

from catchment.kernel import audit, clock, panels
from catchment.kernel.access import actor_of, needs
from catchment.kernel.errors import Invalid
from catchment.rooms.consent import actions, queries
from catchment.rooms.consent.types import Verdict
from catchment.rooms.staff.rules import role_label


class Judgement(forms.Form):
    verdict = forms.ChoiceField(
        label=_("结论"),
        choices=[(Verdict.JUSTIFIED, _("确属紧急")), (Verdict.UNJUSTIFIED, _("不当调阅"))],
        widget=forms.RadioSelect(attrs={"class": "form-check-input"}),
    )
    judgement = forms.CharField(
        label=_("说明"),
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"class": "form-control", "rows": 3}),
    )


@needs("consent.judge")
@require_GET
def desk(request: HttpRequest) -> HttpResponse:
    """What waits for a judgement, oldest first; beneath it what other rooms have for the privacy officer."""
    context = {
        "section": "privacy",
        "waiting": queries.unjudged(),
        "panels": panels.gather("privacy", now=clock.now()),
    }
    return render(request, "consent/desk.html", context)


@needs("consent.judge")
@require_http_methods(["GET", "POST"])
def review(request: HttpRequest, relation_id: int) -> HttpResponse:
    """One look in an emergency with what was opened by it, and the judgement."""
    actor, now = actor_of(request), clock.now()
    relation = queries.relation(relation_id)
    form = Judgement(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.judge(
                actor=actor,
                now=now,
                relation_id=relation_id,
                verdict=Verdict(form.cleaned_data["verdict"]),
                judgement=form.cleaned_data["judgement"],
            )
        except Invalid as refusal:
            form.add_error("judgement", str(refusal))
        else:
            return redirect("privacy")
    audit.record(actor=actor, event="relation.reviewed", at=now, person_id=relation.person_id)
    looks = [(look, role_label(look.role)) for look in queries.looks(relation.person_id)]
    context = {"section": "privacy", "relation": relation, "form": form, "looks": looks}
    return render(request, "consent/review.html", context, status=422 if form.errors else 200)
