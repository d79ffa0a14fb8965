"""Forms of the budget: a new one, a step, a judgement."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from catchment.rooms.budget.rules import words

CONTROL = {"class": "form-control"}
SELECT = {"class": "form-select"}
ASKED = {
    "sign": ("reason",),
    "agree": ("reason",),
    "withdraw": ("reason",),
    "prepay": ("month",),
    "presettle": ("quarter",),
    "reckon": (),
    "decide": ("choice", "reason"),
    "clear": (),
    "reopen": ("reason",),
}
"""What each step asks of the person who takes it, beside their name, which the post gives."""


class NewBudget(forms.Form):
    community = forms.ChoiceField(label=_("医共体"), widget=forms.Select(attrs=SELECT))
    year = forms.IntegerField(
        label=_("年度"),
        min_value=2000,
        max_value=2100,
        widget=forms.NumberInput(attrs={**CONTROL, "inputmode": "numeric"}),
    )
    place = forms.ChoiceField(
        label=_("结余与超支规则"), choices=list(words.PLACES.items()), widget=forms.Select(attrs=SELECT)
    )

    def __init__(self, *given: Any, communities: list[tuple[str, str]], **more: Any) -> None:
        super().__init__(*given, **more)
        self.fields["community"].choices = communities  # type: ignore[attr-defined]


class StepForm(forms.Form):
    month = forms.TypedChoiceField(label=_("月份"), coerce=int, widget=forms.Select(attrs=SELECT))
    quarter = forms.TypedChoiceField(label=_("季度"), coerce=int, widget=forms.Select(attrs=SELECT))
    choice = forms.ChoiceField(
        label=_("医共体承担的部分怎么办"), choices=list(words.CHOICES.items()), widget=forms.Select(attrs=SELECT)
    )
    reason = forms.CharField(
        label=_("理由"), max_length=500, widget=forms.Textarea(attrs={**CONTROL, "rows": 2}),
        error_messages={"required": _("请写明理由")},
    )  # fmt: skip

    def __init__(self, *given: Any, verb: str, months: list[int], quarters: list[int], **more: Any) -> None:
        """Ask only what the step needs; months and quarters are those still to be done."""
        super().__init__(*given, **more)
        for name in set(self.fields) - set(ASKED[verb]):
            del self.fields[name]
        for name, open_ones, form in (("month", months, _("%d月")), ("quarter", quarters, _("第%d季度"))):
            if name in self.fields:
                self.fields[name].choices = [(one, str(form) % one) for one in open_ones]  # type: ignore[attr-defined]


class JudgeForm(forms.Form):
    outcome = forms.CharField(
        label=_("复核结论"), max_length=1000, widget=forms.Textarea(attrs={**CONTROL, "rows": 3}),
        error_messages={"required": _("请写明复核结论")},
    )  # fmt: skip


class FileForm(forms.Form):
    file = forms.FileField(
        label=_("文件（xlsx 或 CSV）"), widget=forms.ClearableFileInput(attrs={**CONTROL, "accept": ".xlsx,.csv"}),
        error_messages={"required": _("请选择一个文件")},
    )  # fmt: skip
