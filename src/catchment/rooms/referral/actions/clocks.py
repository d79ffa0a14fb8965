"""What time does by itself: escalates what nobody accepts, lets it expire, notes who did not come."""

from collections.abc import Callable
from datetime import datetime, timedelta

from django.db.models import Q

from catchment.kernel.actor import Actor
from catchment.kernel.errors import Refusal
from catchment.kernel.flow import Outcome, Step
from catchment.rooms.referral import queries
from catchment.rooms.referral.actions.stepping import due_in, is_waiting, release_booking, take_step
from catchment.rooms.referral.models import Referral
from catchment.rooms.referral.types import State

WATCHED = (State.SENT, State.INFORMATION_REQUESTED, State.ACCEPTED)


def run_clocks(*, actor: Actor, now: datetime, limit: int = 500) -> dict[str, int]:
    """Look at every referral whose time is up, each in its own transaction; returns how often each thing happened.

    A referral that somebody moves meanwhile is left to the next run.
    """
    late = Referral.objects.filter(due_at__lt=now, state__in=[state.value for state in WATCHED])
    due = late.exclude(_told_to_everybody(now)).order_by("due_at")
    done: dict[str, int] = {}
    for referral in due[:limit]:
        verb, act = _choose(referral, now)
        try:
            act(actor=actor, now=now, referral_id=referral.pk)
        except Refusal:
            continue
        done[verb] = done.get(verb, 0) + 1
    return done


def _told_to_everybody(now: datetime) -> Q:
    """Those whose last holder has it and lets it wait: overdue on the board until they expire."""
    told = Q(pk__in=[])
    for rule in queries.urgencies_on(now.date()):
        since = now - timedelta(minutes=rule.expire_minutes)
        told |= Q(urgency=rule.code, state=State.SENT, escalation__gte=len(rule.escalation), state_since__gt=since)
    return told


def escalate(*, actor: Actor, now: datetime, referral_id: int) -> Referral:
    """Hand an unaccepted referral to the next holder of its urgency's chain and start the clock anew."""

    def effects(referral: Referral, _step: Step) -> Outcome:
        chain = queries.urgency_on(now.date(), referral.urgency).escalation
        rung = chain[referral.escalation] if referral.escalation < len(chain) else None
        return Outcome(
            due_at=due_in(now, minutes=rung.minutes) if rung else _expires_at(referral, now),
            holder_role=rung.role if rung else referral.holder_role,
            overdue_since=referral.overdue_since or referral.due_at,
            escalation=referral.escalation + 1,
            detail={"to": rung.role if rung else "", "level": referral.escalation + 1},
        )

    return take_step(actor=actor, now=now, referral_id=referral_id, verb="escalate", effects=effects)


def expire(*, actor: Actor, now: datetime, referral_id: int) -> Referral:
    """Nobody accepted in time: the slot or bed is free, the sender decides what next."""

    def effects(referral: Referral, _step: Step) -> Outcome:
        release_booking(actor=actor, now=now, referral=referral)
        return Outcome(due_at=due_in(now, hours=queries.times_on(now.date()).reroute_hours))

    return take_step(actor=actor, now=now, referral_id=referral_id, verb="expire", effects=effects)


def miss(*, actor: Actor, now: datetime, referral_id: int) -> Referral:
    """The person did not come within the edition's time."""

    def effects(referral: Referral, _step: Step) -> Outcome:
        release_booking(actor=actor, now=now, referral=referral, missed=True)
        return Outcome(due_at=due_in(now, hours=queries.times_on(now.date()).reroute_hours))

    return take_step(actor=actor, now=now, referral_id=referral_id, verb="miss", effects=effects)


def _choose(referral: Referral, now: datetime) -> tuple[str, Callable[..., Referral]]:
    if not is_waiting(referral):
        return "miss", miss
    if now >= _expires_at(referral, now):
        return "expire", expire
    return ("escalate", escalate) if referral.state == State.SENT else ("expire", expire)


def _expires_at(referral: Referral, now: datetime) -> datetime:
    rule = queries.urgency_on(now.date(), referral.urgency)
    return referral.state_since + timedelta(minutes=rule.expire_minutes)
