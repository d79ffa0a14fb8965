"""What whoever keeps the networks, facilities and services fills in."""

from collections.abc import Callable
from dataclasses import asdict
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from catchment.kernel.ui.forms import CHOICE, TEXT, RefusableForm, count_field, day_field, text_field
from catchment.rooms.places import queries
from catchment.rooms.places.models import Facility
from catchment.rooms.places.rules import CAPABILITIES, KINDS, LEVELS, NETWORKS, ROLES, SEXES
from catchment.rooms.places.types import FacilityKind, FacilityTold, Level, MemberRole, ServiceTold


class NetworkForm(RefusableForm):
    """A network's name and kind; the specialty counts for alliances alone."""

    name = text_field(_("名称"), 120)
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


def _tick(label: Any, *, initial: bool) -> forms.BooleanField:
    widget = forms.CheckboxInput(attrs={"class": "form-check-input"})
    return forms.BooleanField(label=label, required=False, initial=initial, widget=widget)


def _degrees(label: Any) -> forms.FloatField:
    widget = forms.NumberInput(attrs={**TEXT, "step": "any", "inputmode": "decimal"})
    return forms.FloatField(label=label, required=False, widget=widget)


class FacilityForm(RefusableForm):
    """Areas and the facility above are told by name or code: a code with its name behind it is offered."""

    name = text_field(_("名称"), 120)
    short_name = text_field(_("简称"), 40, required=False)
    kind = forms.ChoiceField(label=_("类别"), choices=list(KINDS.items()), widget=forms.Select(attrs=CHOICE))
    level = forms.ChoiceField(
        label=_("级别"), choices=list(LEVELS.items()), initial="county", widget=forms.Select(attrs=CHOICE)
    )
    area_code = text_field(_("所在区划（名称或代码）"), 120, proposed="areas")
    parent_code = text_field(_("上级机构（名称或代码）"), 200, proposed="facilities", required=False)
    address = text_field(_("地址"), 200, required=False)
    phone = text_field(_("电话"), 40, required=False)
    longitude = _degrees(_("经度（WGS84）"))
    latitude = _degrees(_("纬度（WGS84）"))
    catchment = forms.CharField(
        label=_("负责的区划（名称或代码，一行一个）"), required=False, widget=forms.Textarea(attrs={**TEXT, "rows": 3})
    )
    in_network = _tick(_("接入本平台"), initial=True)
    active = _tick(_("启用"), initial=True)
    capabilities = forms.MultipleChoiceField(
        label=_("能做什么"),
        required=False,
        choices=(),
        widget=forms.CheckboxSelectMultiple(attrs={"class": "form-check-input m-0"}),
    )

    def __init__(self, *given: Any, known: FacilityTold | None = None, **more: Any) -> None:
        super().__init__(*given, **more)
        self.known = known
        held = {code: code for code in known.capabilities if code not in CAPABILITIES} if known else {}
        self.fields["capabilities"].choices = list({**CAPABILITIES, **held}.items())  # type: ignore[attr-defined]

    def clean_area_code(self) -> str:
        """The code of the area that was named."""
        return _only(queries.areas_called, self.cleaned_data["area_code"])

    def clean_parent_code(self) -> str:
        """The code of the facility that was named; empty where none was."""
        text = self.cleaned_data["parent_code"]
        return _only(queries.facilities_called, text) if text.strip() else ""

    def clean_catchment(self) -> tuple[str, ...]:
        """The codes of the areas that were named, a line each."""
        lines = [line for line in self.cleaned_data["catchment"].splitlines() if line.strip()]
        return tuple(sorted({_only(queries.areas_called, line) for line in lines}))

    def told(self, code: str) -> FacilityTold:
        """The facility as it was filled in; whose it is stays as it was."""
        given = {**self.cleaned_data, "capabilities": frozenset(self.cleaned_data["capabilities"])}
        given.pop("code", None)
        owner = {"organization_code": self.known.organization_code if self.known else ""}
        kinds = {"kind": FacilityKind(given.pop("kind")), "level": Level(given.pop("level"))}
        return FacilityTold(**{"code": code, **owner, **given, **kinds})


class NewFacilityForm(FacilityForm):
    code = text_field(_("代码（登记号等，以后不变）"), 40)
    organization_code = text_field(_("法人统一社会信用代码（不填即自成法人）"), 40, required=False)
    organization_name = text_field(_("法人名称"), 120, required=False)
    field_order = ("code", "name")


class ServiceForm(RefusableForm):
    code_kept = ""
    """The code of the service that is changed; a code is never changed itself."""

    name = text_field(_("名称"), 80)
    specialty = text_field(_("专科代码"), 40, proposed="specialties")
    sex = forms.ChoiceField(
        label=_("限性别"), required=False, choices=list(SEXES.items()), widget=forms.Select(attrs=CHOICE)
    )
    min_age = count_field(_("最小年龄（岁）"), initial=0)
    max_age = count_field(_("最大年龄（岁）"), initial=150)
    wait_days = count_field(_("通常等候（天）"), initial=0)
    phone = text_field(_("电话"), 40, required=False)
    accepts_referrals = _tick(_("接收转诊"), initial=True)
    inpatient = _tick(_("收住院"), initial=False)
    active = _tick(_("启用"), initial=True)

    def told(self, code: str) -> ServiceTold:
        """The service as it was filled in."""
        return ServiceTold(**{**self.cleaned_data, "code": code})


class NewServiceForm(ServiceForm):
    code = text_field(_("代码（本机构内唯一，以后不变）"), 40)
    field_order = ("code", "name")


def told_in_fields(facility: Facility, told: FacilityTold) -> dict[str, Any]:
    """What a form of the facility begins with: codes with the names behind them."""
    areas = queries.catchment_of(facility.pk)
    return {
        **asdict(told),
        "area_code": f"{facility.area.code} {facility.area.name}",
        "parent_code": f"{facility.parent.code} {facility.parent.name}" if facility.parent else "",
        "capabilities": sorted(told.capabilities),
        "catchment": "\n".join(f"{area.code} {area.name}" for area in areas),
    }


def _only(called: Callable[[str], list[Any]], text: str) -> str:
    """The code of the one that goes by this name or code; a `ValidationError` says which there are."""
    found = called(text)
    if not found:
        raise forms.ValidationError(gettext("没有“%s”，请从提示里选一个，或先导入") % text.strip())
    if len(found) > 1:
        codes = "、".join(f"{one.code} {one.name}" for one in found[:5])
        raise forms.ValidationError(gettext("有几个同名的，请写代码：%s") % codes)
    return str(found[0].code)
