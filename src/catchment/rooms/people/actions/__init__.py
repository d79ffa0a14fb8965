"""Every write about residents."""

from catchment.rooms.people.actions.households import found_household, join_household
from catchment.rooms.people.actions.merging import UnmergeResult, merge_people, unmerge_people
from catchment.rooms.people.actions.registering import (
    move_primary_facility,
    record_death,
    register_person,
    update_person,
)
from catchment.rooms.people.actions.suspecting import mark_distinct, send_match, suspect_all

__all__ = [
    "UnmergeResult",
    "found_household",
    "join_household",
    "mark_distinct",
    "merge_people",
    "move_primary_facility",
    "record_death",
    "register_person",
    "send_match",
    "suspect_all",
    "unmerge_people",
    "update_person",
]
