"""The layers of the health map and their values: for every area and period a number with what it was counted from."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import polars as pl

from catchment.rooms.measures.queries.cube import BANDS, Cube
from catchment.rooms.measures.rules.atlas import DiseaseGroup

LEVELS: Final = ("area_code", "township_code", "county_code")
PER_THOUSAND: Final = 1000
HIDDEN: Final = -1
"""Stands where a count is too small to be shown to the reader."""
Row = dict[str, list[Any]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Layer:
    """One layer's description. `better` says which way is good: `lower`, `higher` or neither; `per` 1000, 100 or 0."""

    code: str
    title: str
    group: str
    unit: str
    per: int
    better: str
    numerator: str
    denominator: str
    how: str
    source: str
    grains: tuple[str, ...] = ("year", "month")
    standardised: bool = False
    confidential: bool = False
    """Tells of people's health, so that small counts are hidden."""
    stock: bool = False
    """Counted at a period's end and not over it, so that a running period is as good as a whole one."""
    edition: dict[str, Any] = field(default_factory=dict)


def sums(frame: pl.DataFrame, periods: Sequence[str], column: str = "n") -> dict[str, list[float]]:
    """For every area of every level its sums, one for each period in order; 0 where nothing was counted."""
    found: dict[str, list[float]] = {}
    place = {period: number for number, period in enumerate(periods)}
    for level in LEVELS:
        told = frame.filter(pl.col(level) != "").group_by(level, "period").agg(pl.col(column).sum())
        for code, period, n in told.select(level, "period", column).iter_rows():
            found.setdefault(code, [0] * len(place))[place[period]] = n
    return found


def burden(cube: Cube, group: DiseaseGroup, standard: Sequence[float]) -> dict[str, Row]:
    """People with the group's diagnoses (`n`), residents (`d`), the rate per thousand at the standard's ages (`s`)."""
    counted = (cube.known if group.lasting else cube.seen).filter(pl.col("group") == group.code)
    seen, residents = sums(counted, cube.periods), sums(cube.residents, cube.periods)
    adjusted = standardised(counted, cube.residents, cube.periods, standard)
    zero = [0] * len(cube.periods)
    return {
        code: {"n": seen.get(code, zero), "d": people, **({"s": adjusted[code]} if code in adjusted else {})}
        for code, people in residents.items()
    }


def standardised(
    counted: pl.DataFrame, residents: pl.DataFrame, periods: Sequence[str], standard: Sequence[float]
) -> dict[str, list[float | None]]:
    """Directly standardised rates per thousand of townships and counties; `None` where an age has no residents.

    Villages are too small for rates by age and have none.
    """
    weights = pl.DataFrame({"band": list(range(BANDS)), "weight": [one / sum(standard) for one in _fitted(standard)]})
    place = {period: number for number, period in enumerate(periods)}
    found: dict[str, list[float | None]] = {}
    for level in LEVELS[1:]:
        by = [level, "band", "period"]
        people = residents.filter(pl.col(level) != "").group_by(by).agg(pl.col("n").sum().alias("d"))
        rates = people.join(counted.group_by(by).agg(pl.col("n").sum()), on=by, how="left").join(weights, on="band")
        weighed = rates.with_columns(part=pl.col("n").fill_null(0) / pl.col("d") * pl.col("weight"))
        whole = weighed.group_by(level, "period").agg(pl.col("part").sum(), pl.col("weight").sum(), pl.len())
        for code, period, part, weight, bands in whole.iter_rows():
            row = found.setdefault(code, [None] * len(place))
            row[place[period]] = round(PER_THOUSAND * part / weight, 2) if bands == BANDS else None
    return found


def _fitted(standard: Sequence[float]) -> list[float]:
    """The standard in as many bands as the counts have; what is older than the last open band is added to it."""
    return [*standard[: BANDS - 1], sum(standard[BANDS - 1 :])]
