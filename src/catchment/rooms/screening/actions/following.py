"""Disease control takes the result of a screening up for a follow-up of its own, and the person's clinic is told."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import override

from catchment.kernel import wall
from catchment.kernel.actor import Actor
from catchment.rooms.board import actions as board
from catchment.rooms.board.models import WorkItem
from catchment.rooms.board.types import Subject
from catchment.rooms.screening import queries
from catchment.rooms.screening.actions.stepping import headline, subject_of
from catchment.rooms.screening.rules.work import FOLLOW


def follow(*, actor: Actor, now: datetime, public_id: UUID, reason: str) -> WorkItem:
    """Put a follow-up of one person's screening on the office's own board; who it is can be opened inside it."""
    actor.require("screening.follow")
    with transaction.atomic():
        with wall.acting("screening"):
            case = queries.case_to_follow(actor, public_id)
            label = headline(case)
        subject = Subject(kind=FOLLOW.code, key=case.pk, ref=str(case.public_id), person_id=case.person_id)
        item = board.take_up(actor=actor, now=now, kind=FOLLOW.code, subject=subject, label=label, reason=reason)
        with wall.acting("screening"), override("zh-hans"):
            board.tell(
                facility_id=case.facility_id,
                now=now,
                event="screening.follow",
                subject=subject_of(case),
                text=f"{actor.facility_name}已就这条筛查立案随访：{label}",
            )
        return item
