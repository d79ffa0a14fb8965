"""What screening tells: editions, cases, assessments, the funnel of a programme."""

from catchment.rooms.screening.queries.cases import (
    actions_for,
    band_words,
    case_by_public_id,
    cases,
    cases_of,
    history_of,
    is_open,
    plan_of,
    sides_of,
    under_way,
    words_of,
)
from catchment.rooms.screening.queries.editions import (
    inputs_edition,
    inputs_on,
    programmes_edition,
    programmes_on,
    reasons_of,
)

__all__ = [
    "actions_for",
    "band_words",
    "case_by_public_id",
    "cases",
    "cases_of",
    "history_of",
    "inputs_edition",
    "inputs_on",
    "is_open",
    "plan_of",
    "programmes_edition",
    "programmes_on",
    "reasons_of",
    "sides_of",
    "under_way",
    "words_of",
]
