"""The slots of services: opening sessions, closing what is free, opening it again."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from catchment.kernel import audit
from catchment.kernel.actor import Actor
from catchment.kernel.errors import Invalid, Problem
from catchment.rooms.booking import rules
from catchment.rooms.booking.models import Slot
from catchment.rooms.booking.types import Quota, SessionTold, SlotState
from catchment.rooms.places.models import Service
from catchment.rooms.staff.models import Post


def open_session(*, actor: Actor, now: datetime, told: SessionTold) -> list[Slot]:
    """Open a session, and again each week where told: one slot after another, the kept ones first.

    All weeks or none. Raises `Invalid` by field, `NotAllowed` for a facility that the actor does not run.
    """
    service = Service.objects.filter(pk=told.service_id, active=True, facility__active=True).first()
    if service is None:
        raise Invalid(Problem("service", _("没有这个开放的科室，请重新选择")))
    rules.require_runs(actor, service.facility_id)
    problems = rules.problems_of(told, now)
    if problems:
        raise Invalid(*problems)
    starts = rules.starts_of(told)
    with transaction.atomic():
        _require_doctor_free(told, service, starts)
        slots = Slot.objects.bulk_create(slot for start in starts for slot in _slots_of(told, start))
        detail = {
            "service": service.pk, "sessions": len(starts), "slots": len(slots),
            "day": timezone.localdate(starts[0]).isoformat(),
        }  # fmt: skip
        audit.record(actor=actor, event="booking.open-session", at=now, subject=("service", service.pk), detail=detail)
    return slots


def close_slots(*, actor: Actor, now: datetime, service_id: int, slot_ids: Iterable[int]) -> int:
    """Close those of the service's slots that are free; how many they were. One that is held or booked stays."""
    return _move(actor, now, service_id, slot_ids, SlotState.FREE, SlotState.CLOSED, "booking.close-slots")


def reopen_slots(*, actor: Actor, now: datetime, service_id: int, slot_ids: Iterable[int]) -> int:
    """Open closed slots of the service again; how many they were."""
    return _move(actor, now, service_id, slot_ids, SlotState.CLOSED, SlotState.FREE, "booking.reopen-slots")


def _move(
    actor: Actor, now: datetime, service_id: int, slot_ids: Iterable[int], was: SlotState, becomes: SlotState,
    event: str,
) -> int:  # fmt: skip
    service = Service.objects.filter(pk=service_id).first()
    if service is None:
        raise Invalid(Problem("service", _("没有这个开放的科室，请重新选择")))
    rules.require_runs(actor, service.facility_id)
    with transaction.atomic():
        rows = Slot.objects.filter(pk__in=list(slot_ids), service=service, state=was, starts_at__gt=now)
        count = rows.update(state=becomes)
        if count:
            audit.record(actor=actor, event=event, at=now, subject=("service", service.pk), detail={"slots": count})
    return count


def _slots_of(told: SessionTold, starts_at: datetime) -> Iterable[Slot]:
    step, release_at = timedelta(minutes=told.minutes), starts_at - timedelta(hours=told.release_hours)
    kept = (quota for quota in Quota.kept_first() for _n in range(told.quotas.get(quota, 0)))
    for number, quota in enumerate(kept):
        yield Slot(
            service_id=told.service_id,
            post_id=told.post_id,
            starts_at=starts_at + number * step,
            ends_at=starts_at + (number + 1) * step,
            quota=quota,
            release_at=None if quota is Quota.PUBLIC else release_at,
        )


def _require_doctor_free(told: SessionTold, service: Service, starts: list[datetime]) -> None:
    """The row of the post is locked, so that of two sessions opened at once one sees the other."""
    if told.post_id is None:
        return
    posts = Post.objects.select_for_update().filter(pk=told.post_id, until__isnull=True)
    if not posts.filter(facility_id=service.facility_id).exists():
        raise Invalid(Problem("post", _("这位医生现在不在本机构任职，请重新选择")))
    length = rules.length_of(told)
    meets = Q()
    for start in starts:
        meets |= Q(starts_at__lt=start + length, ends_at__gt=start)
    sits = (
        Slot.objects.filter(meets, post_id=told.post_id).exclude(state=SlotState.CLOSED).order_by("starts_at").first()
    )
    if sits is not None:
        when = timezone.localtime(sits.starts_at).strftime("%Y-%m-%d %H:%M")
        raise Invalid(Problem("start", _("这位医生 %s 已有号源，请改时间或先关闭那一场") % when))
