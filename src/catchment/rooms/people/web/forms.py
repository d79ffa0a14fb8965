"""What is told of a resident, when they are registered and when it is put right."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from catchment.kernel.actor import Actor
from catchment.kernel.errors import NotFound
from catchment.kernel.ui.forms import CHOICE, TEXT, RefusableForm, day_field, text_field
from catchment.rooms.people import queries
from catchment.rooms.people.rules import IDENTIFIER_LABELS, field_of
from catchment.rooms.people.types import Changes, Identifier, IdentifierSystem, Registration, Sex
from catchment.rooms.places import queries as places
from catchment.rooms.places.models import Area, Facility

NEW = "new"
SEXES = ((Sex.FEMALE, _("女")), (Sex.MALE, _("男")), (Sex.OTHER, _("其他")), (Sex.UNKNOWN, _("不详")))
NUMBERS = [
    (IdentifierSystem.RESIDENT_ID, _("居民身份证")),
    (IdentifierSystem.INSURANCE, _("医保号")),
    (IdentifierSystem.HEALTH_CARD, _("健康卡")),
    (IdentifierSystem.LOCAL, _("本机构院内号")),
    (IdentifierSystem.EXTERNAL, _("其他证件（护照、港澳台证件等）")),
]
LONG = {**TEXT, "maxlength": 120}


class PlaceField(forms.CharField):
    """The code of a place, chosen from a list; what `ask` finds under it when clean, `None` for none."""

    def __init__(self, ask: Callable[[str], Area | Facility], **more: Any) -> None:
        super().__init__(**more)
        self.ask = ask

    def clean(self, value: Any) -> Area | Facility | None:
        code = super().clean(value)
        try:
            return self.ask(code) if code else None
        except NotFound as refusal:
            raise forms.ValidationError(str(refusal)) from None


class HouseholdField(forms.CharField):
    """Whose household is joined; when clean the row of that person, `new`, or `None`."""

    def clean(self, value: Any) -> int | str | None:
        given = super().clean(value)
        if given in {"", NEW}:
            return given or None
        try:
            found = queries.found_line(UUID(given))
        except ValueError:
            found = None
        if found is None:
            raise forms.ValidationError(_("没有找到这位家庭成员，请重新查找"))
        return found[0]


class PersonForm(RefusableForm):
    """What holds for everybody: names, numbers, where to reach them. The action weighs it; here it only takes shape."""

    RENAMED = {**{field_of(system): "number" for system in IDENTIFIER_LABELS}, "primary_facility": "facility"}

    name = forms.CharField(label=_("姓名"), required=False, widget=forms.TextInput(attrs=LONG))
    number_kind = forms.ChoiceField(
        label=_("证件类型"), choices=NUMBERS, widget=forms.Select(attrs={**CHOICE, "data-shows": "number-kind"})
    )
    number = forms.CharField(label=_("证件号码"), required=False, widget=forms.TextInput(attrs=LONG))
    assigner = text_field(_("发证机构"), 120, required=False)
    sex = forms.ChoiceField(label=_("性别"), choices=SEXES, required=False, widget=forms.RadioSelect)
    birth_date = day_field(_("出生日期"), required=False)
    phone = forms.CharField(
        label=_("电话"), required=False, widget=forms.TextInput(attrs={**TEXT, "inputmode": "tel", "maxlength": 40})
    )
    area = PlaceField(places.area_by_code, required=False)
    address = forms.CharField(label=_("门牌或组别"), required=False, widget=forms.TextInput(attrs=TEXT))
    other_names = forms.CharField(label=_("曾用名"), required=False, widget=forms.TextInput(attrs=LONG))

    def identifiers(self, actor: Actor) -> tuple[Identifier, ...]:
        """The number that was given, if any; a local one is told with the code of the post's own facility."""
        told = self.cleaned_data
        if not told["number"]:
            return ()
        system = IdentifierSystem(told["number_kind"])
        assigner = told["assigner"] if system is IdentifierSystem.EXTERNAL else ""
        if system is IdentifierSystem.LOCAL:
            assigner = places.facility_code(actor.here)
        return (Identifier(system=system, value=told["number"], assigner=assigner),)


class RegisterForm(PersonForm):
    """A new resident, with the household they join and the facility that will answer for them."""

    household = HouseholdField(required=False)
    facility = PlaceField(places.facility_by_code, required=False)
    anyway = forms.BooleanField(label=_("我已核对，确是另一个人，仍要登记"), required=False)

    def told(self, actor: Actor) -> Registration:
        """What was filled in; the form must be valid."""
        told, household = self.cleaned_data, self.cleaned_data["household"]
        return Registration(
            name=told["name"],
            sex=Sex(told["sex"] or Sex.UNKNOWN),
            birth_date=told["birth_date"],
            identifiers=self.identifiers(actor),
            phone=told["phone"],
            area_id=told["area"].pk if told["area"] else None,
            address=told["address"],
            lives_with_id=household if isinstance(household, int) else None,
            is_head=household == NEW,
            primary_facility_id=told["facility"].pk if told["facility"] else None,
            other_names=(told["other_names"],),
        )


class DetailsForm(PersonForm):
    """What is known of a resident, to be put right; begun with what the record says.

    `moved_on` tells since when they live in another area; left empty, the register was wrong and nobody moved.
    """

    moved_on = day_field(_("搬到新村的日期（登记错误的更正请留空）"), required=False)

    def changes(self, actor: Actor) -> Changes:
        """Only what differs from what the form began with; the form must be valid."""
        told, changed = self.cleaned_data, set(self.changed_data)
        found: Changes = {}
        if "name" in changed:
            found["name"] = told["name"]
        if "sex" in changed:
            found["sex"] = Sex(told["sex"] or Sex.UNKNOWN)
        if "birth_date" in changed:
            found["birth_date"] = told["birth_date"]
        if "phone" in changed:
            found["phone"] = told["phone"]
        if "address" in changed:
            found["address"] = told["address"]
        if "area" in changed:
            found["area_id"] = told["area"].pk if told["area"] else None
            found["moved_on"] = told["moved_on"]
        if identifiers := self.identifiers(actor):
            found["identifiers"] = identifiers
        if told["other_names"]:
            found["other_names"] = (told["other_names"],)
        return found


class MoveForm(RefusableForm):
    """Another facility that answers for the person, and why."""

    RENAMED = {"primary_facility": "facility"}

    facility = PlaceField(places.facility_by_code, error_messages={"required": _("请选择接管的机构")})
    reason = forms.CharField(
        label=_("变更原因"), required=False, max_length=200, widget=forms.TextInput(attrs={**TEXT, "maxlength": 200})
    )


class HouseholdForm(RefusableForm):
    """Whose household is joined, or a new one."""

    household = HouseholdField(error_messages={"required": _("请选择加入谁的家庭，或新建")})


class DeathForm(RefusableForm):
    """The day of death."""

    deceased_on = day_field(_("死亡日期"), error_messages={"required": _("请填写死亡日期")})
