"""What changes values, supplied figures and answers; and opening a number, which the audit keeps."""

from catchment.rooms.measures.actions.answering import answer_measure
from catchment.rooms.measures.actions.computing import ask_for_set, compute_set, compute_usual
from catchment.rooms.measures.actions.opening import open_number
from catchment.rooms.measures.actions.supplying import read_figures, supply_figures

__all__ = [
    "answer_measure",
    "ask_for_set",
    "compute_set",
    "compute_usual",
    "open_number",
    "read_figures",
    "supply_figures",
]
