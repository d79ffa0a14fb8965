"""The editions behind a budget, with each number's mark."""

from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from catchment.rooms.budget.models import Budget
from catchment.rooms.rulebook import queries as rulebook

FIELDS: dict[str, Promise] = {
    "method": _("编制方法"),
    "weights": _("前三年权重"),
    "growth_cap_percent": _("增幅上限 %"),
    "ages": _("年龄段费用权重"),
    "chronic_weight": _("慢性病费用权重"),
    "chronic_codes": _("慢性病编码"),
    "rates": _("按人头标准"),
    "contract_yuan": _("签约标准（元/人）"),
    "changes": _("政策与价格调整"),
    "exclusions": _("剔除项目"),
    "return_percent": _("县外回流 %"),
    "return_price_percent": _("县内外费用比 %"),
    "reserve_percent": _("风险预留 %"),
    "premium_yuan": _("大病保险保费（元/人）"),
    "public_health_yuan": _("公共卫生经费（元/人）"),
    "prepay_percent": _("月预付 %"),
    "retention_percent": _("结余留用 %"),
    "cap_percent": _("留用上限（占预算 %）"),
    "by": _("分配依据"),
    "ratio": _("县 : 乡 : 村"),
    "within": _("同级之间"),
    "overrun": _("超支分段（医共体承担 %）"),
    "carrier": _("谁承担"),
    "performance": _("绩效系数"),
}


def editions_of(budget: Budget) -> list[dict[str, Any]]:
    """Each edition that the budget stands on, with its fields: what it says, how far it is trusted, what was read."""
    found = [rulebook.edition(key, version) for key, version in budget.editions.items()]
    return [
        {
            "key": one.key,
            "version": one.version,
            "title": one.title,
            "source": one.source,
            "verified": one.verified,
            "fields": [
                (FIELDS.get(mark["field"], mark["field"]), told(one.content.get(mark["field"])), mark["tag"],
                 mark.get("note", ""))
                for mark in one.content["marks"]
            ],
        }
        for one in found
    ]  # fmt: skip


def told(value: Any) -> str:
    """A value of an edition in one line."""
    if isinstance(value, list):
        return "；".join(told(one) for one in value)
    if isinstance(value, dict):
        return " ".join(f"{name}={told(one)}" for name, one in value.items() if one is not None)
    return "" if value is None else str(value)
