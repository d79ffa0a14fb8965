"""What an administrator fills in."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from catchment.kernel.ui.forms import TEXT, RefusableForm, text_field
from catchment.rooms.staff.rules import LABELS
from catchment.rooms.staff.types import Role


def _text(label: Any, **more: Any) -> forms.CharField:
    return text_field(label, 80, **more)


class NewMember(RefusableForm):
    code = _text(_("工号"))
    name = _text(_("姓名"))
    title = _text(_("职称"), required=False)
    phone = _text(_("电话"), required=False)


class GivePost(RefusableForm):
    facility = _text(_("机构代码"))
    role = forms.ChoiceField(
        label=_("岗位"),
        choices=[(role.value, LABELS[role]) for role in Role],
        widget=forms.Select(attrs={"class": "form-select"}),
    )


class GiveSignIn(RefusableForm):
    username = _text(_("登录名"))


class GiveToken(RefusableForm):
    post = forms.IntegerField(widget=forms.HiddenInput)
    name = _text(_("给哪个系统使用"))
    days = forms.IntegerField(
        label=_("有效天数"), min_value=1, max_value=365, initial=90, widget=forms.NumberInput(attrs=TEXT)
    )
    scopes = forms.CharField(
        label=_("权限范围（空格分隔，留空为岗位全部）"), required=False, widget=forms.TextInput(attrs=TEXT)
    )
