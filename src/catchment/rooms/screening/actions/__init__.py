"""Every write of screening: runs, assessments, cases and their steps."""

from catchment.rooms.screening.actions.clocks import run_clocks
from catchment.rooms.screening.actions.following import follow
from catchment.rooms.screening.actions.messages import read_message
from catchment.rooms.screening.actions.running import reassess, run_programmes
from catchment.rooms.screening.actions.steps import (
    clear_person,
    confirm_disease,
    drop_out,
    enrol_person,
    finish_plan_action,
    inform_person,
    note_test,
    reach_person,
    take,
    take_up,
)

__all__ = [
    "clear_person",
    "confirm_disease",
    "drop_out",
    "enrol_person",
    "finish_plan_action",
    "follow",
    "inform_person",
    "note_test",
    "reach_person",
    "read_message",
    "reassess",
    "run_clocks",
    "run_programmes",
    "take",
    "take_up",
]
