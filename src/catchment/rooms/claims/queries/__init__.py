"""Questions about claims: how a stay is shared, what was settled, what groups, what it all came to."""

from catchment.rooms.claims.queries.context import Books, cases, entitled
from catchment.rooms.claims.queries.grouping import put_groups, record_of, scheme_named
from catchment.rooms.claims.queries.reckoning import reckon
from catchment.rooms.claims.queries.settling import facility_names, reckon_claim, sides_of, unknown
from catchment.rooms.claims.queries.spending import fund_spending, states_between
from catchment.rooms.claims.queries.told import from_encounters
from catchment.rooms.claims.queries.year import count_of_year, left_over, unclaimed

__all__ = [
    "Books",
    "cases",
    "count_of_year",
    "entitled",
    "facility_names",
    "from_encounters",
    "fund_spending",
    "left_over",
    "put_groups",
    "reckon",
    "reckon_claim",
    "record_of",
    "scheme_named",
    "sides_of",
    "states_between",
    "unclaimed",
    "unknown",
]
