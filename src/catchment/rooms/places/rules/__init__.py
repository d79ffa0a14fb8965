"""What the codes of places are called, what a facility and a service must be, how a row of a file tells one."""

from catchment.rooms.places.rules.sound import problems_of_facility, problems_of_service
from catchment.rooms.places.rules.words import (
    CAPABILITIES,
    KINDS,
    LEVELS,
    NETWORKS,
    ROLES,
    SEXES,
    label,
)

__all__ = [
    "CAPABILITIES",
    "KINDS",
    "LEVELS",
    "NETWORKS",
    "ROLES",
    "SEXES",
    "label",
    "problems_of_facility",
    "problems_of_service",
]
