"""Assessments of every resident, and the cases of those whose risk asks for something to be done."""

import uuid

from django.db import models
from django.db.models import Q

from catchment.kernel.models import FlowRecord
from catchment.rooms.people.models import Person
from catchment.rooms.places.models import Facility
from catchment.rooms.screening.types import OPEN_STATES, State, Status
from catchment.rooms.staff.models import Post

_OPEN = [state.value for state in OPEN_STATES]


class Run(models.Model):
    """One run over the county for one day; `programme` is empty for all of them. `done` of `blocks` are finished."""

    day = models.DateField()
    programme = models.CharField(max_length=40, blank=True)
    rules = models.CharField(max_length=80)
    blocks = models.PositiveIntegerField()
    done = models.PositiveIntegerField(default=0)
    counts = models.JSONField(default=dict)
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["day", "programme"], name="screening_run_once")]


class Assessment(models.Model):
    """What one model said of one person; `newest` marks the one that stands, the others are history.

    `edition` is the model's, `rules` those of inputs and programmes. `inputs` holds for each input its value and where
    it came from; `digest` is taken over all that was found, so that only what has changed is written. `rests_on` is
    the day of the newest measurement or answer it was made from, null where it was made from none.
    """

    person = models.ForeignKey(Person, models.CASCADE, related_name="+", db_index=False)
    model = models.CharField(max_length=80)
    edition = models.CharField(max_length=40)
    rules = models.CharField(max_length=80)
    status = models.CharField(max_length=20, choices=[(s.value, s.name) for s in Status])
    value = models.JSONField(null=True)
    band = models.CharField(max_length=40, blank=True)
    inputs = models.JSONField(default=dict)
    reasons = models.JSONField(default=dict)
    digest = models.CharField(max_length=32)
    rests_on = models.DateField(null=True)
    assessed_at = models.DateTimeField()
    newest = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person", "model"], condition=Q(newest=True), name="assessment_newest")
        ]
        indexes = [
            models.Index(fields=["person", "model", "-id"], name="assessment_person"),
            models.Index(fields=["model", "band"], name="assessment_band", condition=Q(newest=True)),
        ]


class Reassessed(models.Model):
    """A person who was assessed by themselves after something was recorded, from facts as of `facts_at`.

    A run over the county whose facts are older leaves the findings of such a person alone.
    """

    person = models.OneToOneField(Person, models.CASCADE, related_name="+")
    facts_at = models.DateTimeField(db_index=True)


class Case(FlowRecord):
    """One person in one programme whose band asks for action, from being found to the end.

    `assessment` is the one that stands behind it; the five times are set once, by their steps.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True)
    person = models.ForeignKey(Person, models.CASCADE, related_name="+", db_index=False)
    programme = models.CharField(max_length=40)
    model = models.CharField(max_length=80)
    band = models.CharField(max_length=40)
    priority = models.CharField(max_length=12)
    assessment = models.ForeignKey(Assessment, models.PROTECT, related_name="+")
    facility = models.ForeignKey(Facility, models.PROTECT, related_name="+", db_index=False)
    post = models.ForeignKey(Post, models.SET_NULL, null=True, related_name="+", db_index=False)
    message = models.TextField(blank=True)
    result = models.TextField(blank=True)
    opened_at = models.DateTimeField()
    informed_at = models.DateTimeField(null=True)
    reached_at = models.DateTimeField(null=True)
    tested_at = models.DateTimeField(null=True)
    confirmed_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(state__in=[s.value for s in State]), name="screening_state"),
            models.UniqueConstraint(
                fields=["person", "programme"], condition=Q(ended_at__isnull=True), name="screening_case_once"
            ),
        ]
        indexes = [
            models.Index(fields=["person", "-opened_at"], name="screening_person"),
            models.Index(fields=["programme", "state"], name="screening_programme"),
            models.Index(
                fields=["facility", "due_at"],
                name="screening_open",
                condition=Q(state__in=_OPEN),
            ),
        ]


class PlanAction(models.Model):
    """One thing of a person's plan: what, until when, and who did it."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="+")
    place = models.PositiveSmallIntegerField()
    code = models.CharField(max_length=40)
    text = models.CharField(max_length=200)
    due_on = models.DateField()
    done_at = models.DateTimeField(null=True)
    done_by = models.ForeignKey(Post, models.SET_NULL, null=True, related_name="+", db_index=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case", "place"], name="plan_place_once")]


class MessageRead(models.Model):
    """When the person said on their own page that they had read what a case's plan tells them.

    Its own table, so that a resident writes this and nothing else of screening.
    """

    case = models.OneToOneField(Case, models.CASCADE, related_name="+")
    person = models.ForeignKey(Person, models.CASCADE, related_name="+")
    read_at = models.DateTimeField()

    class Meta:
        db_table = "message_read"
