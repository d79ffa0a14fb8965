"""The tables of steps of a claim and of what a hospital asks about one."""

from catchment.kernel.flow import Step, Table
from catchment.rooms.claims.types import ReviewState, State

DESK, OFFICE = "desk", "office"


def _step(
    verb: str, sources: tuple[State, ...], target: State | None, capability: str, reasons: str = "", side: str = DESK
) -> Step:
    return Step(
        verb=verb,
        sources=tuple(source.value for source in sources),
        target=target.value if target else "",
        side=side,
        capability=f"claims.{capability}",
        reasons=reasons,
    )


CLAIM = Table(
    kind="claim",
    states=State,
    initial=State.DRAFTED.value,
    final=frozenset(),
    steps=(
        _step("check", (State.DRAFTED,), State.CHECKED, "work"),
        _step("reject", (State.DRAFTED,), State.REJECTED, "work"),
        _step("file", (State.DRAFTED,), State.HISTORY, "work"),
        _step(
            "mend",
            (State.DRAFTED, State.CHECKED, State.REJECTED, State.CANCELLED, State.HISTORY),
            State.DRAFTED,
            "work",
        ),
        _step("accept", (State.REJECTED, State.CANCELLED), State.CHECKED, "pay", side=OFFICE),
        _step("settle", (State.CHECKED,), State.SETTLED, "work"),
        _step("recompute", (State.SETTLED,), None, "work"),
        _step(
            "cancel", (State.DRAFTED, State.CHECKED, State.REJECTED, State.SETTLED), State.CANCELLED, "work",
            reasons="cancel",
        ),
    ),
)  # fmt: skip
REVIEW = Table(
    kind="special-review",
    states=ReviewState,
    initial=ReviewState.ASKED.value,
    final=frozenset({ReviewState.GRANTED.value, ReviewState.REFUSED.value, ReviewState.WITHDRAWN.value}),
    steps=tuple(
        Step(verb=verb, sources=("asked",), target=target.value, side=side, capability=capability)
        for verb, target, side, capability in (
            ("grant", ReviewState.GRANTED, OFFICE, "claims.pay"),
            ("refuse", ReviewState.REFUSED, OFFICE, "claims.pay"),
            ("withdraw", ReviewState.WITHDRAWN, DESK, "claims.work"),
        )
    ),
)
