"""One small form for each step, and the action that takes it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from catchment.kernel.actor import Actor
from catchment.kernel.errors import Invalid, Problem
from catchment.rooms.referral import actions, queries
from catchment.rooms.referral.models import Referral
from catchment.rooms.referral.rules import REFERRAL, words
from catchment.rooms.referral.web.forms.letter import LetterFields, initial_of
from catchment.rooms.referral.web.forms.referral import NO_SLOT, sending_of


@dataclass(frozen=True, slots=True)
class Facts:
    """What a step's form may need to offer its choices."""

    referral: Referral
    actor: Actor
    now: datetime
    verb: str


def _text(label: Any, *, rows: int = 3) -> forms.CharField:
    area = forms.Textarea(attrs={"rows": rows, "class": "form-control"})
    return forms.CharField(label=label, required=False, max_length=20_000, widget=area)


def _choices(label: Any) -> Any:
    return forms.ChoiceField(label=label, required=False, widget=forms.RadioSelect)


class StepForm(forms.Form):
    """A step that asks nothing."""

    def __init__(self, *args: Any, facts: Facts, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.facts = facts
        self.offer()

    def offer(self) -> None:
        """Fill the choices that depend on the referral."""

    def given(self) -> dict[str, Any]:
        """What the action takes beside actor, time and referral; only after `is_valid`."""
        return {}


class NoteForm(StepForm):
    note = _text(_("说明（可不填）"), rows=2)

    def given(self) -> dict[str, Any]:
        return {"note": self.cleaned_data["note"]}


class FollowUpForm(NoteForm):
    note = _text(_("随访情况"))


class TextForm(StepForm):
    text = _text(_("内容"))

    def given(self) -> dict[str, Any]:
        return {"text": self.cleaned_data["text"]}


class ReasonForm(StepForm):
    reason_code = _choices(_("理由"))
    reason_text = _text(_("补充说明"), rows=2)

    def offer(self) -> None:
        facts = self.facts
        name = REFERRAL.step(facts.verb).reasons
        found = queries.reasons_of(name, facts.now.date(), facts.referral.direction)
        field: Any = self.fields["reason_code"]
        field.choices = [(item.code, item.en if get_language() == "en" else item.zh) for item in found]

    def given(self) -> dict[str, Any]:
        return {"code": self.cleaned_data["reason_code"], "text": self.cleaned_data["reason_text"]}


class RedirectForm(ReasonForm):
    to_service = forms.IntegerField(required=False, min_value=1)

    def given(self) -> dict[str, Any]:
        return {"to_service_id": _required(self.cleaned_data["to_service"]), **super().given()}


class SlotForm(StepForm):
    slot = _choices(_("时间"))

    def offer(self) -> None:
        field: Any = self.fields["slot"]
        field.choices = slot_choices(self.facts)

    def given(self) -> dict[str, Any]:
        slot = self.cleaned_data["slot"]
        if not slot:
            raise Invalid(Problem("slot", str(_("请选择一个时间"))))
        return {"slot_id": int(slot)}


class OtherTimeForm(SlotForm):
    note = _text(_("说明（可不填）"), rows=2)

    def given(self) -> dict[str, Any]:
        return {**super().given(), "note": self.cleaned_data["note"]}


class SendForm(StepForm):
    slot = _choices(_("时间"))
    phone = forms.CharField(
        label=_("先打电话：谁接的、说了什么"),
        required=False,
        max_length=200,
        widget=forms.TextInput(attrs={"class": "form-control"}),
    )
    acknowledged_live = forms.BooleanField(
        label=_("已知晓有同专科的在途转诊，仍要发送"),
        required=False,
        widget=forms.CheckboxInput(attrs={"class": "form-check-input"}),
    )

    def offer(self) -> None:
        slots = slot_choices(self.facts)
        field: Any = self.fields["slot"]
        field.choices = [*([("", _("最早的一个"))] if slots else []), *slots, (NO_SLOT, _("由接收方安排时间"))]
        self.initial.setdefault("slot", "" if slots or self.facts.referral.wants_bed else NO_SLOT)

    def given(self) -> dict[str, Any]:
        clean = self.cleaned_data
        how = sending_of(clean["slot"], phone=clean["phone"], acknowledged_live=clean["acknowledged_live"])
        return {"sending": how}


class ResendForm(StepForm):
    to_service = forms.IntegerField(required=False, min_value=1)

    def given(self) -> dict[str, Any]:
        chosen = self.cleaned_data["to_service"]
        slot = str(self.data.get(f"slot-{chosen}", "") if chosen else NO_SLOT)
        return {"to_service_id": chosen, "sending": sending_of(slot)}


class TakeOverForm(StepForm):
    post = _choices(_("由谁接管"))
    note = _text(_("说明（可不填）"), rows=2)

    def offer(self) -> None:
        found = queries.posts_to_take_over(self.facts.referral, self.facts.actor)
        field: Any = self.fields["post"]
        field.choices = [
            (post.pk, f"{post.practitioner.name} · {words.ROLES.get(post.role, post.role)} · {post.facility.name}")
            for post in found
        ]
        self.initial.setdefault("post", self.facts.actor.post_id)

    def given(self) -> dict[str, Any]:
        post = self.cleaned_data["post"]
        return {"post_id": int(post) if post else None, "note": self.cleaned_data["note"]}


class AnswerForm(StepForm, LetterFields):
    """The letter back; what is already written or known stands in it."""

    def offer(self) -> None:
        referral = self.facts.referral
        kept = queries.letter_of(referral)
        if kept is not None:
            self.initial = initial_of(kept)
        elif referral.diagnosis:
            known = f"{referral.diagnosis} {referral.diagnosis_code}".strip()
            self.initial.setdefault("diagnoses", [known])

    def given(self) -> dict[str, Any]:
        return {"letter": self.letter()}


def slot_choices(facts: Facts) -> list[tuple[str, str]]:
    """The free times of the receiving service."""
    service, to = facts.referral.to_service_id, facts.referral.to_facility
    if service is None or to is None or not to.in_network or facts.referral.wants_bed:
        return []
    found = queries.slots_for(service, facts.referral.person_id, facts.now)
    return [(str(slot.pk), slot_words(slot.starts_at)) for slot in found]


def slot_words(at: datetime) -> str:
    """A slot's start as people say it, in local time: 3月3日 周二 09:10."""
    local = timezone.localtime(at)
    days = (_("周一"), _("周二"), _("周三"), _("周四"), _("周五"), _("周六"), _("周日"))
    return f"{local.month}-{local.day:02d} {days[local.weekday()]} {local:%H:%M}"


def _required(service_id: int | None) -> int:
    if service_id is None:
        raise Invalid(Problem("to_service", str(_("请选择接收科室"))))
    return service_id


STEPS: dict[str, tuple[Callable[..., Referral], type[StepForm]]] = {
    "send": (actions.send_referral, SendForm),
    "discard": (actions.discard_referral, StepForm),
    "accept": (actions.accept_referral, NoteForm),
    "accept-other-time": (actions.accept_referral, OtherTimeForm),
    "request-information": (actions.request_information, TextForm),
    "supply-information": (actions.supply_information, TextForm),
    "redirect": (actions.redirect_referral, RedirectForm),
    "decline": (actions.decline_referral, ReasonForm),
    "withdraw": (actions.withdraw_referral, ReasonForm),
    "abandon": (actions.abandon_referral, ReasonForm),
    "change-time": (actions.change_time, SlotForm),
    "arrive": (actions.arrive_referral, StepForm),
    "answer": (actions.answer_referral, AnswerForm),
    "take-over": (actions.take_over_referral, TakeOverForm),
    "follow-up": (actions.follow_up_referral, FollowUpForm),
    "resend": (actions.resend_referral, ResendForm),
}
