"""What pages, commands and higher rooms ask about indicators."""

from catchment.rooms.measures.queries.comparing import Funnel, can_be_compared, funnel, is_small, smallest_cell
from catchment.rooms.measures.queries.figures import Figures, figures, rejected, supplies
from catchment.rooms.measures.queries.opening import Opened, openable, opened, parts_of, value_row
from catchment.rooms.measures.queries.values import (
    answers,
    edition_of,
    history,
    latest_run,
    level_of,
    names_of,
    own_level,
    runs,
    source_word,
    title,
    values,
    values_of,
    visible,
)

__all__ = [
    "Figures",
    "Funnel",
    "Opened",
    "answers",
    "can_be_compared",
    "edition_of",
    "figures",
    "funnel",
    "history",
    "is_small",
    "latest_run",
    "level_of",
    "names_of",
    "openable",
    "opened",
    "own_level",
    "parts_of",
    "rejected",
    "runs",
    "smallest_cell",
    "source_word",
    "supplies",
    "title",
    "value_row",
    "values",
    "values_of",
    "visible",
]
