"""The reasons of a suspected match in the reader's words."""

from collections.abc import Iterable
from typing import Any

from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

KEYS = {
    "same-number": gettext_lazy("两份档案登记了同一个号码"),
    "same-name-birth-date-sex": gettext_lazy("姓名、出生日期和性别都相同"),
    "same-name-phone": gettext_lazy("姓名和电话都相同"),
}
RULES = {
    "same-id": gettext_lazy("身份证号相同"),
    "other-id": gettext_lazy("身份证号不同"),
    "same-id-other-person": gettext_lazy("身份证号相同，但姓名和出生日期都不同，可能借用了家人的号码"),
}


def said(reasons: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """Each reason as text, and whether it speaks for one person (`True`), against (`False`) or neither (`None`)."""
    return [_said(reason) for reason in reasons]


def _said(reason: dict[str, Any]) -> dict[str, Any]:
    if "key" in reason:
        return {"text": str(KEYS.get(reason["key"], reason["key"])), "speaks_for": True}
    if "rule" in reason:
        return {"text": str(RULES.get(reason["rule"], reason["rule"])), "speaks_for": reason["rule"] == "same-id"}
    text = reason["zh"] if (get_language() or "zh").startswith("zh") else reason["en"]
    weight = reason["weight"]
    told = _("%(text)s（权重 %(weight)s 比特）") % {"text": text, "weight": f"{weight:+.1f}"}
    return {"text": told, "speaks_for": None if weight == 0 else weight > 0}
