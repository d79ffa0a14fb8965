"""What changes values, supplied figures and answers."""

from catchment.rooms.measures.actions.answering import answer_measure
from catchment.rooms.measures.actions.computing import compute_set
from catchment.rooms.measures.actions.supplying import read_figures, supply_figures

__all__ = ["answer_measure", "compute_set", "read_figures", "supply_figures"]
