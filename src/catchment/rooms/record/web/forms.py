"""What is typed beside the bed."""

from typing import Any
from uuid import uuid4

from django import forms
from django.urls import reverse
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from catchment.kernel.actor import Actor
from catchment.kernel.ui.forms import RefusableForm, text_field
from catchment.rooms.people.models import Person
from catchment.rooms.record.types import MEASURES, Prescribed, VisitForm, coded_of

LONGEST_NOTE = 2000
LABELS = {
    "systolic": _("收缩压"),
    "diastolic": _("舒张压"),
    "pulse": _("脉搏"),
    "glucose": _("血糖"),
    "weight": _("体重"),
    "temperature": _("体温"),
}
DIAGNOSES, MEDICINES = (1, 2), (1, 2, 3)
LOOKED_UP = (*(f"diagnosis_{place}" for place in DIAGNOSES), *(f"medicine_{place}" for place in MEDICINES))
"""Fields that propose what fits while they are typed."""
FINDINGS = (
    *(f"diagnosis_{place}" for place in DIAGNOSES),
    *(f"{name}_{place}" for name in ("medicine", "dose") for place in MEDICINES),
    "allergy",
    "reaction",
)
WHOLE = frozenset({"systolic", "diastolic", "pulse"})


def _number(name: str) -> forms.FloatField:
    keys = "numeric" if name in WHOLE else "decimal"
    look = forms.TextInput(attrs={"inputmode": keys, "class": "form-control", "autocomplete": "off", "maxlength": 8})
    return forms.FloatField(
        label=LABELS[name], required=False, widget=look, error_messages={"invalid": _("请填数字，如 36.5")}
    )


def _found(label: Any, length: int = 255, **more: Any) -> forms.CharField:
    return text_field(label, length, required=False, **more)


def _looks_up(name: str) -> dict[str, str]:
    return {
        "hx-get": reverse("visit-terms", args=[name]),
        "hx-trigger": "input changed delay:200ms",
        "hx-target": f"#id_{name}_found",
        "hx-params": name,
        "hx-sync": "this:replace",
    }


class QuickVisit(RefusableForm):
    """What one visit measured and found, and its note. `key` names this form: sent twice, it is written once."""

    systolic, diastolic, pulse = _number("systolic"), _number("diastolic"), _number("pulse")
    glucose, weight, temperature = _number("glucose"), _number("weight"), _number("temperature")
    diagnosis_1, diagnosis_2 = (
        _found(_("诊断"), proposed="known-problems"),
        _found(_("诊断二"), proposed="known-problems"),
    )
    medicine_1, dose_1 = _found(_("药名"), proposed="known-medicines"), _found(_("用法"), LONGEST_NOTE)
    medicine_2, dose_2 = _found(_("药名二"), proposed="known-medicines"), _found(_("用法二"), LONGEST_NOTE)
    medicine_3, dose_3 = _found(_("药名三"), proposed="known-medicines"), _found(_("用法三"), LONGEST_NOTE)
    allergy, reaction = _found(_("过敏")), _found(_("反应"), LONGEST_NOTE)
    note = forms.CharField(
        label=_("记录"),
        required=False,
        max_length=LONGEST_NOTE,
        widget=forms.Textarea(attrs={"class": "form-control", "rows": 2}),
    )
    at_home = forms.BooleanField(label=_("上门"), required=False)
    key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)

    def __init__(self, *given: Any, **more: Any) -> None:
        super().__init__(*given, **more)
        for name in LOOKED_UP:
            self.fields[name].widget.attrs |= _looks_up(name)

    def units(self) -> list[tuple[forms.BoundField, str]]:
        """The measurements with their units, in the order in which they are taken."""
        return [(self[name], measure.unit) for name, measure in MEASURES.items()]

    def diagnoses(self) -> list[forms.BoundField]:
        """The lines for diagnoses."""
        return [self[f"diagnosis_{place}"] for place in DIAGNOSES]

    def medicines(self) -> list[tuple[forms.BoundField, forms.BoundField]]:
        """The lines for medicines, each with that for its dose."""
        return [(self[f"medicine_{place}"], self[f"dose_{place}"]) for place in MEDICINES]

    def findings_open(self) -> bool:
        """Whether something was typed that would not be seen with the findings folded away."""
        return self.is_bound and any(self[name].value() for name in FINDINGS)

    def told(self) -> VisitForm:
        """What was filled in; the form must be valid."""
        given = self.cleaned_data
        return VisitForm(
            **{name: given[name] for name in (*MEASURES, "allergy", "reaction", "note", "at_home")},
            diagnoses=tuple(coded_of(text) for place in DIAGNOSES if (text := given[f"diagnosis_{place}"])),
            medicines=tuple(Prescribed(given[f"medicine_{place}"], given[f"dose_{place}"]) for place in MEDICINES),
        )


def draft_name(actor: Actor, person: Person) -> str:
    """Under what the browser keeps a draft: it tells nobody whose it is, and differs from post to post."""
    return salted_hmac("catchment.record.draft", f"{actor.post_id}:{person.public_id}").hexdigest()[:24]
