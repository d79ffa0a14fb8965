"""Putting work on the board, settling it, telling posts and facilities. Called inside the step that causes it."""

from datetime import datetime

from catchment.kernel import audit
from catchment.kernel.actor import Actor
from catchment.kernel.errors import NotFound
from catchment.rooms.board.models import Notice, WorkItem
from catchment.rooms.board.rules import RANK
from catchment.rooms.board.types import Holder, Origin, Priority, Subject, WorkState


def put_work(
    *,
    now: datetime,
    kind: str,
    subject: Subject,
    holder: Holder,
    origin: Origin,
    priority: Priority,
    headline: str,
    due_at: datetime | None = None,
    escalation: int = 0,
) -> WorkItem:
    """Put one piece of work up. Open work of the same kind on the same subject must have been settled before.

    The audit of the step that causes it proves it.
    """
    return WorkItem.objects.create(
        kind=kind,
        subject_kind=subject.kind,
        subject_id=subject.key,
        subject_ref=subject.ref,
        person_id=subject.person_id,
        facility_id=holder.facility_id,
        role=holder.role,
        post_id=holder.post_id,
        origin_id=origin.facility_id,
        origin_post_id=origin.post_id,
        priority=priority,
        rank=RANK[priority],
        headline=headline[:160],
        since=now,
        due_at=due_at,
        escalation=escalation,
    )


def settle_work(*, actor: Actor, now: datetime, subject: Subject, kind: str = "") -> int:
    """Mark open work on the subject done (only of one kind, where given); returns how many."""
    rows = WorkItem.objects.filter(subject_kind=subject.kind, subject_id=subject.key, state=WorkState.OPEN)
    if kind:
        rows = rows.filter(kind=kind)
    return rows.update(state=WorkState.DONE, settled_at=now, settled_by=actor.post_id)


def tell(
    *,
    facility_id: int,
    now: datetime,
    event: str,
    subject: Subject,
    text: str,
    post_id: int | None = None,
) -> Notice:
    """Leave a notice for a facility, or for one post there. It becomes visible when the transaction commits."""
    return Notice.objects.create(
        facility_id=facility_id,
        post_id=post_id,
        person_id=subject.person_id,
        event=event,
        subject_kind=subject.kind,
        subject_ref=subject.ref,
        text=text[:200],
        at=now,
    )


def read_notice(*, actor: Actor, now: datetime, notice_id: int) -> Notice:
    """Mark a notice of the actor's own facility read; `NotFound` for anybody else's."""
    notice = Notice.objects.filter(pk=notice_id, facility_id=actor.here).first()
    if notice is None or notice.post_id not in {None, actor.post_id}:
        raise NotFound("not-found", "没有找到这条通知")
    if notice.read_at is None:
        notice.read_at = now
        notice.save(update_fields=["read_at"])
        audit.record(actor=actor, event="notice.read", at=now, subject=("notice", notice.pk))
    return notice
