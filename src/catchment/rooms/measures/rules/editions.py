"""The editions of indicators: which sets there are, and how their content is read."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

import orjson
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from pydantic import BaseModel

from catchment.kernel.errors import NotFound
from catchment.standards.measures.definition import MeasureSet

SETS: dict[str, Promise] = {
    "national-2024": gettext_lazy("国家监测指标 2024"),
    "national-2020": gettext_lazy("国家监测指标 2020"),
    "referral": gettext_lazy("双向转诊"),
    "chronic": gettext_lazy("慢病管理与签约"),
    "local": gettext_lazy("本县指标"),
}
DEFAULT = "national-2024"


SCHEMAS: Mapping[str, type[BaseModel]] = {f"measures.{name}": MeasureSet for name in SETS}


def key_of(name: str) -> str:
    """The rulebook's key of a set; `NotFound` for one that there is not, naming those there are."""
    if name not in SETS:
        raise NotFound(
            "no-such-set", _("没有指标集 %(name)s；可用的有：%(known)s") % {"name": name, "known": "、".join(SETS)}
        )
    return f"measures.{name}"


def read_set(content: Mapping[str, Any]) -> MeasureSet:
    """The set that an edition's content states; read once for each content."""
    return _read(orjson.dumps(content))


@lru_cache(maxsize=32)
def _read(content: bytes) -> MeasureSet:
    return MeasureSet.model_validate(orjson.loads(content))
