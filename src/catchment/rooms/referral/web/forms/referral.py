"""The referral form: why, where, what goes along, how it is sent."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from catchment.rooms.referral.rules import words
from catchment.rooms.referral.types import LetterForm, ReferralForm, Sending

DRAFT = "referral"
NO_SLOT = "none"
EARLIEST = ""
PARTS = tuple(words.PARTS)
TICKED = ("problems", "medicines", "allergies", "results")


class ReferralFields(forms.Form):
    """What the form asks beside the rows of documents; a choice's own validity is the actions' to judge."""

    direction = forms.ChoiceField(choices=[(code, word) for code, word in words.DIRECTIONS.items()], required=False)
    reason_code = forms.CharField(required=False, max_length=32)
    indication_code = forms.CharField(required=False, max_length=32)
    diagnosis = forms.CharField(label=_("初步印象"), required=False, max_length=120)
    diagnosis_code = forms.CharField(required=False, max_length=40)
    question = forms.CharField(
        label=_("想请对方解决的问题"),
        required=False,
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 3, "class": "form-control"}),
    )
    treatment = forms.CharField(
        label=_("已做的处理"),
        required=False,
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 2, "class": "form-control"}),
    )
    urgency = forms.CharField(required=False, max_length=12, initial="ordinary")
    wants_bed = forms.BooleanField(required=False)
    search = forms.CharField(required=False, max_length=80)
    to_service = forms.IntegerField(required=False, min_value=1)
    parts = forms.MultipleChoiceField(choices=[(part, part) for part in PARTS], required=False, initial=TICKED)
    document = forms.TypedMultipleChoiceField(coerce=int, required=False)
    catalogue_reason = forms.CharField(required=False, max_length=2000)
    phone = forms.CharField(
        label=_("先打电话：谁接的、说了什么"),
        required=False,
        max_length=200,
        widget=forms.TextInput(attrs={"class": "form-control"}),
    )
    acknowledged_live = forms.BooleanField(required=False)
    letter = forms.CharField(required=False)

    def __init__(self, *args: Any, document_ids: set[int] | None = None, **kwargs: Any) -> None:
        """`document_ids` are the person's own documents, the only ones that may go along."""
        super().__init__(*args, **kwargs)
        known: Any = self.fields["document"]
        known.choices = [(number, number) for number in sorted(document_ids or set())]

    def referral(self, letter: LetterForm | None) -> ReferralForm:
        """What was filled in; only after `is_valid`."""
        same = (
            "reason_code", "indication_code", "diagnosis", "diagnosis_code", "question", "treatment",
            "catalogue_reason", "wants_bed",
        )  # fmt: skip
        clean = self.cleaned_data
        return ReferralForm(
            **{name: clean[name] for name in same},
            to_service_id=clean["to_service"],
            urgency=clean["urgency"] or "ordinary",
            parts=tuple(clean["parts"]),
            document_ids=tuple(clean["document"]),
            letter=letter,
        )

    def sending(self) -> Sending:
        """How it is to be sent: the slot chosen for the chosen destination."""
        slot = self.data.get(f"slot-{self.cleaned_data['to_service']}", EARLIEST)
        return sending_of(
            slot, phone=self.cleaned_data["phone"], acknowledged_live=self.cleaned_data["acknowledged_live"]
        )


def sending_of(slot: str, *, phone: str = "", acknowledged_live: bool = False) -> Sending:
    """`slot` is a slot's number, empty for the earliest, `none` when the receiver is to give the time."""
    return Sending(
        reserve=slot != NO_SLOT,
        slot_id=int(slot) if slot.isdecimal() else None,
        phone=phone,
        acknowledged_live=acknowledged_live,
    )
