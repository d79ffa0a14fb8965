"""The words that the map's script shows, and periods as people say them."""

from typing import Any

from django.utils.translation import gettext as _

from catchment.rooms.measures.queries.streams import DOWN, STAYS, UP


def label_of(period: str) -> str:
    """A period's code in words: 2026 年, 2026 年 3 月; a day as it is written."""
    if len(period) > len("2026-03"):
        return period
    year, _dash, month = period.partition("-")
    return (
        _("%(year)s 年 %(month)s 月") % {"year": year, "month": int(month)}
        if month
        else _("%(year)s 年") % {"year": year}
    )


def stream_titles() -> dict[str, str]:
    """What each kind of stream is called."""
    return {STAYS: _("住院流向"), UP: _("上转流向"), DOWN: _("下转流向")}


def stream_source(kind: str) -> str:
    """Where the numbers of a kind of stream come from."""
    return _("本县健康档案的住院记录") if kind == STAYS else _("本系统转诊单，按发送日计")


def script_words() -> dict[str, Any]:
    """Everything the script says by itself."""
    return {
        "none": _("无数据"),
        "hidden": _("人数太少，不显示"),
        "all": _("全部"),
        "ratio": _("与全县比"),
        "standardised": _("标化"),
        "until": _("数据到"),
        "so_far": _("（至今）"),
        "source": _("来源"),
        "as_of": _("更新于"),
        "unverified": _("未核实"),
        "verified": _("已核实"),
        "how": _("怎么算的"),
        "trend": _("走势"),
        "county": _("全县"),
        "rank": _("由高到低第 {n} / {all}"),
        "play": _("播放"),
        "pause": _("停"),
        "area": _("地区"),
        "class": _("分档"),
        "flows": {kind: {"title": title, "source": stream_source(kind)} for kind, title in stream_titles().items()},
        "flows_key": _("线：粗细按人次，圆点是去处；实线在县内，断线跨县"),
        "across": _("跨县"),
        "within": _("县内"),
        "undrawn": _("另有 {n} 条人数太少或没有坐标，不画线"),
        "failed": _("数据没有取到，请稍后再试或刷新页面。"),
    }
