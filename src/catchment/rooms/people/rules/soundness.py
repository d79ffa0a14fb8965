"""Whether what is told of a person holds together: each field by itself, and the card against birth date and sex."""

import re
from dataclasses import replace
from datetime import date
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from catchment.kernel.errors import Problem
from catchment.rooms.people.types import NATIONAL, Identifier, IdentifierSystem, Registration, Sex
from catchment.standards.identity.identifiers import (
    IdentifierError,
    ResidentId,
    normalise_mobile,
    parse_resident_id,
)

IDENTIFIER_LABELS: Final = {
    IdentifierSystem.RESIDENT_ID: gettext_lazy("居民身份证号"),
    IdentifierSystem.INSURANCE: gettext_lazy("医保号"),
    IdentifierSystem.HEALTH_CARD: gettext_lazy("健康卡号"),
    IdentifierSystem.LOCAL: gettext_lazy("院内号"),
    IdentifierSystem.EXTERNAL: gettext_lazy("外部系统号"),
}
LONGEST: Final = 120
LONGEST_ADDRESS: Final = 200
OLDEST_YEARS: Final = 130
_LANDLINE: Final = re.compile(r"0\d{2,3}-?\d{7,8}(-\d{1,5})?")
_FOREIGN: Final = re.compile(r"\+\d[\d \-]{6,18}")


def field_of(system: IdentifierSystem) -> str:
    """The field's name in forms and problems: `resident_id`, `insurance`, ..."""
    return system.value.replace("-", "_")


def checked(told: Registration, today: date) -> tuple[Registration, list[Problem]]:
    """What was told, brought into one form, and everything that is wrong with it, field by field.

    A resident ID fills an open birth date and sex; where it speaks against them the problem is theirs.
    """
    problems: list[Problem] = []
    phone = _phone(told.phone, problems)
    identifiers = tuple(_identifier(one, problems) for one in told.identifiers)
    sound = replace(told, name=told.name.strip(), address=told.address.strip(), phone=phone, identifiers=identifiers)
    problems += _name_problems(sound.name) + _address_problems(sound.address)
    sound, against = _agreeing(sound, _card(told.identifiers, today, problems))
    problems += against + _birth_problems(sound.birth_date, today) + _repeats(identifiers)
    return sound, problems


def _name_problems(name: str) -> list[Problem]:
    if not name:
        return [Problem("name", _("请填写姓名"))]
    if len(name) > LONGEST:
        return [Problem("name", _("姓名最长 %s 个字，请缩短") % LONGEST)]
    return []


def _address_problems(address: str) -> list[Problem]:
    if len(address) > LONGEST_ADDRESS:
        return [Problem("address", _("住址最长 %s 个字，请缩短") % LONGEST_ADDRESS)]
    return []


def _birth_problems(born: date | None, today: date) -> list[Problem]:
    if born is None:
        return []
    if born > today:
        return [Problem("birth_date", _("出生日期 %s 晚于今天，请核对证件") % born)]
    if today.year - born.year > OLDEST_YEARS:
        return [Problem("birth_date", _("出生日期 %s 距今超过 130 年，请核对证件") % born)]
    return []


def _phone(text: str, problems: list[Problem]) -> str:
    bare = text.strip()
    if not bare or _LANDLINE.fullmatch(bare):
        return bare
    try:
        return normalise_mobile(bare)
    except IdentifierError as error:
        if _FOREIGN.fullmatch(bare):
            return bare
        problems.append(Problem("phone", error.problem.zh))
        return bare


def _identifier(one: Identifier, problems: list[Problem]) -> Identifier:
    value = one.value.strip()
    label = IDENTIFIER_LABELS[one.system]
    if not value:
        problems.append(Problem(field_of(one.system), _("%s为空，请填写或去掉这一行") % label))
    if max(len(value), len(one.assigner)) > LONGEST:
        problems.append(Problem(field_of(one.system), _("%s过长，请核对") % label))
    if one.system not in NATIONAL and not one.assigner.strip():
        problems.append(Problem(field_of(one.system), _("%s需注明发号机构") % label))
    return replace(one, value=value.upper() if one.system in NATIONAL else value, assigner=one.assigner.strip())


def _card(identifiers: tuple[Identifier, ...], today: date, problems: list[Problem]) -> ResidentId | None:
    for one in identifiers:
        if one.system is IdentifierSystem.RESIDENT_ID and one.value.strip():
            try:
                return parse_resident_id(one.value, today=today)
            except IdentifierError as error:
                problems.append(Problem(field_of(one.system), error.problem.zh))
    return None


def _agreeing(told: Registration, card: ResidentId | None) -> tuple[Registration, list[Problem]]:
    if card is None:
        return told, []
    problems = []
    if told.birth_date not in {None, card.birth_date}:
        problems.append(
            Problem("birth_date", _("与身份证号上的出生日期 %s 不一致，请核对证件后改正其一") % card.birth_date)
        )
    if told.sex not in {Sex.UNKNOWN, Sex(card.sex)}:
        problems.append(Problem("sex", _("与身份证号第17位表示的性别不一致，请核对证件后改正其一")))
    written = tuple(
        replace(one, value=card.number) if one.system is IdentifierSystem.RESIDENT_ID else one
        for one in told.identifiers
    )
    sex = Sex(card.sex) if told.sex is Sex.UNKNOWN else told.sex
    return replace(told, identifiers=written, birth_date=told.birth_date or card.birth_date, sex=sex), problems


def _repeats(identifiers: tuple[Identifier, ...]) -> list[Problem]:
    systems = [one.system for one in identifiers if one.system in NATIONAL]
    return [
        Problem(field_of(system), _("%s只能有一个，请去掉多余的") % IDENTIFIER_LABELS[system])
        for system in sorted({one for one in systems if systems.count(one) > 1})
    ]
