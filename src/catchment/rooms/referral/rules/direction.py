"""Which way a referral goes."""

from catchment.rooms.places.types import Level
from catchment.rooms.referral.types import Direction


def direction_between(from_level: str, to_level: str, *, in_network: bool) -> Direction:
    """Up, down or across by the levels of the two facilities; out when the other is not in the network."""
    if not in_network:
        return Direction.OUT
    difference = Level(to_level).rank - Level(from_level).rank
    if difference == 0:
        return Direction.ACROSS
    return Direction.UP if difference > 0 else Direction.DOWN
