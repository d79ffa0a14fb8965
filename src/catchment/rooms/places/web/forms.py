"""What whoever keeps the networks fills in."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from catchment.kernel.ui.forms import CHOICE, TEXT, RefusableForm, day_field
from catchment.rooms.places import queries
from catchment.rooms.places.rules import NETWORKS, ROLES
from catchment.rooms.places.types import MemberRole


class NetworkForm(RefusableForm):
    """A network's name and kind; the specialty counts for alliances alone."""

    name = forms.CharField(label=_("名称"), max_length=120, widget=forms.TextInput(attrs=TEXT))
    kind = forms.ChoiceField(
        label=_("类型"), choices=list(NETWORKS.items()), widget=forms.Select(attrs=CHOICE), initial="county-community"
    )
    specialty = forms.ChoiceField(label=_("专科（专科联盟填写）"), required=False, widget=forms.Select(attrs=CHOICE))

    def __init__(self, *given: Any, **more: Any) -> None:
        super().__init__(*given, **more)
        self.fields["specialty"].choices = [("", "—"), *queries.specialties()]  # type: ignore[attr-defined]


class NewNetworkForm(NetworkForm):
    code = forms.SlugField(label=_("代码（字母、数字和连字符）"), max_length=40, widget=forms.TextInput(attrs=TEXT))


class JoinForm(RefusableForm):
    facility = forms.IntegerField(widget=forms.HiddenInput)
    role = forms.ChoiceField(
        label=_("身份"), choices=list(ROLES.items()), initial=MemberRole.MEMBER, widget=forms.Select(attrs=CHOICE)
    )
    since = day_field(_("自哪天起"))


class LeaveForm(RefusableForm):
    membership = forms.IntegerField(widget=forms.HiddenInput)
    until = day_field(_("到哪天为止（当天不再是成员）"))
