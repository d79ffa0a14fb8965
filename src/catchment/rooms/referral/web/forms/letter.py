"""The discharge letter and plan."""

from dataclasses import asdict
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from catchment.rooms.record.types import coded_of
from catchment.rooms.referral.models import ReturnLetter
from catchment.rooms.referral.types import LetterForm

LONG = 20_000
BLANK_ROWS = 2


def _long(label: Any, rows: int, help_text: Any = "") -> forms.CharField:
    return forms.CharField(
        label=label,
        required=False,
        max_length=LONG,
        help_text=help_text,
        widget=forms.Textarea(attrs={"rows": rows, "class": "form-control"}),
    )


class LetterFields(forms.Form):
    """Diagnoses and medicines come as rows of `diagnosis_row`, `medicine_row` and `dose_row`."""

    course = _long(_("诊治经过"), 3)
    results = _long(_("主要检查结果"), 3)
    advice = _long(_("基层医生接下来要做什么"), 3, _("复查什么、多久一次、药怎么调"))
    follow_up_days = forms.IntegerField(
        label=_("几天内首次随访"),
        required=False,
        min_value=1,
        max_value=365,
        widget=forms.NumberInput(attrs={"class": "form-control", "inputmode": "numeric"}),
    )
    come_back_on = forms.DateField(
        label=_("回院复查日期"),
        required=False,
        widget=forms.DateInput(attrs={"class": "form-control", "type": "date"}, format="%Y-%m-%d"),
    )
    come_back_if = forms.CharField(
        label=_("出现什么情况立即回来"),
        required=False,
        max_length=2000,
        widget=forms.TextInput(attrs={"class": "form-control"}),
    )
    inpatient_number = forms.CharField(
        label=_("住院号"),
        required=False,
        max_length=40,
        widget=forms.TextInput(attrs={"class": "form-control"}),
    )

    def letter(self) -> LetterForm:
        """What was written; only after `is_valid`."""
        return LetterForm(
            **{name: self.cleaned_data[name] for name in self.fields},
            diagnoses=tuple(asdict(coded_of(text)) for text in self._listed("diagnosis_row") if text),
            medicines=tuple(
                {"display": name, "dose": dose}
                for name, dose in zip(self._listed("medicine_row"), self._doses(), strict=False)
                if name
            ),
        )

    def diagnosis_rows(self) -> list[str]:
        """The rows to show: what was typed or known, and a blank one."""
        given = (
            [text for text in self._listed("diagnosis_row") if text]
            if self.is_bound
            else self.initial.get("diagnoses", [])
        )
        return [*given, ""]

    def medicine_rows(self) -> list[tuple[str, str]]:
        """Name and dose of each row to show, and blank ones."""
        blank = [("", "")] * BLANK_ROWS
        if not self.is_bound:
            return [*self.initial.get("medicines", []), *blank]
        rows = zip(self._listed("medicine_row"), self._doses(), strict=False)
        return [*(row for row in rows if any(row)), *blank]

    def has_letter(self) -> bool:
        """Whether anything of a letter was written."""
        return bool(self._listed("diagnosis_row") or self._listed("medicine_row")) or any(
            self.data.get(name) for name in self.fields
        )

    def _doses(self) -> list[str]:
        return self._listed("dose_row")

    def _listed(self, name: str) -> list[str]:
        given: Any = self.data
        return [text.strip() for text in given.getlist(name)] if self.is_bound else []


def initial_of(letter: ReturnLetter) -> dict[str, Any]:
    """A letter that is already written, as the form's initial values."""
    names = (*LetterFields.base_fields,)
    return {
        **{name: getattr(letter, name) for name in names},
        "diagnoses": [row_of(item) for item in letter.diagnoses],
        "medicines": [(item.get("display", ""), item.get("dose", "")) for item in letter.medicines],
    }


def row_of(item: dict[str, str]) -> str:
    """A diagnosis as one row says it: name, then code."""
    return " ".join(part for part in (item.get("display", ""), item.get("code", "")) if part)
