"""What screening tells: editions, cases, assessments, the funnel of a programme."""

from catchment.rooms.screening.queries.cases import (
    actions_for,
    band_words,
    case_by_public_id,
    cases,
    cases_of,
    history_of,
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
from catchment.rooms.screening.queries.funnel import (
    by_place,
    columns,
    drop_outs,
    funnel,
    overview,
    people_behind,
    share,
    smallest_cell,
)
from catchment.rooms.screening.queries.persons import (
    last_looked,
    line_of,
    newest_of,
    programmes_of,
)

__all__ = [
    "actions_for",
    "band_words",
    "by_place",
    "case_by_public_id",
    "cases",
    "cases_of",
    "columns",
    "drop_outs",
    "funnel",
    "history_of",
    "inputs_edition",
    "inputs_on",
    "last_looked",
    "line_of",
    "newest_of",
    "overview",
    "people_behind",
    "plan_of",
    "programmes_edition",
    "programmes_of",
    "programmes_on",
    "reasons_of",
    "share",
    "sides_of",
    "smallest_cell",
    "under_way",
    "words_of",
]
