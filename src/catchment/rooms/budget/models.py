"""A community's budget of a year: how it was made, prepaid, pre-settled, reckoned, cleared; what is watched."""

import uuid

from django.db import models
from django.db.models import Q

from catchment.kernel.fates import Fate
from catchment.kernel.models import FlowRecord
from catchment.rooms.budget.types import Category, Choice, FindingState, State, Watch
from catchment.rooms.ledger.models import Transaction
from catchment.rooms.people.models import Person
from catchment.rooms.places.models import Facility, Network


def _choices(words: type) -> list[tuple[str, str]]:
    return [(word.value, word.name) for word in words]  # type: ignore[attr-defined]


class Upload(models.Model):
    """A file of earlier years' spending that a county brought, known by its content's digest."""

    network = models.ForeignKey(Network, models.PROTECT, related_name="+")
    name = models.CharField(max_length=200)
    digest = models.CharField(max_length=64)
    at = models.DateTimeField()
    by = models.CharField(max_length=80)
    counts = models.JSONField(default=dict)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["network", "digest"], name="budget_upload_once")]


class UploadRow(models.Model):
    """The account of one row: its fate, why, and as it stood in the file. `fund` in fen, of a month or a whole year."""

    upload = models.ForeignKey(Upload, models.CASCADE, related_name="+")
    line = models.PositiveIntegerField()
    fate = models.CharField(max_length=12, choices=_choices(Fate))
    reason = models.TextField(blank=True)
    raw = models.JSONField(default=dict)
    year = models.PositiveSmallIntegerField(null=True)
    month = models.PositiveSmallIntegerField(null=True)
    category = models.CharField(max_length=16, blank=True)
    facility_code = models.CharField(max_length=40, blank=True)
    fund = models.BigIntegerField(null=True)

    class Meta:
        indexes = [models.Index(fields=["upload", "line"], name="budget_row_line")]


class Budget(FlowRecord):
    """One community's budget of one year. `inputs` is all that it was made from, `lines` each step, `parts` the sums.

    `day` is the first of the year: the editions in force on it made the budget, and `editions` names them by key.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True)
    network = models.ForeignKey(Network, models.PROTECT, related_name="+")
    lead = models.ForeignKey(Facility, models.PROTECT, related_name="+")
    year = models.PositiveSmallIntegerField()
    place = models.CharField(max_length=24)
    day = models.DateField()
    editions = models.JSONField(default=dict)
    verified = models.BooleanField(default=False)
    inputs = models.JSONField(default=dict)
    lines = models.JSONField(default=list)
    parts = models.JSONField(default=dict)
    total = models.BigIntegerField()
    reserve = models.BigIntegerField()
    premium = models.BigIntegerField()
    agreement = models.ForeignKey(Transaction, models.PROTECT, null=True, related_name="+")
    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=80)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["network", "year"], condition=~Q(state="withdrawn"), name="budget_once_a_year"
            ),
            models.CheckConstraint(condition=Q(state__in=[s.value for s in State]), name="budget_state"),
            models.CheckConstraint(condition=Q(total__gt=0), name="budget_above_nothing"),
        ]


class Spending(models.Model):
    """What was spent in one month as it was known when the month was taken; `facility` null where nobody knows where.

    A month that is taken again becomes a new `round`; the former stays.
    """

    budget = models.ForeignKey(Budget, models.PROTECT, related_name="+", db_index=False)
    month = models.PositiveSmallIntegerField()
    round = models.PositiveSmallIntegerField()
    facility = models.ForeignKey(Facility, models.PROTECT, null=True, related_name="+")
    category = models.CharField(max_length=16, choices=_choices(Category))
    fund = models.BigIntegerField()
    cost = models.BigIntegerField()
    events = models.PositiveIntegerField()
    taken_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["budget", "month", "round", "facility", "category"],
                nulls_distinct=False,
                name="budget_spending_once",
            )
        ]


class Prepayment(models.Model):
    """One month paid ahead."""

    budget = models.ForeignKey(Budget, models.PROTECT, related_name="+", db_index=False)
    month = models.PositiveSmallIntegerField()
    percent = models.CharField(max_length=16)
    amount = models.BigIntegerField()
    edition = models.CharField(max_length=40)
    transaction = models.ForeignKey(Transaction, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    by = models.CharField(max_length=80)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["budget", "month"], name="budget_prepaid_once")]


class PreSettlement(models.Model):
    """How a budget stands at the end of a quarter; no money moves. `rounds` says which taking of each month it used."""

    budget = models.ForeignKey(Budget, models.PROTECT, related_name="+", db_index=False)
    quarter = models.PositiveSmallIntegerField()
    due = models.BigIntegerField()
    actual = models.BigIntegerField()
    prepaid = models.BigIntegerField()
    rounds = models.JSONField(default=dict)
    at = models.DateTimeField()
    by = models.CharField(max_length=80)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["budget", "quarter"], name="budget_presettled_once")]


class Clearance(models.Model):
    """How a year came out, as reckoned; posted once cleared. A correction is the next `number`.

    `result` is the reckoning, `earned` what each facility's care of the residents cost the fund.
    """

    budget = models.ForeignKey(Budget, models.PROTECT, related_name="+", db_index=False)
    number = models.PositiveSmallIntegerField()
    edition = models.CharField(max_length=40)
    verified = models.BooleanField(default=False)
    scores = models.ForeignKey("ScoreSheet", models.PROTECT, null=True, related_name="+")
    rounds = models.JSONField(default=dict)
    result = models.JSONField(default=dict)
    earned = models.JSONField(default=list)
    members = models.JSONField(default=list)
    choice = models.CharField(max_length=8, blank=True, choices=_choices(Choice))
    decided_by = models.CharField(max_length=80, blank=True)
    decision_reason = models.TextField(blank=True)
    transaction = models.ForeignKey(Transaction, models.PROTECT, null=True, related_name="+")
    taken_back = models.ForeignKey(Transaction, models.PROTECT, null=True, related_name="+")
    carried_into = models.ForeignKey(Budget, models.PROTECT, null=True, related_name="+")
    reckoned_at = models.DateTimeField()
    cleared_at = models.DateTimeField(null=True)
    by = models.CharField(max_length=80)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["budget", "number"], name="budget_clearance_once"),
            models.CheckConstraint(
                condition=Q(choice="") | (~Q(decided_by="") & ~Q(decision_reason="")), name="budget_decision_named"
            ),
        ]


class Share(models.Model):
    """One facility's part of a surplus kept, or of an overrun carried (below zero)."""

    clearance = models.ForeignKey(Clearance, models.PROTECT, related_name="+")
    facility = models.ForeignKey(Facility, models.PROTECT, related_name="+")
    level = models.CharField(max_length=12)
    weight = models.CharField(max_length=40)
    amount = models.BigIntegerField()


class ScoreSheet(models.Model):
    """Appraisal scores of a community's facilities for a year, frozen when uploaded."""

    network = models.ForeignKey(Network, models.PROTECT, related_name="+")
    year = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=200)
    digest = models.CharField(max_length=64)
    frozen_at = models.DateTimeField()
    frozen_by = models.CharField(max_length=80)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["network", "year", "digest"], name="budget_scores_once")]


class Score(models.Model):
    sheet = models.ForeignKey(ScoreSheet, models.PROTECT, related_name="+")
    facility = models.ForeignKey(Facility, models.PROTECT, related_name="+")
    score = models.DecimalField(max_digits=8, decimal_places=3)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["sheet", "facility"], name="budget_score_once")]


class Finding(FlowRecord):
    """What a watch rule saw at one facility in one year, to be judged by a person. `edition` is the rule's version."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True)
    network = models.ForeignKey(Network, models.PROTECT, related_name="+")
    facility = models.ForeignKey(Facility, models.PROTECT, null=True, related_name="+")
    watch = models.CharField(max_length=20, choices=_choices(Watch))
    year = models.PositiveSmallIntegerField()
    until = models.DateField()
    value = models.CharField(max_length=32)
    before = models.CharField(max_length=32, blank=True)
    limit = models.CharField(max_length=32)
    counted = models.PositiveIntegerField()
    of = models.PositiveIntegerField()
    why = models.JSONField()
    edition = models.CharField(max_length=40)
    found_at = models.DateTimeField()
    outcome = models.TextField(blank=True)
    judged_by = models.CharField(max_length=80, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["network", "facility", "watch", "year"], nulls_distinct=False, name="budget_finding_once"
            ),
            models.CheckConstraint(condition=Q(state__in=[s.value for s in FindingState]), name="budget_finding_state"),
        ]


class Evidence(models.Model):
    """One event behind a finding: which, of whom, when, where, what."""

    finding = models.ForeignKey(Finding, models.CASCADE, related_name="+")
    person = models.ForeignKey(Person, models.CASCADE, related_name="+")
    kind = models.CharField(max_length=12)
    event_id = models.BigIntegerField()
    day = models.DateField()
    place = models.CharField(max_length=120)
    what = models.CharField(max_length=200)
    fund = models.BigIntegerField(default=0)
