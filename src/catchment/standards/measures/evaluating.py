"""From counted parts to values: the formula of each measure, its status, its light, its limits."""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

import duckdb
import ibis
import pyarrow as pa

from catchment.standards.measures.definition import Count, Direction, Kind, Measure
from catchment.standards.risk.expression import compiled
from catchment.standards.risk.grammar import parse

Parts = Mapping[str, float | None]
NAMES = ("numerator", "denominator")
WILSON = {"95": 1.959963984540054, "99.8": 3.090232306167813}
"""The two control limits of a funnel plot: standard normal quantiles of 0.975 and 0.999."""


class Status(StrEnum):
    """Whether there is a value. `no-cases`: the denominator is nothing; `not-answered`: a qualitative one waits;
    `withheld`: so few people stand behind it that it is not told.
    """

    VALUED = "valued"
    NO_CASES = "no-cases"
    MISSING_SOURCE = "missing-source"
    NOT_ANSWERED = "not-answered"
    WITHHELD = "withheld"


class Light(StrEnum):
    GREEN = "green"
    AMBER = "amber"
    RED = "red"
    NONE = ""


@dataclass(frozen=True, slots=True)
class Result:
    """The value of one place with what it was made of; `value` is `None` where there is none."""

    value: float | None
    numerator: float | None
    denominator: float | None


def results(measure: Measure, count: Count, places: Mapping[str, Parts]) -> dict[str, Result]:
    """The result of each place from its parts, none of which may be unknown."""
    made: dict[str, dict[str, float | None]] = {place: dict(parts) for place, parts in places.items()}
    for name in NAMES:
        part = getattr(count, name)
        if part is not None and part.formula:
            for place, value in _by_formula(part.formula, places).items():
                made[place][name] = value
    values = _by_formula(count.value, made) if count.value else {p: _plain(measure, one) for p, one in made.items()}
    return {place: Result(values[place], one["numerator"], one.get("denominator")) for place, one in made.items()}


def _plain(measure: Measure, parts: Parts) -> float | None:
    top, bottom = parts["numerator"], parts.get("denominator")
    if measure.kind is Kind.COUNT or top is None:
        return top
    if not bottom:
        return None
    share = top / bottom - 1 if measure.kind is Kind.GROWTH else top / bottom
    return share * measure.scale


def _by_formula(text: str, places: Mapping[str, Parts]) -> dict[str, float | None]:
    """An expression over the parts for every place; `None` where it cannot be worked out."""
    if not places:
        return {}
    names = list(next(iter(places.values())))
    columns = {name: pa.array([parts[name] for parts in places.values()], pa.float64()) for name in names}
    schema = ibis.schema(dict.fromkeys(names, "float64"))
    table = ibis.table(schema, name="parts")
    asked = table.select(value=compiled(parse(text, "value"), {name: table[name] for name in names}).cast("float64"))
    with duckdb.connect() as connection:
        connection.register("parts", pa.table(columns))
        found = connection.sql(str(ibis.to_sql(asked, dialect="duckdb"))).fetchall()
    return {
        place: value if value is not None and math.isfinite(value) else None
        for place, (value,) in zip(places, found, strict=True)
    }


def light_of(measure: Measure, value: float | None) -> Light:
    """Green where the target is reached, amber up to `near`, red beyond; none without a target or a value."""
    if value is None or measure.target is None or measure.direction is Direction.NONE:
        return Light.NONE
    target, near = measure.target, measure.near
    if measure.direction is Direction.TO_TARGET:
        away, allowed = abs(value - target), near or 0
        return Light.GREEN if away <= allowed else Light.AMBER if away <= 2 * allowed else Light.RED
    sign = 1 if measure.direction is Direction.UP else -1
    if sign * value >= sign * target:
        return Light.GREEN
    return Light.AMBER if near is not None and sign * value >= sign * near else Light.RED


def limits(share: float, n: float, z: float) -> tuple[float, float]:
    """Wilson's interval around a share for `n` cases: between these a place differs from the whole by chance alone."""
    if n <= 0:
        return 0.0, 1.0
    middle = share + z * z / (2 * n)
    half = z * math.sqrt(share * (1 - share) / n + z * z / (4 * n * n))
    below = 1 + z * z / n
    return max(0.0, (middle - half) / below), min(1.0, (middle + half) / below)


def stands_out(share: float, n: float, whole: float) -> str:
    """`""` within the 95 % limits of the whole, `95` outside those, `99.8` outside the wider ones."""
    outside = [name for name, z in WILSON.items() if not _inside(share, limits(whole, n, z))]
    return outside[-1] if outside else ""


def _inside(share: float, ends: Iterable[float]) -> bool:
    low, high = ends
    return low <= share <= high
