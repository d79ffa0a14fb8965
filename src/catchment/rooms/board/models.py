"""What should happen next, who holds it, by when; and what someone should be told."""

from django.db import models
from django.db.models import F, Q

from catchment.rooms.board.types import Priority, WorkState
from catchment.rooms.people.models import Person
from catchment.rooms.places.models import Facility
from catchment.rooms.staff.models import Post


class WorkItem(models.Model):
    """One piece of work. `kind` says what is to be done (`referral.accept`); `subject_*` on what.

    Held by a facility, a role there, or one post. `origin` is the facility that waits for it. `rank` orders by
    priority: 0 emergency, 1 urgent, 2 ordinary. `outcome` is what came of it, where its kind ends by a conclusion.
    """

    kind = models.CharField(max_length=40)
    subject_kind = models.CharField(max_length=32)
    subject_id = models.BigIntegerField()
    subject_ref = models.CharField(max_length=40)
    person = models.ForeignKey(Person, models.CASCADE, null=True, related_name="+")
    facility = models.ForeignKey(Facility, models.CASCADE, related_name="+", db_index=False)
    role = models.CharField(max_length=32, blank=True)
    post = models.ForeignKey(Post, models.SET_NULL, null=True, related_name="+")
    origin = models.ForeignKey(Facility, models.CASCADE, null=True, related_name="+", db_index=False)
    origin_post = models.ForeignKey(Post, models.SET_NULL, null=True, related_name="+", db_index=False)
    priority = models.CharField(max_length=12, choices=[(p.value, p.name) for p in Priority])
    rank = models.PositiveSmallIntegerField()
    headline = models.CharField(max_length=160)
    state = models.CharField(max_length=12, choices=[(s.value, s.name) for s in WorkState], default=WorkState.OPEN)
    since = models.DateTimeField()
    due_at = models.DateTimeField(null=True)
    escalation = models.PositiveSmallIntegerField(default=0)
    settled_at = models.DateTimeField(null=True)
    settled_by = models.BigIntegerField(null=True)
    outcome = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "subject_kind", "subject_id"],
                condition=Q(state="open"),
                name="work_open_once",
            )
        ]
        indexes = [
            models.Index(fields=["facility", "rank", "due_at"], name="work_open", condition=Q(state="open")),
            models.Index(fields=["origin", "rank", "due_at"], name="work_waiting", condition=Q(state="open")),
            models.Index(fields=["due_at"], name="work_due", condition=Q(state="open")),
            models.Index(fields=["subject_kind", "subject_id"], name="work_subject"),
        ]


class Notice(models.Model):
    """Something a post or a facility should know; nothing is asked of them."""

    facility = models.ForeignKey(Facility, models.CASCADE, related_name="+", db_index=False)
    post = models.ForeignKey(Post, models.CASCADE, null=True, related_name="+", db_index=False)
    person = models.ForeignKey(Person, models.CASCADE, null=True, related_name="+")
    event = models.CharField(max_length=40)
    subject_kind = models.CharField(max_length=32)
    subject_ref = models.CharField(max_length=40)
    text = models.CharField(max_length=200)
    at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["facility", "-at"], name="notice_facility")]


class Opening(models.Model):
    """That a post has opened who a person of its office's case is, for what, until when. Written once, never changed.

    It holds only while the case is open and with the office; `note` is the office's own.
    """

    item = models.ForeignKey(WorkItem, models.PROTECT, related_name="+")
    person = models.ForeignKey(Person, models.CASCADE, related_name="+")
    facility = models.ForeignKey(Facility, models.PROTECT, related_name="+", db_index=False)
    post = models.ForeignKey(Post, models.PROTECT, related_name="+", db_index=False)
    purpose = models.CharField(max_length=32)
    note = models.CharField(max_length=200, blank=True)
    since = models.DateTimeField()
    until = models.DateTimeField()

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(until__gt=F("since")), name="opening_period")]
        indexes = [models.Index(fields=["post", "-until"], name="opening_post")]
