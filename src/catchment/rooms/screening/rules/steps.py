"""The table of steps of a case."""

from catchment.kernel.flow import Step, Table
from catchment.rooms.screening.types import DROPPED_STATES, OPEN_STATES, Side, State


def _step(
    verb: str,
    sources: tuple[State, ...],
    target: State | None,
    side: Side = Side.TEAM,
    clock: str = "",
    reasons: str = "",
) -> Step:
    return Step(
        verb=verb,
        sources=tuple(source.value for source in sources),
        target=target.value if target else "",
        side=side.value,
        capability="screening.act" if side is Side.TEAM else "screening.clock",
        clock=clock,
        reasons=reasons,
    )


_EARLY = (State.FOUND, State.INFORMED, State.REACHED)
CASE = Table(
    kind="screening",
    states=State,
    initial=State.FOUND.value,
    final=frozenset({State.CLEARED.value, State.ENROLLED.value, State.LAPSED.value}),
    steps=(
        _step("inform", (State.FOUND,), State.INFORMED, clock="reach"),
        _step("reach", (State.FOUND, State.INFORMED), State.REACHED, clock="test"),
        _step("test", (State.REACHED,), State.TESTED, clock="confirm"),
        _step("confirm", (State.TESTED,), State.CONFIRMED, clock="enrol"),
        _step("clear", (State.TESTED,), State.CLEARED),
        _step("enrol", (State.CONFIRMED,), State.ENROLLED),
        _step("refuse", (*_EARLY, State.TESTED, State.CONFIRMED), State.REFUSED, reasons="refusal"),
        _step("lose", (State.FOUND, State.INFORMED), State.UNREACHABLE, reasons="no-contact"),
        _step("depart", OPEN_STATES, State.MOVED_AWAY, reasons="departure"),
        _step("take-up", DROPPED_STATES, State.REACHED, clock="test"),
        _step("raise", (*OPEN_STATES, *DROPPED_STATES), None, Side.SYSTEM),
        _step("lower", (*OPEN_STATES, *DROPPED_STATES), None, Side.SYSTEM),
        _step("lapse", (*_EARLY, *DROPPED_STATES), State.LAPSED, Side.SYSTEM),
        _step("escalate", OPEN_STATES, None, Side.SYSTEM),
    ),
)
