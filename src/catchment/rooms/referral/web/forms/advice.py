"""The small forms of a request for advice."""

from collections.abc import Callable
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from catchment.rooms.referral import actions, queries
from catchment.rooms.referral.models import Advice
from catchment.rooms.referral.types import ReferralForm


class AdviceStep(forms.Form):
    """A step that asks nothing."""

    def __init__(self, *args: Any, advice: Advice, day: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.advice, self.day = advice, day
        self.offer()

    def offer(self) -> None:
        """Fill the choices that depend on the question."""

    def given(self) -> dict[str, Any]:
        """What the action takes beside actor, time and question; only after `is_valid`."""
        return {}


class AnswerAdviceForm(AdviceStep):
    answer = forms.CharField(
        label=_("答复"),
        required=False,
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 4, "class": "form-control"}),
    )
    recommends_referral = forms.BooleanField(
        label=_("建议转来就诊"), required=False, widget=forms.CheckboxInput(attrs={"class": "form-check-input"})
    )

    def given(self) -> dict[str, Any]:
        return dict(self.cleaned_data)


class ConvertForm(AdviceStep):
    reason_code = forms.ChoiceField(label=_("转诊原因"), required=False, widget=forms.RadioSelect)
    catalogue_reason = forms.CharField(
        label=_("目录规定本级应诊治此病时：为何转出"),
        required=False,
        max_length=2000,
        widget=forms.TextInput(attrs={"class": "form-control"}),
    )

    def offer(self) -> None:
        reasons = queries.reasons_of("reason", self.day, "up")
        field: Any = self.fields["reason_code"]
        field.choices = [(item.code, item.en if get_language() == "en" else item.zh) for item in reasons]
        self.initial.setdefault("reason_code", reasons[0].code if reasons else "")

    def given(self) -> dict[str, Any]:
        form = ReferralForm(
            urgency=self.advice.urgency,
            parts=tuple(self.advice.parts),
            reason_code=self.cleaned_data["reason_code"],
            catalogue_reason=self.cleaned_data["catalogue_reason"],
        )
        return {"form": form}


FORMS: dict[str, tuple[Callable[..., Any], type[AdviceStep]]] = {
    "answer": (actions.answer_advice, AnswerAdviceForm),
    "convert": (actions.convert_advice, ConvertForm),
    "close": (actions.close_advice, AdviceStep),
    "withdraw": (actions.withdraw_advice, AdviceStep),
}
