"""A settlement's shares, drawn: who pays which part of the bill."""

from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from catchment.rooms.claims.models import Claim, Settlement
from catchment.rooms.claims.rules import words

COLOURS = ("#0f6e6e", "#3a66a7", "#7a8b3c", "#c2762b", "#8a4f7d", "#6b7280")
WIDE = 1000


@dataclass(frozen=True, slots=True)
class Part:
    """One payer's part in fen, its share of the bill in per cent, and where it stands in a bar of 1000."""

    label: str | Promise
    amount: int
    percent: float
    colour: str
    left: float
    width: float


def parts_of(claim: Claim, live: Settlement) -> list[Part]:
    """Who pays what, in the order of the layers; the person's part by why it is theirs. Sums to the total."""
    own = live.patient - claim.excluded - claim.first_pay
    covered = claim.insurance != "none"
    told: list[tuple[str | Promise, int]] = [
        (words.LAYERS["basic"], live.basic),
        (words.LAYERS["serious"], live.serious),
        (words.LAYERS["aid"], live.aid),
        (_("个人：范围内自付"), own if covered else live.patient),
        (_("个人：先行自付"), claim.first_pay if covered else 0),
        (_("个人：自费"), claim.excluded if covered else 0),
    ]
    parts, left = [], 0.0
    for (label, amount), colour in zip(told, COLOURS, strict=True):
        width = WIDE * amount / claim.total if claim.total else 0
        if amount:
            parts.append(Part(label, amount, round(width / 10, 1), colour, round(left, 1), round(width, 1)))
        left += width
    return parts


def chart_of(claim: Claim, live: Settlement) -> dict[str, Any]:
    """The same as one stacked bar for ECharts, in yuan."""
    series = [
        {
            "type": "bar", "stack": "all", "name": str(part.label), "data": [part.amount / 100], "barWidth": 38,
            "itemStyle": {"color": part.colour},
            "label": {"show": part.percent >= 8, "formatter": f"{part.percent:g}%", "color": "#fff"},  # noqa: PLR2004 room for the words
        }
        for part in parts_of(claim, live)
    ]  # fmt: skip
    return {
        "tooltip": {"trigger": "item", "valueFormatter": None},
        "legend": {"bottom": 0},
        "grid": {"left": 8, "right": 16, "top": 8, "bottom": 64, "containLabel": True},
        "xAxis": {"type": "value", "max": claim.total / 100, "name": ""},
        "yAxis": {"type": "category", "data": [""]},
        "series": series,
    }
