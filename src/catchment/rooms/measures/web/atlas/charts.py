"""Charts of the panel and the cockpit as options of ECharts, always beside the same numbers in words or a table."""

from collections import Counter
from collections.abc import Sequence
from typing import Any

import orjson
from django.utils.translation import gettext as _

from catchment.rooms.measures.queries.flows import Flow
from catchment.rooms.measures.queries.spectrum import AGES
from catchment.rooms.places.types import Level

AGE_COLOURS = ("#a6cee3", "#5aa5c9", "#1f6f9f", "#0b3f5f")
WITHIN, BEYOND = "#0f6e6e", "#b4459a"
MOST_GROUPS = 10


def written(option: dict[str, Any]) -> str:
    """An option as it travels in an attribute."""
    return orjson.dumps(option).decode()


def spectrum_chart(lines: Sequence[tuple[str, Sequence[int]]], *, dark: bool = False) -> dict[str, Any]:
    """Lying bars, one for each disease group, its people stacked by age. `lines`: names with people by `AGES`."""
    shown = list(reversed(lines[:MOST_GROUPS]))
    ink = _ink(dark)
    series = [
        {"type": "bar", "name": words, "stack": "people", "barMaxWidth": 18, "itemStyle": {"color": colour},
         "data": [seen[age] for _name, seen in shown]}
        for age, ((_first, _last, words), colour) in enumerate(zip(AGES, AGE_COLOURS, strict=True))
    ]  # fmt: skip
    return {
        "tooltip": {"trigger": "axis", "axisPointer": {"type": "shadow"}},
        "legend": {"bottom": 0, "itemWidth": 12, "itemHeight": 12, "textStyle": {"color": ink}},
        "grid": {"left": 4, "right": 20, "top": 6, "bottom": 32, "containLabel": True},
        "xAxis": {"type": "value", "minInterval": 1, "axisLabel": {"color": ink}, "splitLine": _split(dark)},
        "yAxis": {"type": "category", "data": [name for name, _seen in shown], "axisLabel": {"color": ink}},
        "series": series,
        "aria": {"enabled": True, "decal": {"show": False}},
    }


def flow_chart(flows: Sequence[Flow], names: dict[str, str], *, dark: bool = False) -> dict[str, Any]:
    """From where people live, left, to where they stayed, right; what lies beyond the county in its own colour."""
    within, opacity = ("#37a596", 0.6) if dark else (WITHIN, 0.42)
    links: Counter[tuple[str, str, bool]] = Counter()
    for one in flows:
        links[names.get(one.township, _("其他")), _destination(one), one.outside] += one.n
    right = Counter[tuple[str, bool]]()
    for (_left, target, outside), n in links.items():
        right[target, outside] += n
    nodes = [
        {"name": f"{name} ", "depth": 0, "itemStyle": {"color": "#5f7d77"}}
        for name in dict.fromkeys(one for one, _t, _o in links)
    ]
    nodes += [
        {"name": name, "depth": 1, "itemStyle": {"color": BEYOND if outside else within}}
        for (name, outside), _n in right.most_common()
    ]
    lines = [
        {"source": f"{left} ", "target": target, "value": n,
         "lineStyle": {"color": BEYOND if outside else within, "opacity": opacity}}
        for (left, target, outside), n in links.items()
    ]  # fmt: skip
    sankey = {
        "type": "sankey", "left": 4, "right": 130, "top": 6, "bottom": 6, "nodeGap": 8, "nodeWidth": 12,
        "data": nodes, "links": lines, "label": {"color": _ink(dark), "fontSize": 12},
        "emphasis": {"focus": "adjacency"}, "animation": False, "labelLayout": {"hideOverlap": True},
    }  # fmt: skip
    return {"tooltip": {"trigger": "item"}, "series": [sankey], "aria": {"enabled": True, "decal": {"show": False}}}


def _destination(flow: Flow) -> str:
    """Where a stay was, as the chart says it: township centres together, hospitals by name."""
    if flow.level != Level.TOWNSHIP:
        return flow.facility
    return _("本乡镇卫生院") if flow.near else _("其他乡镇卫生院")


def trend_chart(
    labels: Sequence[str], values: Sequence[float | None], unit: str, *, dark: bool = False
) -> dict[str, Any]:
    """A small line over time without axes' clutter."""
    colour = "#5cc4b4" if dark else WITHIN
    line = {
        "type": "line", "data": list(values), "showSymbol": False, "lineStyle": {"width": 2.5, "color": colour},
        "itemStyle": {"color": colour}, "areaStyle": {"color": colour, "opacity": 0.12},
    }  # fmt: skip
    return {
        "tooltip": {"trigger": "axis"},
        "grid": {"left": 4, "right": 8, "top": 22, "bottom": 4, "containLabel": True},
        "xAxis": {"type": "category", "data": list(labels), "axisLabel": {"color": _ink(dark), "hideOverlap": True}},
        "yAxis": {"type": "value", "name": unit, "scale": True, "axisLabel": {"color": _ink(dark), "hideOverlap": True},
                  "nameTextStyle": {"color": _ink(dark)}, "splitLine": _split(dark), "splitNumber": 2},
        "series": [line],
        "aria": {"enabled": True, "decal": {"show": False}},
    }  # fmt: skip


def _ink(dark: bool) -> str:
    return "#cfe5e1" if dark else "#22302f"


def _split(dark: bool) -> dict[str, Any]:
    return {"lineStyle": {"color": "#24494b" if dark else "#e6e1d6"}}
