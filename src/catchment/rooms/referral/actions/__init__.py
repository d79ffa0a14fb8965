"""Every write of referral: drafting, sending, receiving, the letter back, clocks, advice, the patient's link."""

from catchment.rooms.referral.actions.advice import (
    answer_advice,
    ask_advice,
    close_advice,
    convert_advice,
    withdraw_advice,
)
from catchment.rooms.referral.actions.attaching import attach_file, read_file
from catchment.rooms.referral.actions.clocks import run_clocks
from catchment.rooms.referral.actions.drafting import discard_referral, draft_referral, forget_draft, keep_draft
from catchment.rooms.referral.actions.home import follow_up_referral, take_over_referral
from catchment.rooms.referral.actions.letter import answer_referral
from catchment.rooms.referral.actions.link import issue_link, open_link
from catchment.rooms.referral.actions.printing import note_print
from catchment.rooms.referral.actions.receiving import (
    accept_referral,
    arrive_referral,
    change_time,
    decline_referral,
    match_arrival,
    match_arrivals,
    redirect_referral,
    request_information,
)
from catchment.rooms.referral.actions.sending import (
    abandon_referral,
    resend_referral,
    send_referral,
    supply_information,
    withdraw_referral,
)

__all__ = [
    "abandon_referral",
    "accept_referral",
    "answer_advice",
    "answer_referral",
    "arrive_referral",
    "ask_advice",
    "attach_file",
    "change_time",
    "close_advice",
    "convert_advice",
    "decline_referral",
    "discard_referral",
    "draft_referral",
    "follow_up_referral",
    "forget_draft",
    "issue_link",
    "keep_draft",
    "match_arrival",
    "match_arrivals",
    "note_print",
    "open_link",
    "read_file",
    "redirect_referral",
    "request_information",
    "resend_referral",
    "run_clocks",
    "send_referral",
    "supply_information",
    "take_over_referral",
    "withdraw_advice",
    "withdraw_referral",
]
