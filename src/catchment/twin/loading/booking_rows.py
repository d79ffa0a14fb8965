"""Beds, and the clinic places of the coming days, as rows."""

from datetime import date, timedelta

import polars as pl

from catchment.rooms.booking.types import BedState, Quota, SlotState
from catchment.rooms.referral.rules import QuotaRule
from catchment.twin.loading.copying import Frames
from catchment.twin.loading.words import OUTSIDE_NETWORK
from catchment.twin.sessions import MINUTES, Session, sessions, shares

DAYS_AHEAD = 45
"""A month to be lived in the play, and two weeks beyond it."""
_OCCUPIED_PERCENT = 78
"""How full the county's wards are, an own estimate."""


def booking_rows(tables: Frames, posts: pl.DataFrame, quotas: QuotaRule, today: date) -> Frames:
    """Rows of beds, open ever since, and slots; `posts` are rows of the posts' table, `quotas` the edition in force."""
    opened = sessions(doctors_by_service(tables, posts), today, DAYS_AHEAD)
    beds = _beds(tables["departments"])
    spans = beds.select("id", bed_id="id", since=pl.lit(None, pl.Date), until=pl.lit(None, pl.Date))
    return {"booking_bed": beds, "booking_bedspan": spans, "booking_slot": _slots(list(opened), quotas)}


def doctors_by_service(tables: Frames, posts: pl.DataFrame) -> dict[int, list[int]]:
    """The doctors' posts of each service of the network that takes referrals."""
    outside = tables["facilities"].filter(pl.col("kind").is_in(OUTSIDE_NETWORK))["id"]
    offering = tables["departments"].filter("takes_referrals", ~pl.col("facility_id").is_in(outside.implode()))
    seated = posts.filter(
        pl.col("until").is_null(),
        pl.col("role").is_in(["specialist", "township-doctor"]),
        pl.col("service_id").is_in(offering["id"].implode()),
    )
    grouped = seated.sort("service_id", "id").group_by("service_id", maintain_order=True).agg("id")
    return dict(grouped.iter_rows())


def _beds(departments: pl.DataFrame) -> pl.DataFrame:
    each = departments.filter(pl.col("beds") > 0).select(
        "facility_id", number=pl.int_ranges(1, pl.col("beds") + 1), service_id="id"
    )
    rows = each.explode("number").with_row_index("id", offset=1)
    # 37 and 100 have no common divisor, so that the occupied beds are spread evenly over every ward.
    occupied = pl.col("id") * 37 % 100 < _OCCUPIED_PERCENT
    return rows.select(
        "id", "facility_id", "service_id",
        code=pl.format("{}-{}", "service_id", pl.col("number").cast(pl.String).str.zfill(3)),
        state=pl.when(occupied).then(pl.lit(BedState.OCCUPIED.value)).otherwise(pl.lit(BedState.FREE.value)),
    )  # fmt: skip


def _slots(opened: list[Session], rule: QuotaRule) -> pl.DataFrame:
    kept = [quota for quota, count in shares(rule.referral_percent, rule.contracted_percent).items()
            for _ in range(count)]  # fmt: skip
    step = timedelta(minutes=MINUTES)
    early = timedelta(hours=rule.release_hours)
    rows = [
        (one.service_id, one.post_id, one.starts_at + n * step, one.starts_at + (n + 1) * step, quota.value,
         None if quota is Quota.PUBLIC else one.starts_at - early)
        for one in opened for n, quota in enumerate(kept)
    ]  # fmt: skip
    names = ("service_id", "post_id", "starts_at", "ends_at", "quota", "release_at")
    frame = pl.DataFrame(rows, schema=names, orient="row", infer_schema_length=None)
    return frame.with_row_index("id", offset=1).with_columns(state=pl.lit(SlotState.FREE.value))
