"""What is typed beside the bed."""

from uuid import uuid4

from django import forms
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from catchment.kernel.actor import Actor
from catchment.kernel.ui.forms import RefusableForm
from catchment.rooms.people.models import Person
from catchment.rooms.record.types import MEASURES, VisitForm

LONGEST_NOTE = 2000
LABELS = {
    "systolic": _("收缩压"),
    "diastolic": _("舒张压"),
    "pulse": _("脉搏"),
    "glucose": _("血糖"),
    "weight": _("体重"),
    "temperature": _("体温"),
}
WHOLE = frozenset({"systolic", "diastolic", "pulse"})


def _number(name: str) -> forms.FloatField:
    keys = "numeric" if name in WHOLE else "decimal"
    look = forms.TextInput(attrs={"inputmode": keys, "class": "form-control", "autocomplete": "off", "maxlength": 8})
    return forms.FloatField(
        label=LABELS[name], required=False, widget=look, error_messages={"invalid": _("请填数字，如 36.5")}
    )


class QuickVisit(RefusableForm):
    """One visit's measurements and note. `key` names this form, so that sending it twice writes it once."""

    systolic, diastolic, pulse = _number("systolic"), _number("diastolic"), _number("pulse")
    glucose, weight, temperature = _number("glucose"), _number("weight"), _number("temperature")
    note = forms.CharField(
        label=_("记录"),
        required=False,
        max_length=LONGEST_NOTE,
        widget=forms.Textarea(attrs={"class": "form-control", "rows": 2}),
    )
    at_home = forms.BooleanField(label=_("上门"), required=False)
    key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)

    def units(self) -> list[tuple[forms.BoundField, str]]:
        """The measurements with their units, in the order in which they are taken."""
        return [(self[name], measure.unit) for name, measure in MEASURES.items()]

    def told(self) -> VisitForm:
        """What was filled in; the form must be valid."""
        return VisitForm(**{name: value for name, value in self.cleaned_data.items() if name != "key"})


def draft_name(actor: Actor, person: Person) -> str:
    """Under what the browser keeps a draft: it tells nobody whose it is, and differs from post to post."""
    return salted_hmac("catchment.record.draft", f"{actor.post_id}:{person.public_id}").hexdigest()[:24]
