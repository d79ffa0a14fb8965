"""Where people go to be treated: hospital stays from the place of living to the facility, here and elsewhere."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

import polars as pl

from catchment.kernel import lake
from catchment.rooms.measures.queries.cube import month_number
from catchment.rooms.measures.queries.keeping import frame_of, kept, mark

STAY: Final = "IMP"
YEAR: Final = 12
_PLACE: Final = ("area_code", "township_code", "county_code")


@dataclass(frozen=True, slots=True, kw_only=True)
class Flow:
    """Stays of people of one place in one facility. `near`: in their own township; `outside`: beyond the county."""

    township: str
    facility: str
    facility_code: str
    level: str
    near: bool
    outside: bool
    n: int
    cost_fen: int
    point: tuple[float, float] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Balance:
    """Stays of a place's people in the last twelve months, by where; `inflow`: of others in its facilities."""

    since: str
    until: str
    home: int
    county: int
    outside: int
    inflow: int

    @property
    def total(self) -> int:
        return self.home + self.county + self.outside

    @property
    def within_percent(self) -> float | None:
        """The share treated within the county, in per cent."""
        return round(100 * (self.home + self.county) / self.total, 1) if self.total else None


def flows(county_code: str, area_code: str = "") -> list[Flow]:
    """The last twelve months' stays of people of the county, or of one of its areas, strongest first."""
    rows = (
        _of_people(_recent(), area_code or county_code)
        .group_by("township_code", "facility_id")
        .agg(pl.col("n").sum(), pl.col("cost_fen").sum())
    )
    told = rows.join(stays_read().places, on="facility_id").sort(
        "n", "township_code", "code", descending=[True, False, False]
    )
    return [_flow(row) for row in told.iter_rows(named=True)]


def balance(county_code: str, area_code: str) -> Balance:
    """How many of a place's stays were in its own township, elsewhere in the county, beyond it; and who came here."""
    recent = _recent().join(stays_read().places, on="facility_id")
    own = _of_people(recent, area_code)
    home = pl.col("facility_township") == pl.col("township_code")
    near = home & ~pl.col("is_lead") & (pl.col("township_code") != "") & (pl.col("level") == "township")
    count = {
        "home": _n(own.filter(near)),
        "county": _n(own.filter(~near & pl.col("in_county"))),
        "outside": _n(own.filter(~pl.col("in_county"))),
        "inflow": _n(_strangers(recent, county_code, area_code)),
    }
    months = recent["month"]
    first, last = (months.min(), months.max()) if len(months) else (None, None)
    return Balance(since=_written(first), until=_written(last), **count)


def _strangers(recent: pl.DataFrame, county_code: str, area_code: str) -> pl.DataFrame:
    if area_code == county_code:
        return recent.filter(pl.col("in_county") & (pl.col("county_code") != county_code))
    return recent.filter((pl.col("facility_township") == area_code) & (pl.col("township_code") != area_code))


@dataclass(frozen=True, slots=True)
class Stays:
    """Stays by where people live, facility and month; and the facilities."""

    stays: pl.DataFrame
    places: pl.DataFrame


def stays_read() -> Stays:
    """All stays and the facilities there are, kept for as long as the lake stands as it is."""
    return _stays(mark())


@lru_cache(maxsize=2)
def _stays(as_of: str) -> Stays:
    return Stays(**kept("stays-and-places", as_of.encode(), _asked))


def _asked() -> dict[str, pl.DataFrame]:
    with lake.engine() as facts:
        stays = _counted(facts.table("encounters"), facts.table("residences"))
        return {"stays": frame_of(facts.run(stays)), "places": frame_of(facts.run(_places(facts.table("places"))))}


def _counted(encounters: Any, homes: Any) -> Any:
    """Of people where they lived on the day they were admitted."""
    stays = encounters.filter((encounters.klass == STAY) & (encounters.sensitivity == ""))
    told = stays.select("person_key", "facility_id", "cost_fen", "day", month=month_number(stays.day))
    joined = told.join(homes.drop("facility_id"), "person_key")
    placed = joined.filter(
        joined.since.isnull() | (joined.since <= joined.day), joined.until.isnull() | (joined.day < joined.until)
    )
    grouped = placed.group_by([*_PLACE, "facility_id", "month"])
    return grouped.aggregate(n=placed.count(), cost_fen=placed.cost_fen.fill_null(0).sum())


def _places(places: Any) -> Any:
    return places.select(
        "facility_id", "code", "name", "kind", "level", "is_lead", "in_county", "longitude", "latitude",
        facility_township=places.township_code, facility_county=places.county_code,
    )  # fmt: skip


def _recent() -> pl.DataFrame:
    stays = stays_read().stays
    return stays.filter(pl.col("month") > pl.col("month").max() - YEAR)


def _of_people(stays: pl.DataFrame, area_code: str) -> pl.DataFrame:
    return stays.filter(pl.any_horizontal(*(pl.col(level) == area_code for level in _PLACE)))


def _n(rows: pl.DataFrame) -> int:
    return int(rows["n"].sum())


def _flow(row: dict[str, Any]) -> Flow:
    known = row["longitude"] is not None and row["latitude"] is not None
    return Flow(
        township=row["township_code"],
        facility=row["name"],
        facility_code=row["code"],
        level=row["level"],
        near=row["facility_township"] == row["township_code"],
        outside=not row["in_county"],
        n=row["n"],
        cost_fen=row["cost_fen"],
        point=(row["longitude"], row["latitude"]) if known else None,
    )


def _written(month: Any) -> str:
    return "" if month is None else f"{month // 12}-{month % 12 + 1:02d}"
