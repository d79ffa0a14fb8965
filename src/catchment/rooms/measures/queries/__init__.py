"""What pages, commands and higher rooms ask about indicators."""

from catchment.rooms.measures.queries.comparing import Funnel, can_be_compared, funnel
from catchment.rooms.measures.queries.figures import Figures, figures, supplies, supply_account, wanted_figures
from catchment.rooms.measures.queries.opening import Opened, openable, opened, parts_of, told_parts, value_row
from catchment.rooms.measures.queries.values import (
    answers,
    beneath,
    edition_of,
    history,
    latest_run,
    measure_of,
    names_of,
    run_of,
    runs,
    source_word,
    title,
    trends,
    values,
    values_of,
)
from catchment.rooms.measures.queries.whereabouts import level_of, other_places, own_place, path_to, visible

__all__ = [
    "Figures",
    "Funnel",
    "Opened",
    "answers",
    "beneath",
    "can_be_compared",
    "edition_of",
    "figures",
    "funnel",
    "history",
    "latest_run",
    "level_of",
    "measure_of",
    "names_of",
    "openable",
    "opened",
    "other_places",
    "own_place",
    "parts_of",
    "path_to",
    "run_of",
    "runs",
    "source_word",
    "supplies",
    "supply_account",
    "title",
    "told_parts",
    "trends",
    "value_row",
    "values",
    "values_of",
    "visible",
    "wanted_figures",
]
