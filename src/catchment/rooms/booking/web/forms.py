"""What whoever runs a schedule fills in."""

import re
from datetime import datetime
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from catchment.kernel.ui.forms import CHOICE, TEXT, RefusableForm, count_field, day_field
from catchment.rooms.booking.types import Quota, SessionTold
from catchment.rooms.places.models import Service
from catchment.rooms.staff.models import Post


class SessionForm(RefusableForm):
    day = day_field(_("日期"))
    start = forms.TimeField(
        label=_("开始时间"), initial="08:00", widget=forms.TimeInput(format="%H:%M", attrs={**TEXT, "type": "time"})
    )
    minutes = count_field(_("每个号几分钟"), initial=10)
    referral = count_field(_("留给转诊（个）"), initial=0)
    contracted = count_field(_("留给签约居民（个）"), initial=0)
    public = count_field(_("公开（个）"), initial=0)
    release_hours = count_field(_("提前几小时放开未约的留号"), initial=24)
    post = forms.TypedChoiceField(
        label=_("出诊医生（可不填）"), required=False, coerce=int, empty_value=None, widget=forms.Select(attrs=CHOICE)
    )
    until = day_field(_("每周重复到（不重复就不填）"), required=False)

    def __init__(self, *given: Any, doctors: list[Post], **more: Any) -> None:
        super().__init__(*given, **more)
        named = [(post.pk, f"{post.practitioner.name} {post.practitioner.title}".strip()) for post in doctors]
        self.fields["post"].choices = [("", "—"), *named]  # type: ignore[attr-defined]

    def told(self, service: Service) -> SessionTold:
        """The session that was filled in, at the service."""
        given = self.cleaned_data
        return SessionTold(
            service_id=service.pk,
            starts_at=timezone.make_aware(datetime.combine(given["day"], given["start"])),
            minutes=given["minutes"],
            quotas={quota: given[quota.value] for quota in Quota.kept_first()},
            release_hours=given["release_hours"],
            post_id=given["post"],
            until=given["until"],
        )


class BedsForm(RefusableForm):
    service = forms.ChoiceField(label=_("病区"), widget=forms.Select(attrs=CHOICE))
    codes = forms.CharField(
        label=_("床号（多个用空格或逗号隔开）"), max_length=6000, widget=forms.Textarea(attrs={**TEXT, "rows": 2})
    )

    def __init__(self, *given: Any, wards: list[Service], **more: Any) -> None:
        super().__init__(*given, **more)
        self.fields["service"].choices = [(ward.code, ward.name) for ward in wards]  # type: ignore[attr-defined]

    def clean_codes(self) -> list[str]:
        """The codes, one each."""
        return [code for code in re.split(r"[\s,，、;；]+", self.cleaned_data["codes"]) if code]
