"""What an administrator fills in."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from catchment.kernel.errors import Invalid
from catchment.rooms.staff.rules import LABELS
from catchment.rooms.staff.types import Role

TEXT = {"class": "form-control", "autocomplete": "off"}


class AdministrationForm(forms.Form):
    """A form whose fields can take what an action refuses."""

    def refuse(self, refusal: Invalid) -> None:
        """Put each problem beside its field, or above where there is none of that name."""
        for problem in refusal.problems:
            self.add_error(problem.field if problem.field in self.fields else None, problem.message)


def _text(label: Any, **more: Any) -> forms.CharField:
    return forms.CharField(label=label, max_length=80, widget=forms.TextInput(attrs=TEXT), **more)


class NewMember(AdministrationForm):
    code = _text(_("工号"))
    name = _text(_("姓名"))
    title = _text(_("职称"), required=False)
    phone = _text(_("电话"), required=False)


class GivePost(AdministrationForm):
    facility = _text(_("机构代码"))
    role = forms.ChoiceField(
        label=_("岗位"),
        choices=[(role.value, LABELS[role]) for role in Role],
        widget=forms.Select(attrs={"class": "form-select"}),
    )


class GiveSignIn(AdministrationForm):
    username = _text(_("登录名"))


class GiveToken(AdministrationForm):
    post = forms.IntegerField(widget=forms.HiddenInput)
    name = _text(_("给哪个系统使用"))
    days = forms.IntegerField(
        label=_("有效天数"), min_value=1, max_value=365, initial=90, widget=forms.NumberInput(attrs=TEXT)
    )
    scopes = forms.CharField(
        label=_("权限范围（空格分隔，留空为岗位全部）"), required=False, widget=forms.TextInput(attrs=TEXT)
    )
