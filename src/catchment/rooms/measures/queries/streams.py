"""Who goes where, period by period: stays from the place of living to the facility, referrals up and down."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

import polars as pl

from catchment.kernel import lake
from catchment.rooms.measures.queries.cube import Grain, month_number
from catchment.rooms.measures.queries.flows import stays_read
from catchment.rooms.measures.queries.keeping import frame_of, kept, mark

STAYS, UP, DOWN = "stays", "up", "down"
KINDS: Final = (STAYS, UP, DOWN)
_DIRECTIONS: Final = {UP: ("up", "out"), DOWN: ("down",)}
_MOST: Final = {"year": 10, "month": 36}


@dataclass(frozen=True, slots=True, kw_only=True)
class Stream:
    """People between one township and one facility; `n` for each period in order.

    `back` says that they go from the facility to the township, `outside` that the facility lies beyond the county,
    `inward` that those who stay there live beyond it, in the county `township`.
    """

    township: str
    facility: str
    facility_code: str
    point: tuple[float, float] | None
    back: bool
    outside: bool
    inward: bool
    n: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Streams:
    """All streams of one kind, the strongest of the newest period first, and the periods' codes, oldest first."""

    periods: tuple[str, ...]
    lines: tuple[Stream, ...]
    as_of: str


def streams(kind: str, county_code: str, grain: Grain) -> Streams:
    """The streams that begin or end in the county; none where the lake was never filled."""
    as_of = mark()
    return _streams(kind, county_code, grain, as_of) if as_of else Streams((), (), "")


def keep() -> None:
    """Ask the facts for every stream, so that nobody who looks waits for it."""
    stays_read()
    _referrals(mark())


@lru_cache(maxsize=12)
def _streams(kind: str, county_code: str, grain: Grain, as_of: str) -> Streams:
    rows = _stays_of(county_code) if kind == STAYS else _referred(county_code, as_of, kind)
    whole = rows.with_columns(period=_period(grain)).sort("period")
    periods = tuple(whole["period"].unique(maintain_order=True).to_list()[-_MOST[grain] :])
    ends = ["township", "facility_id", "inward"]
    each = whole.filter(pl.col("period").is_in(periods)).group_by([*ends, "period"]).agg(pl.col("n").sum())
    found: dict[tuple[str, int, bool], dict[str, int]] = {}
    for township, facility, inward, period, n in each.iter_rows():
        found.setdefault((township, facility, inward), {})[period] = n
    places = {row["facility_id"]: row for row in stays_read().places.iter_rows(named=True)}
    lines = [
        _stream(township, places[facility], kind == DOWN, inward, tuple(counts.get(one, 0) for one in periods))
        for (township, facility, inward), counts in found.items()
        if facility in places
    ]
    order = sorted(lines, key=lambda one: (*(-n for n in reversed(one.n)), one.township, one.facility_code))
    return Streams(periods, tuple(order), as_of)


def _stream(township: str, place: dict[str, Any], back: bool, inward: bool, n: tuple[int, ...]) -> Stream:
    known = place["longitude"] is not None and place["latitude"] is not None
    return Stream(
        township=township,
        facility=place["name"],
        facility_code=place["code"],
        point=(place["longitude"], place["latitude"]) if known else None,
        back=back,
        outside=not place["in_county"],
        inward=inward,
        n=n,
    )


def _stays_of(county_code: str) -> pl.DataFrame:
    """Of the county's people wherever they stayed, and of others in the county's facilities."""
    read = stays_read()
    own = pl.col("county_code") == county_code
    told = read.stays.join(read.places.select("facility_id", "in_county"), on="facility_id")
    here = told.filter(own | pl.col("in_county"))
    named = here.with_columns(
        inward=~own, township=pl.when(own).then(pl.col("township_code")).otherwise(pl.col("county_code"))
    )
    return named.select("township", "facility_id", "inward", "month", "n")


def _referred(county_code: str, as_of: str, kind: str) -> pl.DataFrame:
    """Referrals of one direction: the end in primary care by its township, the other by its facility."""
    near, far = ("to", "from") if kind == DOWN else ("from", "to")
    places = stays_read().places.select("facility_id", "facility_township", "facility_county")
    rows = _referrals(as_of).filter(pl.col("direction").is_in(_DIRECTIONS[kind]))
    told = rows.join(places, left_on=f"{near}_facility_id", right_on="facility_id")
    here = told.filter(pl.col("facility_county") == county_code)
    return here.select(
        "month", "n", township="facility_township", facility_id=f"{far}_facility_id", inward=pl.lit(value=False)
    )


@lru_cache(maxsize=2)
def _referrals(as_of: str) -> pl.DataFrame:
    return kept("referrals", as_of.encode(), lambda: {"sent": _asked()})["sent"]


def _asked() -> pl.DataFrame:
    with lake.engine() as facts:
        sent = facts.table("referrals")
        ends = ("direction", "from_facility_id", "to_facility_id")
        told = sent.select(*ends, month=month_number(sent.day))
        return frame_of(facts.run(told.group_by([*ends, "month"]).aggregate(n=told.count())))


def _period(grain: Grain) -> pl.Expr:
    year = (pl.col("month") // 12).cast(pl.String)
    month = (pl.col("month") % 12 + 1).cast(pl.String).str.zfill(2)
    return year if grain == "year" else pl.concat_str([year, month], separator="-")
