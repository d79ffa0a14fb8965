"""Every write of claims: making, checking, settling, cancelling, a whole year at once."""

from catchment.rooms.claims.actions.checking import check_claims
from catchment.rooms.claims.actions.making import entitle, make_claims
from catchment.rooms.claims.actions.settling import cancel_claim, mend_claim, recompute_year, settle_claims
from catchment.rooms.claims.actions.year import make_year

__all__ = [
    "cancel_claim",
    "check_claims",
    "entitle",
    "make_claims",
    "make_year",
    "mend_claim",
    "recompute_year",
    "settle_claims",
]
