"""Questions about claims: how a stay is shared, what was settled, what groups, what it all came to."""

from catchment.rooms.claims.queries.assisting import categories_on, entitled_on, people_by_number, unentitled_rows
from catchment.rooms.claims.queries.casemix import CaseMix, GroupLine, case_mix, groups_of, special_cases, usual_of
from catchment.rooms.claims.queries.claimants import called, may_inquire
from catchment.rooms.claims.queries.coding import codes_matching
from catchment.rooms.claims.queries.context import Books, cases, content_of, entitled, lines_told
from catchment.rooms.claims.queries.disputing import dispute_until, why_no_dispute
from catchment.rooms.claims.queries.grouping import put_groups, record_of, scheme_named
from catchment.rooms.claims.queries.guiding import Progress, stay_in_progress
from catchment.rooms.claims.queries.listing import (
    ClaimPage,
    Wanted,
    actions_for,
    bills_of,
    by_public_id,
    document_of,
    listed,
    page_of,
    rejected_rows,
    review_waiting,
    visible,
    waiting,
    year_of,
)
from catchment.rooms.claims.queries.paying import (
    case_of,
    cases_on,
    cleared_point,
    disputed,
    granted,
    late,
    open_prepayment,
    paid_pairs,
    review_room,
    sides_of_review,
    stated,
    statements,
    treated,
    usual_month,
    visible_statements,
    worth_counts,
)
from catchment.rooms.claims.queries.reckoning import reckon
from catchment.rooms.claims.queries.recovering import opposite, to_recover, waits_to_be_recovered
from catchment.rooms.claims.queries.replaying import Again, Difference, resettle
from catchment.rooms.claims.queries.restating import restate
from catchment.rooms.claims.queries.settling import facility_names, reckon_claim, same_stay, sides_of, unknown
from catchment.rooms.claims.queries.spending import fund_spending, states_between
from catchment.rooms.claims.queries.told import from_encounters
from catchment.rooms.claims.queries.year import count_of_year, left_over, unclaimed

__all__ = [
    "Again",
    "Books",
    "CaseMix",
    "ClaimPage",
    "Difference",
    "GroupLine",
    "Progress",
    "Wanted",
    "actions_for",
    "bills_of",
    "by_public_id",
    "called",
    "case_mix",
    "case_of",
    "cases",
    "cases_on",
    "categories_on",
    "cleared_point",
    "codes_matching",
    "content_of",
    "count_of_year",
    "dispute_until",
    "disputed",
    "document_of",
    "entitled",
    "entitled_on",
    "facility_names",
    "from_encounters",
    "fund_spending",
    "granted",
    "groups_of",
    "late",
    "left_over",
    "lines_told",
    "listed",
    "may_inquire",
    "open_prepayment",
    "opposite",
    "page_of",
    "paid_pairs",
    "people_by_number",
    "put_groups",
    "reckon",
    "reckon_claim",
    "record_of",
    "rejected_rows",
    "resettle",
    "restate",
    "review_room",
    "review_waiting",
    "same_stay",
    "scheme_named",
    "sides_of",
    "sides_of_review",
    "special_cases",
    "stated",
    "statements",
    "states_between",
    "stay_in_progress",
    "to_recover",
    "treated",
    "unclaimed",
    "unentitled_rows",
    "unknown",
    "usual_month",
    "usual_of",
    "visible",
    "visible_statements",
    "waiting",
    "waits_to_be_recovered",
    "why_no_dispute",
    "worth_counts",
    "year_of",
]
