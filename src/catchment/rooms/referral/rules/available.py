"""What this actor may do with this referral now, and why not: asked by page and API alike."""

from collections.abc import Iterable

from catchment.kernel.actor import Actor
from catchment.kernel.flow import Choice, Table, weigh
from catchment.rooms.referral.rules.steps import REFERRAL
from catchment.rooms.referral.types import Side


def sides_of(
    actor: Actor, *, from_facility_id: int, to_facility_id: int | None, to_in_network: bool = True
) -> frozenset[str]:
    """Where the actor stands. For a destination without users here the sender also acts for the receiver."""
    sides = set()
    if actor.role == "system":
        sides.add(Side.SYSTEM.value)
    if actor.facility_id == from_facility_id:
        sides.add(Side.SENDER.value)
        if not to_in_network:
            sides.add(Side.RECEIVER.value)
    if to_facility_id is not None and actor.facility_id == to_facility_id:
        sides.add(Side.RECEIVER.value)
    return frozenset(sides)


def available_actions(
    *, state: str, variant: str, actor: Actor, sides: Iterable[str], table: Table = REFERRAL
) -> list[Choice]:
    """Every step that leaves this state, each allowed or with the reason why this actor may not take it.

    Steps of the system are left out; they are nobody's to choose.
    """
    steps = [step for step in table.leaving(state, variant) if step.side != Side.SYSTEM.value]
    standing = frozenset(sides)
    return [weigh(step, state=state, variant=variant, actor=actor, sides=standing) for step in steps]
