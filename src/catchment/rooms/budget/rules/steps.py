"""The tables of steps: of a year's budget, and of a finding of the watch."""

from catchment.kernel.flow import Step, Table
from catchment.rooms.budget.types import FindingState, Side, State


def _step(verb: str, sources: tuple[State, ...], target: State, side: Side, capability: str) -> Step:
    return Step(
        verb=verb,
        sources=tuple(source.value for source in sources),
        target=target.value,
        side=side.value,
        capability=f"budget.{capability}",
    )


_LIVE = (State.RUNNING, State.PRE_SETTLED)

BUDGET = Table(
    kind="budget",
    states=State,
    initial=State.DRAFT.value,
    final=frozenset({State.WITHDRAWN.value}),
    steps=(
        _step("sign", (State.DRAFT,), State.SIGNED, Side.LEAD, "sign"),
        _step("withdraw", (State.DRAFT, State.SIGNED), State.WITHDRAWN, Side.OFFICE, "settle"),
        _step("agree", (State.SIGNED,), State.AGREED, Side.OFFICE, "settle"),
        _step("prepay", (State.AGREED, *_LIVE), State.RUNNING, Side.OFFICE, "settle"),
        _step("presettle", _LIVE, State.PRE_SETTLED, Side.OFFICE, "settle"),
        _step("reckon", _LIVE, State.RECKONED, Side.OFFICE, "settle"),
        _step("reopen", (State.CLEARED,), State.PRE_SETTLED, Side.OFFICE, "decide"),
        _step("decide", (State.RECKONED,), State.DECIDED, Side.OFFICE, "decide"),
        _step("clear", (State.RECKONED, State.DECIDED), State.CLEARED, Side.OFFICE, "settle"),
    ),
)


def _judge(verb: str, target: FindingState) -> Step:
    return Step(
        verb=verb,
        sources=(FindingState.OPEN.value,),
        target=target.value,
        side=Side.OFFICE.value,
        capability="budget.review",
    )


FINDING = Table(
    kind="finding",
    states=FindingState,
    initial=FindingState.OPEN.value,
    final=frozenset({FindingState.CONFIRMED.value, FindingState.EXPLAINED.value, FindingState.DISMISSED.value}),
    steps=(
        _judge("confirm", FindingState.CONFIRMED),
        _judge("explain", FindingState.EXPLAINED),
        _judge("dismiss", FindingState.DISMISSED),
    ),
)
