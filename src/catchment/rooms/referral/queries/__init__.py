"""What pages, the API and other rooms ask about referrals."""

from catchment.rooms.referral.queries.editions import (
    catalogue_on,
    diagnoses_matching,
    quotas_on,
    reason_words,
    reasons_of,
    times_on,
    urgencies_on,
    urgency_on,
)
from catchment.rooms.referral.queries.listing import advices, live_referrals, referrals
from catchment.rooms.referral.queries.page import (
    documents_of,
    edition,
    kept_draft,
    kept_drafts,
    letter_of,
    messages_of,
    posts_to_take_over,
    service_named,
    slots_for,
)
from catchment.rooms.referral.queries.proposals import proposals
from catchment.rooms.referral.queries.statistics import FlowLine, MonthLine, flows, monthly, totals
from catchment.rooms.referral.queries.view import (
    actions_for,
    advice_actions,
    advice_by_public_id,
    by_public_id,
    history_of,
    track_of,
)

__all__ = [
    "FlowLine",
    "MonthLine",
    "actions_for",
    "advice_actions",
    "advice_by_public_id",
    "advices",
    "by_public_id",
    "catalogue_on",
    "diagnoses_matching",
    "documents_of",
    "edition",
    "flows",
    "history_of",
    "kept_draft",
    "kept_drafts",
    "letter_of",
    "live_referrals",
    "messages_of",
    "monthly",
    "posts_to_take_over",
    "proposals",
    "quotas_on",
    "reason_words",
    "reasons_of",
    "referrals",
    "service_named",
    "slots_for",
    "times_on",
    "totals",
    "track_of",
    "urgencies_on",
    "urgency_on",
]
