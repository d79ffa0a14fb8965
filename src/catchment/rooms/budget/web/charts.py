"""What the charts of a budget draw, in units of ten thousand yuan."""

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _

from catchment.rooms.budget.models import Share
from catchment.rooms.budget.rules.words import STEPS
from catchment.rooms.budget.types import Forecast

WAN = 1_000_000
"""Fen in ten thousand yuan."""
MONTHS, SHOWN = 12, 3
"""Months of a year; how many of those that are known stand before what is expected."""
UP, DOWN, WHOLE, FAINT = "#3a66a7", "#c2762b", "#0f6e6e", "#9aa6a3"


def waterfall(steps: Sequence[tuple[str, int, int]], total: int) -> dict[str, Any]:
    """Bars that hang where the one before ended: what each step added or took, and the budget at the end."""
    names = [str(STEPS.get(code, code)) for code, _change, _running in steps] + [_("预算")]
    floor = [min(running, running - change) for _code, change, running in steps] + [0]
    height = [abs(change) for _code, change, _running in steps] + [total]
    colours = [WHOLE if at == 0 else UP if change >= 0 else DOWN for at, (_c, change, _r) in enumerate(steps)] + [WHOLE]
    bars = [
        {"value": wan(value), "itemStyle": {"color": colour}} for value, colour in zip(height, colours, strict=True)
    ]
    grid = _grid()
    grid["yAxis"] |= {"min": _foot([running for _code, _change, running in steps] + [total])}
    return {
        **grid,
        "aria": {"enabled": True, "decal": {"show": False}},
        "xAxis": {"type": "category", "data": names, "axisLabel": {"interval": 0, "rotate": 30}},
        "series": [
            {"type": "bar", "stack": "w", "data": [wan(value) for value in floor], "silent": True,
             "itemStyle": {"color": "transparent"}, "tooltip": {"show": False}},
            {"type": "bar", "stack": "w", "name": _("万元"), "data": bars, "barMaxWidth": 44,
             "label": {"show": True, "position": "top", "fontSize": 10}},
        ],
    }  # fmt: skip


def run_rate(due: Sequence[int], spent: Sequence[int], seen: Forecast) -> dict[str, Any]:
    """Running sums by month: what the budget allows, what was spent, where it is heading and between which edges.

    A running year begins two months before its last known one, and not at nothing: the band is a few per cent wide.
    """
    running = bool(seen.ahead) and seen.month < MONTHS
    first = max(0, seen.month - SHOWN) if running else 0
    shown = range(first, MONTHS)
    allowed = [sum(due[: at + 1]) for at in shown]
    actual = [sum(spent[: at + 1]) if at < len(spent) else None for at in shown]
    series = [
        _line(_("预算进度"), _in_wan(allowed), FAINT, dashed=True),
        _line(_("实际累计"), _in_wan(actual), WHOLE),
        *(_ahead(seen, shown) if running else []),
    ]
    grid = _grid()
    grid["yAxis"] |= {"scale": first > 0}
    grid["grid"] |= {"bottom": 72}
    edge = _("预计下限")
    return {
        **grid,
        "legend": {"bottom": 0, "data": [one["name"] for one in series if one["name"] != edge]},
        "xAxis": {"type": "category", "data": [_("%d月") % (at + 1) for at in shown]},
        "series": series,
    }


def _ahead(seen: Forecast, shown: Sequence[int]) -> list[dict[str, Any]]:
    """The expected course, and the band as two lines of which one stands on the other."""
    found = {one.month - 1: one for one in seen.ahead}
    known = [found.get(at) for at in shown]
    low = [one.low if one else None for one in known]
    width = [one.high - one.low if one and one.high is not None and one.low is not None else None for one in known]
    band = {"type": "line", "stack": "band", "symbol": "none", "silent": True, "lineStyle": {"opacity": 0}}
    return [
        _line(_("按往年进度预计"), _in_wan([one.expected if one else None for one in known]), UP, dashed=True),
        {**band, "name": _("预计下限"), "data": _in_wan(low)},
        {**band, "name": _("预计区间"), "data": _in_wan(width), "itemStyle": {"color": UP},
         "areaStyle": {"color": UP, "opacity": 0.25}},
    ]  # fmt: skip


def shares(rows: Sequence[Share], most: int = 12) -> dict[str, Any]:
    """The largest parts as bars that lie down, the largest on top."""
    shown = list(rows[:most])[::-1]
    return {
        "tooltip": {"trigger": "axis"},
        "grid": {"left": 8, "right": 56, "top": 8, "bottom": 24, "containLabel": True},
        "xAxis": {"type": "value", "name": _("万元")},
        "yAxis": {
            "type": "category",
            "axisLabel": {"interval": 0},
            "data": [row.facility.short_name or row.facility.name for row in shown],
        },
        "series": [{"type": "bar", "name": _("份额"), "data": [wan(row.amount) for row in shown], "barMaxWidth": 18}],
    }


def wan(fen: int) -> float:
    return round(fen / WAN, 2)


def _foot(sums: Sequence[int]) -> float:
    """Where the axis begins: nothing, or below the lowest sum where the steps would be too thin to see."""
    low, high = min(sums), max(sums)
    return 0 if low < high / 2 else max(0.0, wan(low - (high - low)) // 1)


def _in_wan(sums: Sequence[int | None]) -> list[float | None]:
    return [None if one is None else wan(one) for one in sums]


def _line(name: str, data: Sequence[float | None], colour: str, *, dashed: bool = False) -> dict[str, Any]:
    style = {"color": colour, "type": "dashed" if dashed else "solid", "width": 2}
    return {"type": "line", "name": name, "data": list(data), "itemStyle": {"color": colour}, "lineStyle": style}


def _grid() -> dict[str, Any]:
    return {
        "tooltip": {"trigger": "axis"},
        "grid": {"left": 12, "right": 12, "top": 32, "bottom": 40, "containLabel": True},
        "yAxis": {"type": "value", "name": _("万元")},
    }
