"""Putting work on the board, settling it, telling posts and facilities: called inside the step that causes it.

And what an office does with a case that it holds: take it up, open who it is about, conclude it.
"""

from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from catchment.kernel import audit
from catchment.kernel.actor import Actor
from catchment.kernel.bulk import insert
from catchment.kernel.errors import Invalid, NotAllowed, NotFound, Problem, Refusal
from catchment.rooms.board import queries
from catchment.rooms.board.models import Notice, Opening, WorkItem
from catchment.rooms.board.rules import RANK, kind_of, names_work
from catchment.rooms.board.types import Case, CasePerson, Holder, Identity, Origin, Priority, Subject, WorkState
from catchment.rooms.consent import queries as consent


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
    item = WorkItem(
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
    insert(item)
    return item


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
    """Leave a notice for a facility, or for one post there. It becomes visible when the transaction commits.

    `KeyError` where no room has registered the kind `<kind of the subject>.notice`, by which a notice is opened.
    """
    kind_of(f"{subject.kind}.notice")
    notice = Notice(
        facility_id=facility_id,
        post_id=post_id,
        person_id=subject.person_id,
        event=event,
        subject_kind=subject.kind,
        subject_ref=subject.ref,
        text=text[:200],
        at=now,
    )
    insert(notice)
    return notice


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


def take_up(*, actor: Actor, now: datetime, kind: str, subject: Subject, label: str, reason: str) -> WorkItem:
    """Make something a case of the actor's own office, with its reason. Its room has weighed whether it may be one."""
    actor.require("identity.open")
    days = consent.identity_rule(timezone.localdate(now)).case_days
    if not reason.strip():
        raise Invalid(Problem("reason", _("请写明立案的理由")))
    try:
        with transaction.atomic():
            item = put_work(
                now=now,
                kind=kind,
                subject=subject,
                holder=Holder(facility_id=actor.here, role=actor.role),
                origin=Origin(facility_id=actor.here, post_id=actor.post_id),
                priority=Priority.ORDINARY,
                headline=f"{label} · {reason.strip()}",
                due_at=now + timedelta(days=days),
            )
            _note(actor, now, "case.take-up", item, subject.person_id)
            return item
    except IntegrityError:
        raise Refusal("taken-up", _("这件事已经立案，正在办理")) from None


def conclude(*, actor: Actor, now: datetime, kind: str, ref: str, outcome: str) -> WorkItem:
    """End a case by what came of it. What was opened in it is closed by this."""
    case = queries.held_case(actor, kind, ref, now)
    if not case.concluded:
        raise Refusal("has-steps", _("这项工作在它自己的页面上办理"))
    if not outcome.strip():
        raise Invalid(Problem("outcome", _("请写明办理结果")))
    with transaction.atomic():
        item = WorkItem.objects.select_for_update(of=("self",)).filter(pk=case.item_id, state=WorkState.OPEN).first()
        if item is None:
            raise Refusal("not-held", _("没有这个案件：它已办结，或不在本单位手上"))
        item.state, item.settled_at, item.settled_by = WorkState.DONE.value, now, actor.post_id
        item.outcome = outcome.strip()[:200]
        item.save(update_fields=["state", "settled_at", "settled_by", "outcome"])
        _note(actor, now, "case.conclude", item, item.person_id)
        return item


def open_identity(
    *, actor: Actor, now: datetime, kind: str, ref: str, who: str, purpose: str, note: str = ""
) -> Opening:
    """Open to the acting post who a person of its office's case is, for the time that the edition gives.

    `who` is the office's pseudonym of the person. Refused, and the refusal noted, unless the case is open and with the
    office and the person is one of it; `Invalid` without a purpose of the edition's list for this kind of work.
    """
    actor.require("identity.open")
    if actor.post_id is None:
        raise NotAllowed("no-post", _("当前没有以岗位办理"))
    case, person = _person_of_case(actor, now, kind, ref, who)
    rule = consent.identity_rule(timezone.localdate(now))
    purposes = rule.purposes_in(kind)
    if purpose not in {one.code for one in purposes}:
        names = "、".join(consent.purpose_name(one) for one in purposes) or _("（规则库没有为这类案件列出用途）")
        raise Invalid(Problem("purpose", _("请从规则库的用途中选择：%s") % names))
    with transaction.atomic():
        opening = Opening.objects.create(
            item_id=case.item_id, person_id=person.person_id, facility_id=actor.here, post_id=actor.post_id,
            purpose=purpose, note=note.strip()[:200], since=now, until=now + timedelta(minutes=rule.minutes),
        )  # fmt: skip
        _note_identity(actor, now, "identity.open", opening, kind)
        return opening


def read_identity(*, actor: Actor, now: datetime, kind: str, ref: str, who: str) -> Identity:
    """Who the person is, while the acting post has them open; that it was read is noted with the purpose."""
    case, person = _person_of_case(actor, now, kind, ref, who)
    openings = [one for one in queries.running_openings(actor, case.item_id, now) if one.person_id == person.person_id]
    if not openings:
        _note_refused(actor, now, kind, ref, "not-opened", person.person_id)
        raise NotAllowed("not-opened", _("身份尚未打开或已到时限，请选择用途后打开"))
    found = queries.identity_of(person, openings[-1])
    _note_identity(actor, now, "identity.read", openings[-1], kind)
    return found


def _person_of_case(actor: Actor, now: datetime, kind: str, ref: str, who: str) -> tuple[Case, CasePerson]:
    try:
        case = queries.held_case(actor, kind, ref, now)
    except NotFound as refusal:
        _note_refused(actor, now, kind, ref, refusal.code)
        raise NotAllowed(refusal.code, refusal.message) from None
    person = case.person(who)
    if person is None:
        _note_refused(actor, now, kind, ref, "not-in-case")
        raise NotAllowed("not-in-case", _("这个案件里没有这位居民"))
    return case, person


def _note(actor: Actor, now: datetime, event: str, item: WorkItem, person_id: int | None) -> None:
    audit.record(
        actor=actor, event=event, at=now, person_id=person_id, subject=("work", item.pk), detail={"kind": item.kind}
    )


def _note_identity(actor: Actor, now: datetime, event: str, opening: Opening, kind: str) -> None:
    audit.record(
        actor=actor,
        event=event,
        at=now,
        person_id=opening.person_id,
        subject=("work", opening.item_id),
        purpose=opening.purpose,
        detail={"kind": kind, "opening": opening.pk, "until": opening.until.isoformat()},
    )


def _note_refused(actor: Actor, now: datetime, kind: str, ref: str, code: str, person_id: int | None = None) -> None:
    named = {"kind": kind, "case": ref} if names_work(kind, ref) else {}
    detail = {"code": code, **named}
    audit.record(actor=actor, event="identity.refused", at=now, person_id=person_id, detail=detail)
