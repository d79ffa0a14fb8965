"""Pure rules of referral: the tables of steps, what this actor may do now, which way it goes, what editions hold."""

from catchment.rooms.referral.rules.available import available_actions, sides_of
from catchment.rooms.referral.rules.direction import direction_between
from catchment.rooms.referral.rules.editions import (
    CatalogueRule,
    QuotaRule,
    ReasonRule,
    TimesRule,
    UrgencyRule,
    catalogue_entry,
    reasons_on,
    urgency_rule,
)
from catchment.rooms.referral.rules.steps import ADVICE, REFERRAL

__all__ = [
    "ADVICE",
    "REFERRAL",
    "CatalogueRule",
    "QuotaRule",
    "ReasonRule",
    "TimesRule",
    "UrgencyRule",
    "available_actions",
    "catalogue_entry",
    "direction_between",
    "reasons_on",
    "sides_of",
    "urgency_rule",
]
