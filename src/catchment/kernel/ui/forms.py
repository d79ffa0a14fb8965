"""What the forms of every room share."""

from typing import Any

from django import forms

from catchment.kernel.errors import Invalid, Refusal

TEXT = {"class": "form-control", "autocomplete": "off"}
CHOICE = {"class": "form-select"}


class RefusableForm(forms.Form):
    """A form whose fields can take what an action refuses. `RENAMED`: the action's word for a field of another name."""

    RENAMED: dict[str, str] = {}

    def refuse(self, refusal: Refusal) -> None:
        """Put each problem beside its field, or above where there is none of that name or it concerns no field."""
        if not isinstance(refusal, Invalid):
            self.add_error(None, forms.ValidationError(str(refusal), code=refusal.code))
            return
        for problem in refusal.problems:
            field = self.RENAMED.get(problem.field, problem.field)
            self.add_error(field if field in self.fields else None, problem.message)


def text_field(label: Any, length: int, *, proposed: str = "", **more: Any) -> forms.CharField:
    """A line of text; `proposed` is the id of the page's list of usual values."""
    attrs = {**TEXT, "list": proposed} if proposed else TEXT
    return forms.CharField(label=label, max_length=length, widget=forms.TextInput(attrs=attrs), **more)


def count_field(label: Any, **more: Any) -> forms.IntegerField:
    """A whole number from 0 to 10 000."""
    widget = forms.NumberInput(attrs={**TEXT, "inputmode": "numeric"})
    return forms.IntegerField(label=label, min_value=0, max_value=10_000, widget=widget, **more)


def day_field(label: Any, **more: Any) -> forms.DateField:
    """A day, picked or typed as 2025-12-31."""
    return forms.DateField(
        label=label, widget=forms.DateInput(format="%Y-%m-%d", attrs={**TEXT, "type": "date"}), **more
    )
