"""What the codes of indicators are called."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from catchment.standards.measures.definition import Direction, Kind, Mark
from catchment.standards.measures.evaluating import Light, Status
from catchment.standards.measures.periods import PeriodKind

KINDS: dict[str, Promise] = {
    Kind.RATIO: _("比率"), Kind.MEAN: _("均值"), Kind.RATE: _("每万人率"), Kind.COUNT: _("计数"),
    Kind.GROWTH: _("增长率"), Kind.QUALITATIVE: _("定性"), Kind.COMPOSITE: _("复合"),
}  # fmt: skip
DIRECTIONS: dict[str, Promise] = {
    Direction.UP: _("越高越好"), Direction.DOWN: _("越低越好"), Direction.TO_TARGET: _("越接近目标越好"),
    Direction.NONE: _("无方向"),
}  # fmt: skip
MARKS: dict[str, Promise] = {
    Mark.SOURCED: _("有原文依据"), Mark.RECONSTRUCTED: _("口径为复原，未见原文"), Mark.LOCAL: _("本县自定"),
}  # fmt: skip
LIGHTS: dict[str, Promise] = {
    Light.GREEN: _("达标"), Light.AMBER: _("接近"), Light.RED: _("未达标"), Light.NONE: _("无目标"),
}  # fmt: skip
STATUSES: dict[str, Promise] = {
    Status.VALUED: _("已计算"), Status.NO_CASES: _("无病例"), Status.MISSING_SOURCE: _("缺数据来源"),
    Status.NOT_ANSWERED: _("待填报"), Status.WITHHELD: _("人数过少，不列出"),
}  # fmt: skip
LEVEL_WORDS: dict[str, Promise] = {
    "county": _("县"), "township": _("乡镇"), "village": _("村"), "facility": _("机构"),
}  # fmt: skip
PERIOD_WORDS: dict[str, Promise] = {
    PeriodKind.MONTH: _("月"), PeriodKind.QUARTER: _("季"), PeriodKind.YEAR: _("年"),
    PeriodKind.ROLLING: _("近 12 个月"),
}  # fmt: skip
ANSWER_WORDS: dict[str, Promise] = {"yes": _("已落实"), "partly": _("部分落实"), "no": _("未落实")}


def shown(value: float | None, digits: int) -> str:
    """A number as people read it: thousands apart, no more decimals than the definition says."""
    if value is None:
        return "—"
    text = f"{value:,.{digits}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
