"""The beds of wards: adding them, and what the ward itself says of one."""

from collections.abc import Sequence
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from catchment.kernel import audit, wall
from catchment.kernel.actor import Actor
from catchment.kernel.errors import Invalid, NotFound, Problem, Refusal
from catchment.rooms.booking import rules
from catchment.rooms.booking.models import Bed, BedSpan, Booking
from catchment.rooms.booking.types import BedMove, BookingState
from catchment.rooms.places.models import Service
from catchment.rooms.places.rules import label

WARD = "ward"


def add_beds(*, actor: Actor, now: datetime, service_id: int, codes: Sequence[str]) -> list[Bed]:
    """Add beds to a ward, all or none. A bed's code is its own within the facility. Raises `Invalid` by field."""
    service = Service.objects.filter(pk=service_id, active=True, inpatient=True).first()
    if service is None:
        raise Invalid(Problem("service", _("请选择一个收住院的科室")))
    rules.require_runs(actor, service.facility_id)
    wanted = list(dict.fromkeys(codes))
    problem = rules.problem_of_codes(wanted)
    with transaction.atomic():
        held = Bed.objects.filter(facility_id=service.facility_id, code__in=wanted).order_by("code")
        known = list(held.values_list("code", flat=True))
        if known:
            problem = _("床号 %s 已在用，请换一个") % "、".join(known[:5])
        if problem:
            raise Invalid(Problem("codes", problem))
        beds = Bed.objects.bulk_create(
            Bed(facility_id=service.facility_id, service=service, code=code) for code in wanted
        )
        BedSpan.objects.bulk_create(BedSpan(bed=bed, since=timezone.localdate(now)) for bed in beds)
        detail = {"beds": len(beds)}
        audit.record(actor=actor, event="bed.add", at=now, subject=("service", service.pk), detail=detail)
    return beds


def move_bed(*, actor: Actor, now: datetime, facility_id: int, bed_id: int, move: BedMove) -> Bed:
    """Close a free bed, open it again, mark it occupied or empty. One that is held for somebody stays as it is.

    Raises `NotFound` for another facility's bed, `Refusal` where the bed's state does not allow it.
    """
    rules.require_runs(actor, facility_id)
    was, becomes = rules.BED_MOVES[move]
    with transaction.atomic():
        bed = Bed.objects.select_for_update().filter(pk=bed_id, facility_id=facility_id).first()
        if bed is None:
            raise NotFound("not-found", _("没有找到这张床"))
        if bed.state != was:
            told = _("床 %(code)s 现在是“%(state)s”，不能这样办理；页面已更新")
            raise Refusal("bed-state", told % {"code": bed.code, "state": label(rules.BED_STATES, bed.state)})
        bed.state = becomes
        bed.save(update_fields=["state"])
        if move is BedMove.EMPTY:
            _end_stay(bed, now)
        _keep_days(bed, move, timezone.localdate(now))
        audit.record(actor=actor, event=f"bed.{move.value}", at=now, subject=("bed", bed.pk))
    return bed


def _keep_days(bed: Bed, move: BedMove, today: date) -> None:
    """Note from when until when the bed is open; one closed and opened again on a day was open all along."""
    spans = BedSpan.objects.filter(bed=bed)
    if move is BedMove.CLOSE:
        spans.filter(until__isnull=True).update(until=today)
    elif move is BedMove.REOPEN and not spans.filter(until=today).update(until=None):
        BedSpan.objects.create(bed=bed, since=today)


def _end_stay(bed: Bed, now: datetime) -> None:
    """Whoever came by a booking has left: a later letter about them frees the bed no second time."""
    with wall.acting(WARD):
        stays = Booking.objects.filter(bed=bed, state=BookingState.ATTENDED, released_at__isnull=True)
        stays.update(released_at=now)
