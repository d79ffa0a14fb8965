"""Holding, confirming and releasing slots and beds. The database lets one live booking have each."""

from collections.abc import Callable
from datetime import datetime
from functools import lru_cache

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from catchment.kernel import audit, compiled
from catchment.kernel.actor import Actor
from catchment.kernel.bulk import insert, update
from catchment.kernel.errors import Refusal
from catchment.rooms.booking import queries
from catchment.rooms.booking.models import Bed, Booking, Slot
from catchment.rooms.booking.types import BedState, BookingState, SlotState


def hold_slot(
    *,
    actor: Actor,
    now: datetime,
    person_id: int,
    subject: tuple[str, int],
    service_id: int,
    quotas: tuple[str, ...],
    expires_at: datetime | None,
    slot_id: int | None = None,
) -> Booking:
    """Hold the chosen slot, or the service's earliest free one, until `expires_at`.

    Slots that another transaction is just taking are passed over, so that nobody waits; a chosen slot that is
    gone is refused (`slot-taken`), a service with nothing free too (`no-slot`).
    """
    with transaction.atomic(savepoint=False):
        free = _free(quotas)
        slot = compiled.first(free, service_id, now, *(() if slot_id is None else (slot_id,)))
        if slot is None:
            raise _gone(chosen=slot_id is not None)
        slot.state = SlotState.HELD
        update(slot, ["state"])
        return _book(actor, now, person_id, subject, expires_at, slot=slot)


def hold_bed(
    *,
    actor: Actor,
    now: datetime,
    person_id: int,
    subject: tuple[str, int],
    service_id: int,
    expires_at: datetime | None,
) -> Booking:
    """Hold a free bed of the service; refused (`no-bed`) when there is none."""
    with transaction.atomic(savepoint=False):
        rows = Bed.objects.filter(service_id=service_id, state=BedState.FREE).order_by("id")
        bed = rows.select_for_update(skip_locked=True, of=("self",)).first()
        if bed is None:
            raise Refusal("no-bed", _("该科室现在没有空床，请改约门诊或换一家"))
        bed.state = BedState.HELD
        update(bed, ["state"])
        return _book(actor, now, person_id, subject, expires_at, bed=bed)


def confirm(*, actor: Actor, now: datetime, booking: Booking) -> Booking:
    """Turn a hold into a booking that no longer expires."""
    booking.state = BookingState.BOOKED
    booking.expires_at = None
    update(booking, ["state", "expires_at"])
    if booking.slot_id is not None:
        update(Slot(pk=booking.slot_id, state=SlotState.BOOKED), ["state"])
    _audit(actor, now, booking, "booking.confirm")
    return booking


def release(*, actor: Actor, now: datetime, booking: Booking, missed: bool = False) -> Booking:
    """Give the slot or bed back; `missed` where the person did not come."""
    booking.state = BookingState.MISSED if missed else BookingState.RELEASED
    booking.released_at = now
    update(booking, ["state", "released_at"])
    _move_along(booking, SlotState.FREE, BedState.FREE)
    _audit(actor, now, booking, "booking.release")
    return booking


def attend(*, actor: Actor, now: datetime, booking: Booking) -> Booking:
    """The person has come: the slot is used, the bed occupied."""
    booking.state = BookingState.ATTENDED
    booking.expires_at = None
    update(booking, ["state", "expires_at"])
    _move_along(booking, SlotState.USED, BedState.OCCUPIED)
    _audit(actor, now, booking, "booking.attend")
    return booking


def vacate_bed(*, actor: Actor, now: datetime, booking: Booking) -> None:
    """The person has left: the bed is free again, unless the ward freed it before and gave it to somebody else."""
    if booking.bed_id is not None and _ends_stay(booking, now):
        Bed.objects.filter(pk=booking.bed_id).update(state=BedState.FREE)
        _audit(actor, now, booking, "booking.vacate")


def _book(
    actor: Actor,
    now: datetime,
    person_id: int,
    subject: tuple[str, int],
    expires_at: datetime | None,
    *,
    slot: Slot | None = None,
    bed: Bed | None = None,
) -> Booking:
    booking = Booking(
        slot=slot,
        bed=bed,
        person_id=person_id,
        subject_kind=subject[0],
        subject_id=subject[1],
        state=BookingState.HELD,
        made_at=now,
        expires_at=expires_at,
    )
    insert(booking)
    _audit(actor, now, booking, "booking.hold")
    return booking


def _move_along(booking: Booking, slot: SlotState, bed: BedState) -> None:
    if booking.slot_id is not None:
        update(Slot(pk=booking.slot_id, state=slot), ["state"])
    elif booking.bed_id is not None:
        update(Bed(pk=booking.bed_id, state=bed), ["state"])


@lru_cache
def _free(quotas: tuple[str, ...]) -> Callable[..., QuerySet[Slot]]:
    """The earliest free slot, or the chosen one, that nobody is just taking; locked."""

    def build(service_id: int, now: datetime, *chosen: int) -> QuerySet[Slot]:
        rows = queries.free_slots(service_id, quotas=quotas, now=now)
        rows = rows.filter(pk=chosen[0]) if chosen else rows
        return rows.select_for_update(skip_locked=True, of=("self",))[:1]

    return build


def _gone(*, chosen: bool) -> Refusal:
    if chosen:
        return Refusal("slot-taken", _("这个号源刚刚被约走，请另选一个"))
    return Refusal("no-slot", _("该科室近期没有可约的号源，请换一家或不预约号源直接发送"))


def _audit(actor: Actor, now: datetime, booking: Booking, event: str) -> None:
    audit.record(actor=actor, event=event, at=now, person_id=booking.person_id, subject=("booking", booking.pk))


def _ends_stay(booking: Booking, now: datetime) -> bool:
    return bool(Booking.objects.filter(pk=booking.pk, released_at__isnull=True).update(released_at=now))
