"""How a row of a file tells of a facility or a service: its columns, its words, and what an empty cell means."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from catchment.kernel.errors import Invalid, Problem
from catchment.rooms.places.rules.words import CAPABILITIES, KINDS, LEVELS
from catchment.rooms.places.types import FacilityKind, FacilityTold, Level, ServiceTold

FACILITY = {
    "code": "机构代码", "name": "机构名称", "kind": "类别", "level": "级别", "area_code": "区划代码",
    "parent_code": "上级机构代码", "short_name": "简称", "organization_code": "法人代码",
    "organization_name": "法人名称", "longitude": "经度", "latitude": "纬度", "address": "地址", "phone": "电话",
    "in_network": "接入平台", "active": "启用", "capabilities": "能力", "catchment": "负责区划代码",
}  # fmt: skip
SERVICE = {
    "facility": "机构代码", "code": "科室代码", "name": "科室名称", "specialty": "专科",
    "accepts_referrals": "接收转诊", "inpatient": "住院", "sex": "限性别", "min_age": "最小年龄", "max_age": "最大年龄",
    "wait_days": "等候天数", "phone": "电话", "active": "启用",
}  # fmt: skip
NEEDED_OF_FACILITY = ("code", "name", "kind", "level", "area_code")
NEEDED_OF_SERVICE = ("facility", "code", "name", "specialty")
YES, NO = {"是", "有", "1", "true", "yes", "y", "√"}, {"否", "无", "0", "false", "no", "n", "×"}
SEX = {"女": "female", "男": "male", "不限": "", "female": "female", "male": "male"}
Cells = Mapping[str, str]


def is_of_services(titles: Sequence[str]) -> bool:
    """Whether the first row of a file is that of services; of facilities otherwise."""
    return bool({SERVICE["code"], "specialty"} & {title.strip() for title in titles})


def columns_of(titles: Sequence[str], *, services: bool) -> list[str]:
    """The field of each column by its Chinese or English title, empty for one that is not read.

    Raises `Invalid` where a column is missing without which no row can be taken.
    """
    known, needed = (SERVICE, NEEDED_OF_SERVICE) if services else (FACILITY, NEEDED_OF_FACILITY)
    by_title = {title: field for field, title in known.items()} | {field: field for field in known}
    fields = [by_title.get(title.strip(), "") for title in titles]
    missing = [f"{known[field]} ({field})" for field in needed if field not in fields]
    if missing:
        raise Invalid(Problem("file", _("首行缺少列：%s") % "、".join(missing)))
    return fields


def facility_in(cells: Cells, known: FacilityTold | None) -> FacilityTold:
    """What a row tells of a facility. An empty cell leaves what is known as it is. Raises `Invalid` by field."""
    changed, problems = _read(cells, FACILITY_READERS)
    if known is None:
        problems += _missing(cells, NEEDED_OF_FACILITY)
    elif changed.get("organization_code", known.organization_code) == known.organization_code:
        changed.pop("organization_name", None)
    if problems:
        raise Invalid(*problems)
    return replace(known, **changed) if known is not None else FacilityTold(**changed)


def service_in(cells: Cells, known: ServiceTold | None) -> ServiceTold:
    """What a row tells of a service. An empty cell leaves what is known as it is. Raises `Invalid` by field."""
    changed, problems = _read({field: cell for field, cell in cells.items() if field != "facility"}, SERVICE_READERS)
    if known is None:
        problems += _missing(cells, NEEDED_OF_SERVICE)
    if problems:
        raise Invalid(*problems)
    return replace(known, **changed) if known is not None else ServiceTold(**changed)


def words_in(cell: str) -> list[str]:
    """The words of a cell that holds several, whatever stands between them."""
    return [word for word in re.split(r"[\s,，、;；|]+", cell) if word]


def _read(cells: Cells, readers: Mapping[str, Callable[[str], Any]]) -> tuple[dict[str, Any], list[Problem]]:
    found, problems = {}, []
    for field, cell in cells.items():
        if not cell:
            continue
        try:
            found[field] = readers.get(field, str)(cell)
        except ValueError as error:
            problems.append(Problem(field, str(error)))
    return found, problems


def _missing(cells: Cells, needed: Sequence[str]) -> list[Problem]:
    return [Problem(field, _("请填写")) for field in needed if not cells.get(field)]


def _one_of(words: Mapping[str, Promise], kind: Callable[[str], Any]) -> Callable[[str], Any]:
    def read(cell: str) -> Any:
        code = _code_of(words, cell)
        if code is None:
            raise ValueError(
                _("没有“%(cell)s”，可写 %(known)s") % {"cell": cell, "known": "、".join(map(str, words.values()))}
            )
        return kind(code)

    return read


def _code_of(words: Mapping[str, Promise], cell: str) -> str | None:
    with translation.override("zh-hans"):
        return next((str(code) for code, name in words.items() if cell in {code, str(name)}), None)


def _capabilities(cell: str) -> frozenset[str]:
    found = {word: _code_of(CAPABILITIES, word) for word in words_in(cell)}
    unknown = [word for word, code in found.items() if code is None]
    if unknown:
        raise ValueError(_("没有能力“%s”") % "、".join(unknown))
    return frozenset(code for code in found.values() if code is not None)


def _yes(cell: str) -> bool:
    word = cell.lower()
    if word not in YES | NO:
        raise ValueError(_("“%s”应写作是或否") % cell)
    return word in YES


def _degrees(cell: str) -> float:
    try:
        return float(cell)
    except ValueError:
        raise ValueError(_("“%s”不是数字") % cell) from None


def _whole(cell: str) -> int:
    if not (cell.isascii() and cell.isdecimal() and len(cell) <= 6):  # noqa: PLR2004 no age or wait has more digits
        raise ValueError(_("“%s”不是整数") % cell)
    return int(cell)


def _sex(cell: str) -> str:
    if cell not in SEX:
        raise ValueError(_("限性别只能是男、女或不限"))
    return SEX[cell]


FACILITY_READERS: dict[str, Callable[[str], Any]] = {
    "kind": _one_of(KINDS, FacilityKind),
    "level": _one_of(LEVELS, Level),
    "longitude": _degrees,
    "latitude": _degrees,
    "in_network": _yes,
    "active": _yes,
    "capabilities": _capabilities,
    "catchment": lambda cell: tuple(sorted(set(words_in(cell)))),
}
SERVICE_READERS: dict[str, Callable[[str], Any]] = {
    "accepts_referrals": _yes,
    "inpatient": _yes,
    "active": _yes,
    "sex": _sex,
    "min_age": _whole,
    "max_age": _whole,
    "wait_days": _whole,
}
