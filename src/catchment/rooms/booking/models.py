"""Slots and beds, and who has them. A slot is a row; the database lets one live booking have it."""

from django.db import models
from django.db.models import F, Q

from catchment.rooms.booking.types import LIVE, BedState, BookingState, Quota, SlotState
from catchment.rooms.people.models import Person
from catchment.rooms.places.models import Facility, Service
from catchment.rooms.staff.models import Post


class Slot(models.Model):
    """One place in a session. `quota` keeps it for some until `release_at`; from then on it is public."""

    service = models.ForeignKey(Service, models.CASCADE, related_name="+", db_index=False)
    post = models.ForeignKey(Post, models.SET_NULL, null=True, related_name="+", db_index=False)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    quota = models.CharField(max_length=12, choices=[(q.value, q.name) for q in Quota])
    release_at = models.DateTimeField(null=True)
    state = models.CharField(max_length=12, choices=[(s.value, s.name) for s in SlotState], default=SlotState.FREE)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="slot_period")]
        indexes = [
            models.Index(fields=["service", "starts_at"], name="slot_free", condition=Q(state="free")),
            models.Index(fields=["service", "starts_at", "state"], name="slot_service"),
        ]


class Bed(models.Model):
    facility = models.ForeignKey(Facility, models.CASCADE, related_name="+")
    service = models.ForeignKey(Service, models.CASCADE, related_name="+")
    code = models.CharField(max_length=20)
    state = models.CharField(max_length=12, choices=[(s.value, s.name) for s in BedState], default=BedState.FREE)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["facility", "code"], name="bed_code")]
        indexes = [models.Index(fields=["service"], name="bed_free", condition=Q(state="free"))]


class BedSpan(models.Model):
    """Days on which a bed was open, whether somebody lay in it or not: from `since` (null: as far back as is known).

    `until` is exclusive, null while it is open.
    """

    bed = models.ForeignKey(Bed, models.CASCADE, related_name="+")
    since = models.DateField(null=True)
    until = models.DateField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["bed"], condition=Q(until__isnull=True), name="bed_open_once"),
        ]


class Booking(models.Model):
    """A person's hold on one slot or one bed for one subject; held until `expires_at`, then released."""

    slot = models.ForeignKey(Slot, models.PROTECT, null=True, related_name="+", db_index=False)
    bed = models.ForeignKey(Bed, models.PROTECT, null=True, related_name="+", db_index=False)
    person = models.ForeignKey(Person, models.CASCADE, related_name="+")
    subject_kind = models.CharField(max_length=32)
    subject_id = models.BigIntegerField()
    state = models.CharField(max_length=12, choices=[(s.value, s.name) for s in BookingState])
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField(null=True)
    released_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["slot"], condition=Q(state__in=LIVE), name="slot_once"),
            models.UniqueConstraint(fields=["bed"], condition=Q(state__in=("held", "booked")), name="bed_once"),
            models.CheckConstraint(
                condition=Q(slot__isnull=False, bed__isnull=True) | Q(slot__isnull=True, bed__isnull=False),
                name="booking_slot_or_bed",
            ),
        ]
        indexes = [
            models.Index(fields=["subject_kind", "subject_id"], name="booking_subject"),
            models.Index(fields=["expires_at"], name="booking_held", condition=Q(state="held")),
        ]
