"""A person's way from one facility to another and home again."""

import uuid

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from catchment.kernel.models import FlowRecord
from catchment.rooms.booking.models import Booking
from catchment.rooms.people.models import Person
from catchment.rooms.places.models import Facility, Service
from catchment.rooms.record.models import Document, Encounter
from catchment.rooms.referral.types import AdviceState, Direction, MessageKind, State, Urgency
from catchment.rooms.staff.models import Post


def _choices(words: type) -> list[tuple[str, str]]:
    return [(word.value, word.name) for word in words]  # type: ignore[attr-defined]


class Referral(FlowRecord):
    """One referral. `summary` is the person's record as it was when sent, only the parts that were ticked.

    `diagnosis` is an ICD-10 code with its name; `against_catalogue` marks one that the sender's level should treat
    itself. `parties` are all facilities that ever stood on either side. The five times are set once, by their steps;
    the rates are counted from them.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True)
    number = models.CharField(max_length=24, unique=True)
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    direction = models.CharField(max_length=8, choices=_choices(Direction))
    urgency = models.CharField(max_length=12, choices=_choices(Urgency))
    from_facility = models.ForeignKey(Facility, models.PROTECT, related_name="+", db_index=False)
    from_post = models.ForeignKey(Post, models.PROTECT, null=True, related_name="+", db_index=False)
    to_facility = models.ForeignKey(Facility, models.PROTECT, null=True, related_name="+", db_index=False)
    to_service = models.ForeignKey(Service, models.PROTECT, null=True, related_name="+", db_index=False)
    holder_facility = models.ForeignKey(Facility, models.PROTECT, related_name="+", db_index=False)
    parties = ArrayField(models.BigIntegerField(), default=list)
    reason_code = models.CharField(max_length=32, blank=True)
    indication_code = models.CharField(max_length=32, blank=True)
    diagnosis_code = models.CharField(max_length=40, blank=True)
    diagnosis = models.CharField(max_length=120, blank=True)
    question = models.TextField(blank=True)
    treatment = models.TextField(blank=True)
    parts = models.JSONField(default=list)
    summary = models.JSONField(default=dict)
    against_catalogue = models.BooleanField(default=False)
    catalogue_reason = models.TextField(blank=True)
    wants_bed = models.BooleanField(default=False)
    booking = models.ForeignKey(Booking, models.SET_NULL, null=True, related_name="+", db_index=False)
    arrival_encounter = models.ForeignKey(Encounter, models.SET_NULL, null=True, related_name="+", db_index=False)
    origin_advice = models.ForeignKey("Advice", models.SET_NULL, null=True, related_name="+", db_index=False)
    answers = models.ForeignKey("self", models.SET_NULL, null=True, related_name="+", db_index=False)
    taken_over_by = models.ForeignKey(Post, models.SET_NULL, null=True, related_name="+", db_index=False)
    redirects = models.PositiveSmallIntegerField(default=0)
    created_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    accepted_at = models.DateTimeField(null=True)
    arrived_at = models.DateTimeField(null=True)
    answered_at = models.DateTimeField(null=True)
    taken_over_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["person", "-created_at"], name="referral_person"),
            models.Index(fields=["from_facility", "-sent_at"], name="referral_from"),
            models.Index(fields=["to_facility", "-sent_at"], name="referral_to"),
            models.Index(fields=["due_at"], name="referral_due", condition=Q(due_at__isnull=False)),
            models.Index(fields=["sent_at"], name="referral_sent"),
            models.Index(
                fields=["person", "to_facility"],
                name="referral_waiting",
                condition=Q(state="accepted"),
            ),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=[s.value for s in State]), name="referral_state"),
        ]


ARRIVED_AND_ANSWERED = Q(arrived_at__isnull=False, answered_at__isnull=False)
EFFECTIVE = ARRIVED_AND_ANSWERED & (~Q(direction=Direction.DOWN) | Q(taken_over_at__isnull=False))
"""Which referrals count as effective: arrived and answered and, on the way down, taken over."""


class ReturnLetter(models.Model):
    """What comes back: diagnoses, treatment, results, medicines, what the primary doctor should do, when to return."""

    referral = models.OneToOneField(Referral, models.CASCADE, related_name="+")
    diagnoses = models.JSONField(default=list)
    course = models.TextField(blank=True)
    results = models.TextField(blank=True)
    medicines = models.JSONField(default=list)
    advice = models.TextField(blank=True)
    follow_up_days = models.PositiveSmallIntegerField(null=True)
    come_back_on = models.DateField(null=True)
    come_back_if = models.TextField(blank=True)
    inpatient_number = models.CharField(max_length=40, blank=True)
    written_at = models.DateTimeField()
    written_by = models.ForeignKey(Post, models.PROTECT, null=True, related_name="+", db_index=False)


class ReferralMessage(models.Model):
    """A question, an answer, a phone call: the talk that goes with a referral."""

    referral = models.ForeignKey(Referral, models.CASCADE, related_name="+")
    kind = models.CharField(max_length=12, choices=_choices(MessageKind))
    text = models.TextField()
    at = models.DateTimeField()
    post = models.ForeignKey(Post, models.PROTECT, null=True, related_name="+", db_index=False)
    author = models.CharField(max_length=120)


class ReferralAttachment(models.Model):
    referral = models.ForeignKey(Referral, models.CASCADE, related_name="+")
    document = models.ForeignKey(Document, models.PROTECT, related_name="+")


class PatientLink(models.Model):
    """The patient's own look at the referral: a link that works once for one browser. Only the digest is kept."""

    referral = models.ForeignKey(Referral, models.CASCADE, related_name="+")
    digest = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)
    browser = models.CharField(max_length=64, blank=True)


class Advice(FlowRecord):
    """A question to a specialist instead of a referral; the answer can become one."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True)
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    from_facility = models.ForeignKey(Facility, models.PROTECT, related_name="+", db_index=False)
    from_post = models.ForeignKey(Post, models.PROTECT, null=True, related_name="+", db_index=False)
    to_service = models.ForeignKey(Service, models.PROTECT, related_name="+", db_index=False)
    holder_facility = models.ForeignKey(Facility, models.PROTECT, related_name="+", db_index=False)
    urgency = models.CharField(max_length=12, choices=_choices(Urgency))
    diagnosis_code = models.CharField(max_length=40, blank=True)
    diagnosis = models.CharField(max_length=120, blank=True)
    question = models.TextField()
    parts = models.JSONField(default=list)
    summary = models.JSONField(default=dict)
    answer = models.TextField(blank=True)
    recommends_referral = models.BooleanField(default=False)
    answered_by = models.ForeignKey(Post, models.SET_NULL, null=True, related_name="+", db_index=False)
    created_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["person", "-created_at"], name="advice_person"),
            models.Index(fields=["from_facility", "-created_at"], name="advice_from"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=[s.value for s in AdviceState]), name="advice_state"),
        ]


class PersonalDraft(models.Model):
    """A form somebody has begun and not sent, kept by itself so that leaving loses nothing."""

    post = models.ForeignKey(Post, models.CASCADE, related_name="+")
    person = models.ForeignKey(Person, models.CASCADE, related_name="+")
    form = models.CharField(max_length=32)
    content = models.JSONField(default=dict)
    saved_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["post", "person", "form"], name="draft_once")]
