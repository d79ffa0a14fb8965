"""Who answers for whom: begun, renewed and ended."""

from datetime import date, datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from catchment.kernel import audit
from catchment.kernel.actor import Actor
from catchment.kernel.errors import Invalid, NotFound, Problem, Refusal
from catchment.rooms.people.models import Person
from catchment.rooms.staff.models import CareResponsibility, Post

CAPABILITY, MANAGES, LAPSES = "people.register", "staff.manage", "responsibility.lapse"
MOST = 500
"""Contracts closed in one transaction."""


def assign_responsibility(
    *,
    actor: Actor,
    now: datetime,
    person_id: int,
    post_id: int,
    since: date,
    contracted: bool = False,
    agreed_until: date | None = None,
) -> CareResponsibility:
    """Make a post answer for a person from a day on; who did so before ends that day. Again for the same post renews.

    The actor registers people at the post's facility, or manages staff. Raises `NotFound`, `Invalid` by field, and
    `Refusal` for an ended post, a merged or dead person, or a day that is not after the present responsibility began.
    """
    with transaction.atomic():
        person = Person.objects.select_for_update().filter(pk=person_id).first()
        post = Post.objects.select_related("facility").filter(pk=post_id).first()
        if person is None or post is None:
            raise NotFound("not-found", _("没有找到这位居民或这个岗位"))
        actor.require(CAPABILITY if actor.facility_id == post.facility_id else MANAGES)
        if post.until is not None or person.merged_into_id is not None:
            raise Refusal("ended", _("岗位已结束，或居民档案已并入别的档案"))
        _require_sound(person, post, since, contracted=contracted, agreed_until=agreed_until)
        _end_present(person, since)
        held = CareResponsibility.objects.create(
            person=person, post=post, since=since, contracted=contracted, agreed_until=agreed_until
        )
        detail = {"post": post.pk, "contracted": contracted}
        audit.record(actor=actor, event="responsibility.assign", at=now, person_id=person.pk, detail=detail)
    return held


def end_responsibility(*, actor: Actor, now: datetime, person_id: int, until: date, reason: str) -> CareResponsibility:
    """End the present responsibility; `until` is the first day without it. The reason stays with it.

    Raises `Invalid` by field, and `Refusal` where nobody answers for the person.
    """
    if not reason.strip():
        raise Invalid(Problem("reason", _("请写明解约或终止的原因")))
    with transaction.atomic():
        rows = CareResponsibility.objects.select_for_update(of=("self",)).select_related("post")
        held = rows.filter(person_id=person_id, until__isnull=True).first()
        if held is None or (held.ends is not None and held.ends <= timezone.localdate(now)):
            raise Refusal("nobody", _("目前没有责任医生"))
        actor.require(CAPABILITY if actor.facility_id == held.post.facility_id else MANAGES)
        if until < held.since:
            raise Invalid(Problem("until", _("结束日期不能早于开始日期 %s") % held.since))
        if until > timezone.localdate(now):
            raise Invalid(Problem("until", _("请在当天或之后办理，不能提前填写 %s") % until))
        held.until, held.end_reason = until, reason.strip()
        held.save(update_fields=["until", "end_reason"])
        audit.record(
            actor=actor, event="responsibility.end", at=now, person_id=person_id, detail={"post": held.post_id}
        )
    return held


def end_lapsed(*, actor: Actor, now: datetime) -> int:
    """Close every contract that is past its last day; how many. It held no longer anyway: this writes it down."""
    actor.require(LAPSES)
    count = closed = _end_some(actor, now)
    while closed == MOST:
        closed = _end_some(actor, now)
        count += closed
    return count


def _end_some(actor: Actor, now: datetime) -> int:
    with transaction.atomic():
        rows = CareResponsibility.objects.select_for_update(skip_locked=True).filter(until__isnull=True)
        held = list(rows.filter(agreed_until__lt=timezone.localdate(now)).order_by("pk")[:MOST])
        for one in held:
            one.until, one.end_reason = one.ends, _("协议期满")
            detail = {"post": one.post_id, "lapsed": True}
            audit.record(actor=actor, event="responsibility.end", at=now, person_id=one.person_id, detail=detail)
        CareResponsibility.objects.bulk_update(held, ["until", "end_reason"])
    return len(held)


def _require_sound(person: Person, post: Post, since: date, *, contracted: bool, agreed_until: date | None) -> None:
    problems = []
    if agreed_until is not None and not contracted:
        problems.append(Problem("agreed_until", _("没有签约就没有协议截止日期：请勾选签约，或清空日期")))
    if since < post.since:
        problems.append(Problem("since", _("开始日期不能早于岗位的开始日期 %s") % post.since))
    if agreed_until is not None and agreed_until <= since:
        problems.append(Problem("agreed_until", _("协议截止日期应晚于开始日期")))
    if problems:
        raise Invalid(*problems)
    if person.deceased_on is not None:
        raise Refusal("deceased", _("已登记死亡，不能再指定责任医生"))


def _end_present(person: Person, since: date) -> None:
    present = CareResponsibility.objects.select_for_update().filter(person=person, until__isnull=True).first()
    if present is None:
        return
    if since <= present.since:
        raise Refusal("overlap", _("新的责任期应晚于现任的开始日期 %s") % present.since)
    present.until = min(since, present.ends or since)
    present.save(update_fields=["until"])
