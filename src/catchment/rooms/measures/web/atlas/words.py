"""The words that the map's script shows, and periods as people say them."""

from django.utils.translation import gettext as _


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


def script_words() -> dict[str, str]:
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
        "failed": _("数据没有取到，请稍后再试或刷新页面。"),
    }
