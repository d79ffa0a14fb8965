"""Comparing places fairly: a funnel plot says which differ from the whole by more than chance."""

from collections.abc import Sequence
from dataclasses import dataclass

from catchment.rooms.measures.types import FunnelPoint, MeasureValue
from catchment.standards.measures.definition import SCALES, Direction, Kind, Measure
from catchment.standards.measures.evaluating import WILSON, limits, stands_out

_STEPS = 40
FEWEST = 2
"""Places without which there is nothing to compare."""


@dataclass(frozen=True, slots=True)
class Funnel:
    """The places' points, the whole, and for each limit the curve as (cases, low, high); all in the measure's unit.

    `left_out` counts the places that are too small to be compared.
    """

    points: list[FunnelPoint]
    whole: float
    curves: dict[str, list[tuple[float, float, float]]]
    left_out: int


def can_be_compared(measure: Measure, level: str) -> bool:
    """Whether the measure is a share of cases, for which limits of chance can be given, and compares at the level."""
    return measure.kind is Kind.RATIO and measure.unit in SCALES and level in measure.compare


def funnel(measure: Measure, places: Sequence[MeasureValue], whole: MeasureValue | None, least: int) -> Funnel | None:
    """The funnel of places around the whole; `None` where the measure is no share, or fewer than two can be compared.

    Places with fewer than `least` cases are left out, so that chance in a small village shames nobody.
    """
    if not places or not can_be_compared(measure, places[0].level) or whole is None or whole.value is None:
        return None
    share, scale = whole.value / measure.scale, measure.scale
    if not 0 <= share <= 1:
        return None
    told = [one for one in places if one.value is not None and one.denominator and 0 <= one.value <= scale]
    large = [one for one in told if (one.denominator or 0) >= max(1, least)]
    points = [
        FunnelPoint(
            place_code=one.place_code,
            place_name=one.place_name,
            n=one.denominator or 0,
            value=one.value or 0,
            outside=stands_out((one.value or 0) / scale, one.denominator or 0, share),
            better=_better(measure, one.value or 0, whole.value),
        )
        for one in large
    ]
    if len(points) < FEWEST:
        return None
    return Funnel(points, whole.value, _curves(share, scale, points), len(told) - len(large))


def _better(measure: Measure, value: float, whole: float) -> bool | None:
    if measure.direction not in {Direction.UP, Direction.DOWN}:
        return None
    return (value > whole) == (measure.direction is Direction.UP)


def _curves(share: float, scale: float, points: Sequence[FunnelPoint]) -> dict[str, list[tuple[float, float, float]]]:
    most, fewest = max(point.n for point in points) * 1.05, max(1.0, min(point.n for point in points) * 0.8)
    ratio = (most / fewest) ** (1 / _STEPS) if most > fewest else 1.0
    sizes = [fewest * ratio**step for step in range(_STEPS + 1)]
    curves: dict[str, list[tuple[float, float, float]]] = {}
    for name, z in WILSON.items():
        ends = [(n, *limits(share, n, z)) for n in sizes]
        curves[name] = [(n, low * scale, high * scale) for n, low, high in ends]
    return curves
