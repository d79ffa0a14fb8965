"""The editions behind a budget, with each number's mark."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from catchment.rooms.budget.models import Budget
from catchment.rooms.budget.rules import words
from catchment.rooms.budget.rules.editions import PLACES, SHARING
from catchment.rooms.rulebook import queries as rulebook
from catchment.rooms.rulebook.models import Edition
from catchment.rooms.rulebook.types import EditionValue

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


ABOUT: dict[str, Promise] = {
    "budget": _("总额"),
    "surplus": _("结余"),
    "overrun": _("超支"),
    "outpatient": _("门诊"),
    "package": _("打包"),
    "result": _("结果"),
}
KINDS: dict[str, Promise] = {
    "sourced": _("有来源"),
    "background": _("背景所知"),
    "local": _("由当地填写"),
    "default": _("设定值"),
}


VALUES: Mapping[str, Promise] = {
    **words.CATEGORIES,
    **words.LEVELS,
    "history": _("按历史支出"),
    "per-head": _("按人头"),
    "ratio": _("按级别的比例"),
    "scores": _("按考核得分"),
    "heads": _("按参保人数"),
    "equal": _("平均分配"),
    "members": _("成员共同承担"),
    "resident": _("居民医保"),
    "employee": _("职工医保"),
}
CALLED = frozenset(VALUES) - {"history", "per-head", "ratio", "scores", "heads", "equal"}
"""Fields that are named by a code themselves: the word, then what stands in them."""
PHRASES: Mapping[str, Promise] = {
    "from_age": _("%s 岁起"),
    "below_age": _("不满 %s 岁"),
    "weight": _("权重 %s"),
    "yuan": _("%s 元"),
    "from_score": _("%s 分起"),
    "to_percent": _("至预算的 %s%%"),
    "percent": _("%s%%"),
    "community_percent": _("医共体承担 %s%%"),
    "limit": _("界限 %s"),
    "least": _("至少 %s 例"),
    "sure": _("超出机会 %s 个标准误"),
    "days": _("%s 天内"),
    "split_days": _("相隔 %s 天内为分解"),
    "codes": _("编码 %s"),
    "results": _("结果 %s"),
}
ORDER = {name: at for at, name in enumerate([*VALUES, *PHRASES])}
"""The database keeps no order of keys."""
UNTOLD = frozenset({"zh", "en", "watch"})
LISTED = frozenset({"chronic_codes", "codes", "results"})


@dataclass(frozen=True, slots=True)
class Field:
    """One number of an edition: what it says, how far it is trusted, what was read; `kind` is one of `KINDS`."""

    name: str
    value: str
    tag: str
    note: str

    @property
    def kind(self) -> str:
        return kind_of(self.tag)


@dataclass(frozen=True, slots=True)
class Marked:
    """An edition with its fields, what else is known of the place, and how many fields are of which kind."""

    edition: Edition | EditionValue
    fields: tuple[Field, ...]
    facts: tuple[tuple[str, str, str], ...]

    @property
    def kinds(self) -> list[tuple[str, Promise, int]]:
        """Kind, its word and how many fields are of it, for those that there are."""
        counted = Counter(field.kind for field in self.fields)
        return [(kind, word, counted[kind]) for kind, word in KINDS.items() if counted[kind]]


def kind_of(tag: str) -> str:
    """Whether a number was read in a source, is background knowledge, the county's to fill in, or set by us."""
    return "sourced" if tag.startswith("S:") else {"D": "default", "local": "local"}.get(tag, "background")


def editions_of(budget: Budget) -> list[Marked]:
    """Each edition that the budget stands on, with its fields."""
    return [_marked(rulebook.edition(key, version)) for key, version in budget.editions.items()]


def places(day: date) -> list[tuple[str, Marked]]:
    """Each place and its sharing in force on the day."""
    return [(name, _marked(rulebook.edition_on(SHARING + name, day))) for name in PLACES]


def _marked(one: Edition | EditionValue) -> Marked:
    fields = (
        Field(str(FIELDS.get(mark["field"], mark["field"])), told(one.content.get(mark["field"]), mark["field"]),
              mark["tag"], mark.get("note", ""))
        for mark in one.content["marks"]
    )  # fmt: skip
    facts = ((str(ABOUT[fact["about"]]), fact["told"], fact["tag"]) for fact in one.content.get("facts", ()))
    return Marked(one, tuple(fields), tuple(facts))


def told(value: Any, name: str = "") -> str:
    """A value of an edition in one line, in words; `name` is the field it stands in."""
    if isinstance(value, Mapping):
        given = [key for key, one in value.items() if one not in (None, "", [], ()) and key not in UNTOLD]
        parts = [told(value[key], key) for key in sorted(given, key=lambda key: ORDER.get(key, len(ORDER)))]
        return (" : " if name == "ratio" else " ").join(parts)
    if isinstance(value, list | tuple):
        return (_("、") if name in LISTED else _("；")).join(told(one) for one in value)
    word = VALUES.get(value, value) if isinstance(value, str) else value
    if name in CALLED:
        return f"{VALUES[name]} {word}"
    return str(PHRASES[name]) % word if name in PHRASES else "" if word is None else str(word)
