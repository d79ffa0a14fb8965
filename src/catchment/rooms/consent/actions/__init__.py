"""Every write of consent: relations begun by hand, judgements, a person's choice, the resident's link."""

from catchment.rooms.consent.actions.choosing import choose_sharing, issue_link, open_link
from catchment.rooms.consent.actions.relating import (
    attend_person,
    begin_for_registered,
    break_glass,
    consent_given,
    end_relation,
    judge,
)

__all__ = [
    "attend_person",
    "begin_for_registered",
    "break_glass",
    "choose_sharing",
    "consent_given",
    "end_relation",
    "issue_link",
    "judge",
    "open_link",
]
