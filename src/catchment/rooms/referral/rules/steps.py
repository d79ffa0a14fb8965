"""The tables of steps of a referral and of a request for advice."""

from catchment.kernel.flow import Step, Table
from catchment.rooms.referral.types import AdviceState, Direction, Side, State

FORTH = (Direction.UP, Direction.ACROSS, Direction.OUT)
BACK = (Direction.DOWN,)


def _step(
    verb: str,
    sources: tuple[State, ...],
    target: State | None,
    side: Side,
    capability: str,
    *,
    clock: str = "",
    reasons: str = "",
    variants: tuple[Direction, ...] = (),
) -> Step:
    return Step(
        verb=verb,
        sources=tuple(source.value for source in sources),
        target=target.value if target else "",
        side=side.value,
        capability=f"referral.{capability}",
        clock=clock,
        reasons=reasons,
        variants=tuple(variant.value for variant in variants),
    )


_WAITING = (State.SENT, State.INFORMATION_REQUESTED)
_FAILED = (State.DECLINED, State.EXPIRED, State.MISSED)
_S, _R, _Y = Side.SENDER, Side.RECEIVER, Side.SYSTEM

REFERRAL = Table(
    kind="referral",
    states=State,
    initial=State.DRAFT.value,
    final=frozenset({State.CLOSED.value, State.WITHDRAWN.value}),
    steps=(
        _step("send", (State.DRAFT,), State.SENT, _S, "send", clock="accept"),
        _step("discard", (State.DRAFT,), State.WITHDRAWN, _S, "create"),
        _step("accept", (State.SENT,), State.ACCEPTED, _R, "receive", clock="arrive"),
        _step("accept-other-time", (State.SENT,), State.ACCEPTED, _R, "receive", clock="arrive"),
        _step("request-information", (State.SENT,), State.INFORMATION_REQUESTED, _R, "receive", clock="information"),
        _step("supply-information", (State.INFORMATION_REQUESTED,), State.SENT, _S, "send", clock="accept"),
        _step("redirect", _WAITING, State.SENT, _R, "receive", clock="accept", reasons="redirect"),
        _step("decline", _WAITING, State.DECLINED, _R, "receive", clock="reroute", reasons="refusal"),
        _step(
            "withdraw", (*_WAITING, State.ACCEPTED), State.WITHDRAWN, _S, "send", reasons="withdrawal",
        ),
        _step("escalate", (State.SENT,), None, _Y, "clock", clock="accept"),
        _step("expire", _WAITING, State.EXPIRED, _Y, "clock", clock="reroute"),
        _step("change-time", (State.ACCEPTED,), None, _R, "receive", clock="arrive"),
        _step("arrive", (State.ACCEPTED, State.MISSED), State.ARRIVED, _R, "receive", clock="answer"),
        _step("miss", (State.ACCEPTED,), State.MISSED, _Y, "clock", clock="reroute"),
        _step("answer", (State.ARRIVED,), State.ANSWERED, _R, "answer", clock="take-over", variants=FORTH),
        _step("take-over", (State.ANSWERED,), State.TAKEN_OVER, _S, "take-over", clock="follow-up", variants=FORTH),
        _step(
            "take-over", (State.ACCEPTED, State.ARRIVED), State.TAKEN_OVER, _R, "take-over", clock="follow-up",
            variants=BACK,
        ),
        _step("follow-up", (State.TAKEN_OVER,), State.CLOSED, _S, "take-over", variants=FORTH),
        _step("follow-up", (State.TAKEN_OVER,), State.CLOSED, _R, "take-over", variants=BACK),
        _step("resend", _FAILED, State.SENT, _S, "send", clock="accept"),
        _step("abandon", _FAILED, State.WITHDRAWN, _S, "send", reasons="withdrawal"),
    ),
)  # fmt: skip


def _advice(verb: str, source: AdviceState, target: AdviceState, side: Side, capability: str, clock: str = "") -> Step:
    return Step(
        verb=verb,
        sources=(source.value,),
        target=target.value,
        side=side.value,
        capability=f"advice.{capability}",
        clock=clock,
    )


ADVICE = Table(
    kind="advice",
    states=AdviceState,
    initial=AdviceState.ASKED.value,
    final=frozenset({AdviceState.CONVERTED.value, AdviceState.CLOSED.value, AdviceState.WITHDRAWN.value}),
    steps=(
        _advice("answer", AdviceState.ASKED, AdviceState.ANSWERED, _R, "answer"),
        _advice("withdraw", AdviceState.ASKED, AdviceState.WITHDRAWN, _S, "ask"),
        _advice("convert", AdviceState.ANSWERED, AdviceState.CONVERTED, _S, "ask"),
        _advice("close", AdviceState.ANSWERED, AdviceState.CLOSED, _S, "ask"),
    ),
)
