"""Who was seen with what, counted once over the county's facts: by village, age, disease group and period.

Everything that the health map shows of diseases is a sum over this. It is kept in the process for as long as the lake
stands as it is. Sensitive and withdrawn diagnoses are left out; a person counts once in a group and a period.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any, Final, Literal

import ibis
import polars as pl
import pyarrow as pa

from catchment.kernel import lake
from catchment.kernel.lake import manifest
from catchment.rooms.measures.rules.atlas import BAND_YEARS, DiseaseGroup

Grain = Literal["year", "month"]
BANDS: Final = 18
"""Five-year age bands; the last, 85 and over, is open."""
_MONTHS_BACK: Final = 36
_WITHDRAWN: Final = ("entered-in-error", "refuted")
_PLACE: Final = ("area_code", "township_code", "county_code")


@dataclass(frozen=True, slots=True)
class Cube:
    """`seen`: people by area, band, group, period. `residents`: people by area, band, period, at its end.

    `visits`: diagnoses by area, group and month. `last` is the last day of the facts, `as_of` the lake's mark.
    """

    seen: pl.DataFrame
    residents: pl.DataFrame
    periods: tuple[str, ...]
    last: date
    as_of: str


def mark() -> str:
    """The state of the lake that answers now; empty where it was never filled."""
    state = manifest.current()
    return state.as_of if state else ""


def cube(groups: Sequence[DiseaseGroup], grain: Grain) -> Cube | None:
    """The counts at yearly or monthly grain; `None` where nothing was ever recorded or the lake was never filled."""
    as_of = mark()
    return _cube(as_of, tuple(groups), grain) if as_of else None


@lru_cache(maxsize=6)
def _cube(as_of: str, groups: tuple[DiseaseGroup, ...], grain: Grain) -> Cube | None:
    with lake.engine() as facts:
        days = facts.run(_span(facts.table("conditions"))).to_pylist()[0]
        if days["last"] is None:
            return None
        periods = periods_between(days["first"], days["last"], grain)
        people = facts.table("people")
        seen = frame_of(facts.run(_seen(facts.table("conditions"), people, groups, grain)))
        born = frame_of(facts.run(_born(people)))
    known = [code for code, _end in periods]
    residents = pl.concat([_residents(born, code, end) for code, end in periods])
    return Cube(seen.filter(pl.col("period").is_in(known)), residents, tuple(known), days["last"], as_of)


def frame_of(rows: pa.Table) -> pl.DataFrame:
    """The rows of an answer of the lake for further reckoning."""
    return pl.DataFrame(pl.from_arrow(rows))


def month_number(day: Any) -> Any:
    """Months since the year 0 as an Ibis expression: whole months compare as numbers."""
    return day.year() * 12 + day.month() - 1


def periods_between(first: date, last: date, grain: Grain) -> list[tuple[str, date]]:
    """Each period's code with its last day, oldest first: whole years, or the last 36 months, up to the last day."""
    if grain == "year":
        return [(str(year), date(year, 12, 31)) for year in range(first.year, last.year + 1)]
    months = range(first.year * 12 + first.month - 1, last.year * 12 + last.month)
    return [(f"{one // 12}-{one % 12 + 1:02d}", _month_end(one)) for one in months][-_MONTHS_BACK:]


def group_of(code: Any, groups: Sequence[DiseaseGroup]) -> Any:
    """The group's code for an ICD-10 code as an Ibis expression; null outside all groups."""
    category = code.substr(0, 3)
    cases = [(category.between(first, last), group.code) for group in groups for first, last in group.limits()]
    return ibis.cases(*cases, else_=ibis.null("string"))


def _month_end(month: int) -> date:
    following = month + 1
    return date.fromordinal(date(following // 12, following % 12 + 1, 1).toordinal() - 1)


def _span(conditions: Any) -> Any:
    return conditions.aggregate(first=conditions.day.min(), last=conditions.day.max())


def _seen(conditions: Any, people: Any, groups: Sequence[DiseaseGroup], grain: Grain) -> Any:
    standing = conditions.filter(
        (conditions.sensitivity == "")
        & ~conditions.status.isin(_WITHDRAWN)
        & ~conditions.verification.isin(_WITHDRAWN)
    )
    told = standing.select(
        standing.person_key, year=standing.day.year(), period=_period(standing.day, grain), group=group_of(standing.code, groups)
    )
    once = told.filter(told.group.notnull()).distinct()
    joined = once.join(people, "person_key")
    placed = joined.select(*_PLACE, "group", "period", band=_band(joined.year, joined.birth_date))
    return placed.group_by([*_PLACE, "band", "group", "period"]).aggregate(n=placed.count())


def _born(people: Any) -> Any:
    """Residents by place, month of birth and month of death: few rows from which any past day is counted."""
    told = people.select(*_PLACE, born=month_number(people.birth_date), died=month_number(people.deceased_on))
    return told.group_by([*_PLACE, "born", "died"]).aggregate(n=told.count())


def _residents(born: pl.DataFrame, period: str, end: date) -> pl.DataFrame:
    month = end.year * 12 + end.month - 1
    there = born.filter(
        (pl.col("born").is_null() | (pl.col("born") <= month)) & (pl.col("died").is_null() | (pl.col("died") > month))
    )
    age = (end.year - pl.col("born") // 12) // BAND_YEARS
    banded = there.with_columns(band=age.clip(0, BANDS - 1).fill_null(-1).cast(pl.Int64), period=pl.lit(period))
    return banded.group_by([*_PLACE, "band", "period"]).agg(pl.col("n").sum())


def _period(day: Any, grain: Grain) -> Any:
    year = day.year().cast("string")
    return year if grain == "year" else year + "-" + day.month().cast("string").lpad(2, "0")


def _band(year: Any, birth_date: Any) -> Any:
    """The band of the age reached in the year; -1 where the birth date is not known."""
    age = year - birth_date.year()
    band = (age / BAND_YEARS).floor().cast("int64").clip(0, BANDS - 1)
    return ibis.coalesce(band, -1)
