"""Every write of claims: making, checking, settling, cancelling, a whole year at once."""

from catchment.rooms.claims.actions.checking import check_claims
from catchment.rooms.claims.actions.entitling import replay_entitlements, take_entitlements
from catchment.rooms.claims.actions.inquiring import inquire
from catchment.rooms.claims.actions.making import entitle, make_claims
from catchment.rooms.claims.actions.mending import mend_claim
from catchment.rooms.claims.actions.paying import clear_year, prepay_month, state_month
from catchment.rooms.claims.actions.reviewing import (
    add_documents,
    ask_review,
    decide_review,
    dispute_claim,
    read_document,
)
from catchment.rooms.claims.actions.settling import cancel_claim, recompute_year, settle_claims
from catchment.rooms.claims.actions.taking import replay_rows, take_rows
from catchment.rooms.claims.actions.weights import publish_weights
from catchment.rooms.claims.actions.year import make_year

__all__ = [
    "add_documents",
    "ask_review",
    "cancel_claim",
    "check_claims",
    "clear_year",
    "decide_review",
    "dispute_claim",
    "entitle",
    "inquire",
    "make_claims",
    "make_year",
    "mend_claim",
    "prepay_month",
    "publish_weights",
    "read_document",
    "recompute_year",
    "replay_entitlements",
    "replay_rows",
    "settle_claims",
    "state_month",
    "take_entitlements",
    "take_rows",
]
