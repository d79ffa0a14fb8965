"""What is wrong with what is told of a facility or a service, by field."""

import math
import re
from collections.abc import Mapping

from django.utils.translation import gettext as _

from catchment.kernel.errors import Problem
from catchment.rooms.places.types import FacilityKind, FacilityTold, Level, ServiceTold

CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,39}")
TAKEN = frozenset({"networks", "new"})
"""Words that stand in the addresses of pages where a facility's code would."""
OLDEST, LONGEST_WAIT = 150, 3650
LONGEST_OF_FACILITY = {
    "name": 120, "short_name": 40, "organization_code": 40, "organization_name": 120, "address": 200, "phone": 40,
}  # fmt: skip
LONGEST_OF_SERVICE = {"name": 80, "specialty": 40, "phone": 40}


def problems_of_facility(told: FacilityTold) -> list[Problem]:
    """What can be seen from what is told alone; whether area and parent exist is for the database to say."""
    problems = [*_code(told.code, TAKEN), *_texts(told, LONGEST_OF_FACILITY, required=("name",))]
    if told.kind not in set(FacilityKind):
        problems.append(Problem("kind", _("没有类别 %s") % told.kind))
    if told.level not in set(Level):
        problems.append(Problem("level", _("没有级别 %s") % told.level))
    if (told.longitude is None) != (told.latitude is None):
        problems.append(Problem("longitude", _("经度和纬度要同时填写")))
    for field, value, most in (("longitude", told.longitude, 180), ("latitude", told.latitude, 90)):
        if value is not None and not (math.isfinite(value) and -most <= value <= most):
            problems.append(Problem(field, _("应在 -%(most)s 到 %(most)s 之间") % {"most": most}))
    if told.parent_code and told.parent_code == told.code:
        problems.append(Problem("parent_code", _("上级机构不能是本机构")))
    return problems


def problems_of_service(told: ServiceTold) -> list[Problem]:
    """What is wrong with a service, by field."""
    problems = [*_code(told.code), *_texts(told, LONGEST_OF_SERVICE, required=("name", "specialty"))]
    if told.sex not in {"", "male", "female"}:
        problems.append(Problem("sex", _("限性别只能是男、女或不填")))
    for field, value in (("min_age", told.min_age), ("max_age", told.max_age)):
        if not 0 <= value <= OLDEST:
            problems.append(Problem(field, _("年龄应为 0 到 %s 岁") % OLDEST))
    if told.min_age > told.max_age:
        problems.append(Problem("max_age", _("年龄上限低于下限，请改正其一")))
    if not 0 <= told.wait_days <= LONGEST_WAIT:
        problems.append(Problem("wait_days", _("等候天数应为 0 到 %s") % LONGEST_WAIT))
    return problems


def _code(code: str, taken: frozenset[str] = frozenset()) -> list[Problem]:
    if not CODE.fullmatch(code):
        return [Problem("code", _("代码应为 1 到 40 个字母、数字、点、横线或下划线，以字母或数字开头"))]
    return [Problem("code", _("这个词是系统地址，请换一个代码"))] if code in taken else []


def _texts(told: object, longest: Mapping[str, int], *, required: tuple[str, ...]) -> list[Problem]:
    problems = [Problem(field, _("请填写")) for field in required if not getattr(told, field).strip()]
    for field, most in longest.items():
        if len(getattr(told, field)) > most:
            problems.append(Problem(field, _("太长，最多 %s 个字符") % most))
    return problems
