"""The words of the board."""

from enum import StrEnum


class Priority(StrEnum):
    """How pressing a piece of work is, most pressing first."""

    EMERGENCY = "emergency"
    URGENT = "urgent"
    ORDINARY = "ordinary"


class WorkState(StrEnum):
    OPEN = "open"
    DONE = "done"
    CANCELLED = "cancelled"


class View(StrEnum):
    """The four ways to look at the board."""

    MINE = "mine"
    FACILITY = "facility"
    OVERDUE = "overdue"
    WAITING = "waiting"
