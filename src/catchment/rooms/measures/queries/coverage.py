"""Residents, and who of them has a doctor or a contract, by village and month."""

from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any, Final

import polars as pl

from catchment.kernel import lake
from catchment.rooms.measures.queries.cube import Cube, month_number, overlap, spans
from catchment.rooms.measures.queries.keeping import frame_of, kept
from catchment.rooms.measures.queries.layers import Row, sums
from catchment.rooms.measures.rules.atlas import BAND_YEARS

OLD_AGE: Final = 65
"""Years from which a resident is counted as old."""
OLD_BAND: Final = OLD_AGE // BAND_YEARS
_PLACE: Final = ("area_code", "township_code", "county_code")


@dataclass(frozen=True, slots=True)
class _Held:
    """Who had a doctor, by place and by the months in which that began and ended there, and the person died."""

    frame: pl.DataFrame


def answered_for(cube: Cube, *, contracted: bool) -> dict[str, Row]:
    """Residents for whom a doctor answered at each period's end, or with whom a contract ran, of all residents."""
    held = _held(cube.as_of).frame
    if contracted:
        held = held.filter(pl.col("contracted"))
    ends = {period: _last_month(period, cube.last) for period in cube.periods}
    counted = pl.concat([_running(held, period, month) for period, month in ends.items()])
    covered, residents = sums(counted, cube.periods), sums(cube.residents, cube.periods)
    zero = [0] * len(cube.periods)
    return {code: {"n": covered.get(code, zero), "d": people} for code, people in residents.items()}


def elders(cube: Cube) -> dict[str, Row]:
    """Residents aged 65 and over at each period's end, of all residents."""
    old = sums(cube.residents.filter(pl.col("band") >= OLD_BAND), cube.periods)
    zero = [0] * len(cube.periods)
    return {code: {"n": old.get(code, zero), "d": d} for code, d in sums(cube.residents, cube.periods).items()}


@lru_cache(maxsize=2)
def _held(as_of: str) -> _Held:
    return _Held(**kept("answering", as_of.encode(), _asked))


def _asked() -> dict[str, pl.DataFrame]:
    with lake.engine() as facts:
        return {"frame": frame_of(facts.run(_answering(facts.table("responsibilities"), spans(facts))))}


def _answering(answered: Any, people: Any) -> Any:
    since, ended = month_number(answered.since), month_number(answered.until)
    told = answered.select("person_key", "contracted", since=since, ended=ended)
    joined = told.join(people, "person_key")
    begun, ended = overlap(joined, joined.since, joined.ended)
    placed = joined.select(*_PLACE, "contracted", since=begun, ended=ended, died=month_number(joined.deceased_on))
    return placed.group_by([*_PLACE, "contracted", "since", "ended", "died"]).aggregate(n=placed.count())


def _running(held: pl.DataFrame, period: str, month: int) -> pl.DataFrame:
    lasting = [pl.col(name).is_null() | (pl.col(name) > month) for name in ("ended", "died")]
    there = held.filter(pl.col("since") <= month, *lasting)
    return there.with_columns(period=pl.lit(period)).select(*_PLACE, "period", "n")


def _last_month(period: str, last: date) -> int:
    year, _dash, month = period.partition("-")
    whole = int(year) * 12 + (int(month) - 1 if month else 11)
    return min(whole, last.year * 12 + last.month - 1)
