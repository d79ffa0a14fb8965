"""Who has what and was seen with what, counted once over the facts: by village, age, disease group and period.

Everything that the health map shows of diseases is a sum over this. It is kept in the process for as long as the lake
stands as it is. Sensitive and withdrawn diagnoses are left out; a person counts once in a group and a period.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any, Final, Literal

import ibis
import orjson
import polars as pl

from catchment.kernel import lake
from catchment.rooms.measures.queries.keeping import frame_of, kept, mark
from catchment.rooms.measures.rules.atlas import BAND_YEARS, DiseaseGroup
from catchment.rooms.record.rules import DISPROVED

Grain = Literal["year", "month"]
BANDS: Final = 18
"""Five-year age bands; the last, 85 and over, is open."""
_YEARS_BACK: Final = 10
_MONTHS_BACK: Final = 36
_PLACE: Final = ("area_code", "township_code", "county_code")


@dataclass(frozen=True, slots=True)
class Cube:
    """People by area, five-year age band, disease group and period.

    `last` is the facts' last day, `as_of` the lake's mark.
    `seen`: those with a visit or diagnosis of the group in the period. `known`: those living with it at the period's
    end, by what the record holds. `residents`: everybody living at the period's end, without group.
    """

    seen: pl.DataFrame
    known: pl.DataFrame
    residents: pl.DataFrame
    periods: tuple[str, ...]
    last: date
    as_of: str


def cube(groups: Sequence[DiseaseGroup], grain: Grain) -> Cube | None:
    """The counts at yearly or monthly grain; `None` where nothing was ever recorded or the lake was never filled."""
    as_of = mark()
    return _cube(as_of, tuple(groups), grain) if as_of else None


@lru_cache(maxsize=6)
def _cube(as_of: str, groups: tuple[DiseaseGroup, ...], grain: Grain) -> Cube | None:
    told = orjson.dumps([as_of, grain, [group.model_dump() for group in groups]])
    frames = kept(f"diseases-{grain}", told, lambda: _counted(groups, grain))
    first, last = frames["days"].row(0)
    if last is None:
        return None
    ends = periods_between(first, last, grain)
    periods = tuple(code for code, _end in ends)
    return Cube(
        seen=frames["seen"].filter(pl.col("period").is_in(periods)),
        known=pl.concat([_living(frames["held"], code, end, "group") for code, end in ends]),
        residents=pl.concat([_living(frames["born"], code, end) for code, end in ends]),
        periods=periods,
        last=last,
        as_of=as_of,
    )


def _counted(groups: tuple[DiseaseGroup, ...], grain: Grain) -> dict[str, pl.DataFrame]:
    """Everything that has to be asked of the facts."""
    with lake.engine() as facts:
        encounters, conditions, people = facts.table("encounters"), facts.table("conditions"), spans(facts)
        asked = {
            "days": _span(encounters),
            "seen": _seen(encounters, conditions, people, groups, grain),
            "held": _held(conditions, people, groups),
            "born": _born(people),
        }
        return {name: frame_of(facts.run(one)) for name, one in asked.items()}


def spans(facts: Any) -> Any:
    """Residents' birth and death with every place they lived, and the months `moved_in` and `moved_out`; null: always.

    At a month's end a person lives where they moved in by then and had not moved out.
    """
    people, homes = facts.table("people"), facts.table("residences")
    told = homes.select("person_key", *_PLACE, moved_in=month_number(homes.since), moved_out=month_number(homes.until))
    return told.join(people.select("person_key", "birth_date", "deceased_on"), "person_key")


def month_number(day: Any) -> Any:
    """Months since the year 0 as an Ibis expression: whole months compare as numbers."""
    return day.year() * 12 + day.month() - 1


def periods_between(first: date, last: date, grain: Grain) -> list[tuple[str, int]]:
    """Each period's code and its last month as a number, oldest first; at most ten years or 36 months.

    A period that the facts begin within is left out, save where it is the only one; the last may still be running.
    """
    if grain == "year":
        begun = first.year + (first.timetuple().tm_yday > 1)
        return [(f"{year}", year * 12 + 11) for year in range(min(begun, last.year), last.year + 1)][-_YEARS_BACK:]
    begun, end = first.year * 12 + first.month - 1 + (first.day > 1), last.year * 12 + last.month - 1
    return [(f"{one // 12}-{one % 12 + 1:02d}", one) for one in range(min(begun, end), end + 1)][-_MONTHS_BACK:]


def group_of(code: Any, groups: Sequence[DiseaseGroup]) -> Any:
    """The group's code for an ICD-10 code as an Ibis expression; null outside all groups."""
    category = code.substr(0, 3)
    cases = [(category.between(first, last), group.code) for group in groups for first, last in group.limits()]
    return ibis.cases(*cases, else_=ibis.null("string"))


def _span(encounters: Any) -> Any:
    return encounters.aggregate(first=encounters.day.min(), last=encounters.day.max())


def _standing(conditions: Any) -> Any:
    withdrawn = conditions.status.isin(DISPROVED) | conditions.verification.isin(DISPROVED)
    return conditions.filter((conditions.sensitivity == "") & ~withdrawn)


def _seen(encounters: Any, conditions: Any, people: Any, groups: Sequence[DiseaseGroup], grain: Grain) -> Any:
    visits = encounters.filter((encounters.sensitivity == "") & (encounters.reason_code != ""))
    told = _standing(conditions)
    made = told.filter(told.encounter_id.notnull())
    both = visits.select("person_key", "day", code=visits.reason_code).union(made.select("person_key", "day", "code"))
    month = both.day.year() * 12 + 11 if grain == "year" else month_number(both.day)
    grouped = both.select("person_key", period=_period(both.day, grain), month=month, group=group_of(both.code, groups))
    once = grouped.filter(grouped.group.notnull()).distinct()
    joined = once.join(people, "person_key")
    joined = joined.filter(*lived_at(joined, joined.month))
    placed = joined.select(*_PLACE, "group", "period", band=_band(joined.month, joined.birth_date))
    return placed.group_by([*_PLACE, "band", "group", "period"]).aggregate(n=placed.count())


def _held(conditions: Any, people: Any, groups: Sequence[DiseaseGroup]) -> Any:
    """People by place, group, month of birth and death, and the months between which they had it."""
    told = _standing(conditions)
    held = told.select("person_key", "day", "abated_on", group=group_of(told.code, groups))
    lasting = held.group_by("person_key", "group").aggregate(
        since=month_number(held.day).min(),
        until=ibis.ifelse(held.abated_on.isnull().any(), ibis.null("int64"), month_number(held.abated_on).max()),
    )
    joined = lasting.filter(lasting.group.notnull()).join(people, "person_key")
    begun, ended = overlap(joined, joined.since, joined.until)
    placed = joined.select(*_PLACE, "group", since=begun, until=ended, **_dates(joined))
    return placed.group_by([*_PLACE, "group", "since", "until", "born", "died"]).aggregate(n=placed.count())


def _born(people: Any) -> Any:
    """Residents by place, month of birth and month of death: few rows from which any past month is counted."""
    told = people.select(*_PLACE, **_dates(people), since=people.moved_in, until=people.moved_out)
    return told.group_by([*_PLACE, "born", "died", "since", "until"]).aggregate(n=told.count())


def lived_at(people: Any, month: Any) -> tuple[Any, Any]:
    """Whether a span of `spans` holds a month's end."""
    return people.moved_in.isnull() | (people.moved_in <= month), people.moved_out.isnull() | (people.moved_out > month)


def overlap(people: Any, since: Any, until: Any) -> tuple[Any, Any]:
    """The months between which something lasted while the person lived there: nothing where the first is the later."""
    begun = ibis.ifelse(people.moved_in.isnull() | (people.moved_in < since), since, people.moved_in)
    ended = ibis.ifelse(until.isnull() | (people.moved_out < until), people.moved_out, until)
    return begun, ended


def _dates(people: Any) -> dict[str, Any]:
    return {"born": month_number(people.birth_date), "died": month_number(people.deceased_on)}


def _living(rows: pl.DataFrame, period: str, month: int, *more: str) -> pl.DataFrame:
    """Who lived, and had it, at a month's end, by place, age band and whatever else."""
    begun = [pl.col(name).is_null() | (pl.col(name) <= month) for name in ("born", "since")]
    lasting = [pl.col(name).is_null() | (pl.col(name) > month) for name in ("died", "until")]
    there = rows.filter(*begun, *lasting)
    band = ((month - pl.col("born")) // (12 * BAND_YEARS)).clip(0, BANDS - 1).fill_null(-1).cast(pl.Int64)
    by = [*_PLACE, *more, "band", "period"]
    return there.with_columns(band=band, period=pl.lit(period)).group_by(by).agg(pl.col("n").sum())


def _period(day: Any, grain: Grain) -> Any:
    year = day.year().cast("string")
    return year if grain == "year" else year + "-" + day.month().cast("string").lpad(2, "0")


def _band(month: Any, birth_date: Any) -> Any:
    """The band of the age at a month's end; -1 where the birth date is not known."""
    band = ((month - month_number(birth_date)) / (12 * BAND_YEARS)).floor().cast("int64").clip(0, BANDS - 1)
    return ibis.coalesce(band, -1)
