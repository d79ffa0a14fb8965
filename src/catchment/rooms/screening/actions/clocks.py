"""What time does by itself: a case that nobody moves goes to the township centre, once."""

from datetime import datetime, timedelta

from django.utils import timezone

from catchment.kernel.actor import Actor
from catchment.kernel.errors import Refusal
from catchment.kernel.flow import Outcome, Step
from catchment.rooms.screening import queries
from catchment.rooms.screening.actions.stepping import take_step
from catchment.rooms.screening.models import Case
from catchment.rooms.screening.types import OPEN_STATES

CENTRE_ROLE = "health-manager"


def run_clocks(*, actor: Actor, now: datetime, limit: int = 500) -> int:
    """Hand every case that is overdue by the edition's days to the centre; returns how many."""
    clocks = queries.programmes_on(timezone.localdate(now)).clocks
    late = now - timedelta(days=clocks.escalate_days)
    rows = Case.objects.filter(due_at__lt=late, escalation=0, state__in=[state.value for state in OPEN_STATES])
    done = 0
    for case_id in list(rows.order_by("due_at").values_list("pk", flat=True)[:limit]):
        try:
            take_step(actor=actor, now=now, case_id=case_id, verb="escalate", effects=_hand_up)
        except Refusal:
            continue
        done += 1
    return done


def _hand_up(case: Case, _step: Step) -> Outcome:
    return Outcome(
        due_at=case.due_at, holder_role=CENTRE_ROLE, overdue_since=case.due_at, escalation=1, detail={"to": CENTRE_ROLE}
    )
