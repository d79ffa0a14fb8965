"""Claims, what they were settled for, what a person has used up of a year, and whom the rules treat how."""

import uuid

from django.db import models
from django.db.models import Q

from catchment.kernel.fates import Fate
from catchment.kernel.models import FlowRecord
from catchment.rooms.claims.types import Category, Insurance, Kind, ReviewKind, State, StatementKind, Way
from catchment.rooms.ledger.models import Transaction
from catchment.rooms.people.models import Person
from catchment.rooms.places.models import Facility
from catchment.rooms.record.models import Encounter
from catchment.rooms.staff.models import Practitioner


def _choices(words: type) -> list[tuple[str, str]]:
    return [(word.value, word.name) for word in words]  # type: ignore[attr-defined]


class Claim(FlowRecord):
    """One stay or visit to be paid for, in the words of the day it was made; `source` and `ref` say where from.

    Amounts in the smallest unit of `currency`. `diagnoses` and `procedures` are lists of {code, display}, the principal
    one first; `findings` what the rules found; `way_facts` what `way` rests on. `weight` is that of the group.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True)
    source = models.CharField(max_length=60)
    ref = models.CharField(max_length=160)
    person = models.ForeignKey(Person, models.PROTECT, related_name="+", db_index=False)
    facility = models.ForeignKey(Facility, models.PROTECT, related_name="+", db_index=False)
    encounter = models.ForeignKey(Encounter, models.SET_NULL, null=True, related_name="+", db_index=False)
    practitioner = models.ForeignKey(Practitioner, models.PROTECT, null=True, related_name="+", db_index=False)
    kind = models.CharField(max_length=12, choices=_choices(Kind))
    department = models.CharField(max_length=60, blank=True)
    begins_on = models.DateField()
    ends_on = models.DateField()
    days = models.PositiveIntegerField()
    sex = models.CharField(max_length=10)
    age = models.PositiveSmallIntegerField(null=True)
    age_days = models.PositiveIntegerField(null=True)
    insurance = models.CharField(max_length=12, choices=_choices(Insurance))
    category = models.CharField(max_length=24)
    way = models.CharField(max_length=12, choices=_choices(Way))
    way_facts = models.JSONField(default=dict)
    currency = models.CharField(max_length=3, default="CNY")
    total = models.BigIntegerField()
    excluded = models.BigIntegerField()
    first_pay = models.BigIntegerField()
    estimated = models.BooleanField(default=False)
    diagnoses = models.JSONField(default=list)
    procedures = models.JSONField(default=list)
    discharge_way = models.CharField(max_length=40, blank=True)
    weight_g = models.PositiveIntegerField(null=True)
    icu_hours = models.PositiveIntegerField(null=True)
    findings = models.JSONField(default=list)
    scheme = models.CharField(max_length=64, blank=True)
    grouped = models.CharField(max_length=12, blank=True)
    adrg = models.CharField(max_length=12, blank=True)
    drg = models.CharField(max_length=24, blank=True)
    weight = models.DecimalField(max_digits=16, decimal_places=9, null=True)
    made_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["source", "ref"], name="claim_source_once"),
            models.UniqueConstraint(
                fields=["encounter"], condition=Q(encounter__isnull=False), name="claim_encounter_once"
            ),
            models.UniqueConstraint(
                fields=["person", "facility", "begins_on", "ends_on"],
                condition=Q(kind="inpatient") & ~Q(state="cancelled"),
                name="claim_stay_once",
            ),
            models.CheckConstraint(condition=Q(state__in=[s.value for s in State]), name="claim_state"),
            models.CheckConstraint(
                condition=Q(total__gte=0, excluded__gte=0, first_pay__gte=0), name="claim_not_negative"
            ),
        ]
        indexes = [
            models.Index(fields=["facility", "-ends_on"], name="claim_facility_day"),
            models.Index(fields=["person", "-ends_on"], name="claim_person_day"),
            models.Index(fields=["ends_on"], name="claim_day"),
            models.Index(fields=["state", "-ends_on"], name="claim_state_day", condition=~Q(state="settled")),
        ]

    @property
    def number(self) -> str:
        """What people call it."""
        return f"JS{self.pk:08d}"


class Claimant(models.Model):
    """The name on a claim in the words of its day, apart from it: the office that pays claims does not see it."""

    claim = models.OneToOneField(Claim, models.CASCADE, related_name="+")
    name = models.CharField(max_length=120)


class ClaimLine(models.Model):
    """One line of a claim; `excluded` and `first_pay` are the parts the person pays before any insurance."""

    claim = models.ForeignKey(Claim, models.CASCADE, related_name="+")
    category = models.CharField(max_length=12, choices=_choices(Category))
    name = models.CharField(max_length=120, blank=True)
    code = models.CharField(max_length=60, blank=True)
    quantity = models.FloatField(null=True)
    amount = models.BigIntegerField()
    excluded = models.BigIntegerField()
    first_pay = models.BigIntegerField()


class Settlement(models.Model):
    """How a claim was shared and posted. What it says is never changed; a wrong one is cancelled and another written.

    `steps` are the layers with their reasons, `added` what it added to the year. `stale` says why it should be
    reckoned anew: an earlier settlement of the year was taken back.
    """

    claim = models.ForeignKey(Claim, models.CASCADE, related_name="+")
    year = models.PositiveSmallIntegerField()
    at = models.DateTimeField()
    settled_by = models.CharField(max_length=80)
    edition = models.CharField(max_length=110)
    verified = models.BooleanField()
    level = models.CharField(max_length=24)
    in_scope = models.BigIntegerField()
    basic = models.BigIntegerField()
    serious = models.BigIntegerField()
    aid = models.BigIntegerField()
    patient = models.BigIntegerField()
    steps = models.JSONField()
    added = models.JSONField()
    transaction = models.ForeignKey(Transaction, models.PROTECT, related_name="+")
    stale = models.JSONField(null=True)
    cancelled_at = models.DateTimeField(null=True)
    cancelled_by = models.CharField(max_length=80, blank=True)
    cancel_reason = models.TextField(blank=True)
    cancel_transaction = models.ForeignKey(Transaction, models.PROTECT, null=True, related_name="+", db_index=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["claim"], condition=Q(cancelled_at__isnull=True), name="settlement_live_once"
            ),
        ]

    @property
    def fund(self) -> int:
        """What the three layers pay together."""
        return self.basic + self.serious + self.aid


class YearAccount(models.Model):
    """What a person has used up of a calendar year under one insurance."""

    person = models.ForeignKey(Person, models.PROTECT, related_name="+", db_index=False)
    year = models.PositiveSmallIntegerField()
    insurance = models.CharField(max_length=12, choices=_choices(Insurance))
    admissions = models.PositiveIntegerField(default=0)
    basic = models.BigIntegerField(default=0)
    own = models.BigIntegerField(default=0)
    serious = models.BigIntegerField(default=0)
    aid = models.BigIntegerField(default=0)
    aid_deductible = models.BigIntegerField(default=0)
    outpatient = models.BigIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "year", "insurance"], name="year_account_once")]


class Entitlement(models.Model):
    """A person's category for medical assistance, for a period (`until` exclusive, open when null)."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="+", db_index=False)
    category = models.CharField(max_length=24)
    since = models.DateField()
    until = models.DateField(null=True)
    source = models.CharField(max_length=60)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "since"], name="entitlement_day")]


class IncomingRow(models.Model):
    """The account of one row that a source sent: its fate, why, the claim it became. A rejected one keeps its body."""

    source = models.CharField(max_length=60)
    ref = models.CharField(max_length=160)
    digest = models.CharField(max_length=64)
    fate = models.CharField(max_length=12, choices=_choices(Fate))
    reason = models.TextField(blank=True)
    body = models.JSONField(null=True)
    claim = models.ForeignKey(Claim, models.SET_NULL, null=True, related_name="+", db_index=False)
    received_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["source", "ref"], name="claim_row_once")]
        indexes = [models.Index(fields=["source"], name="claim_row_rejected", condition=Q(fate="rejected"))]


class Statement(models.Model):
    """What one fund pays one facility for a period by disease, and the ledger transaction that did it. Never changed.

    `period` is 2026-03 or 2026. `payable` is what the cases are worth, `fund` what of it the fund pays, `by_item` what
    it had been booked to pay at the counter. `deposit` is kept back (below zero: given back), `offset` was prepaid.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True)
    kind = models.CharField(max_length=12, choices=_choices(StatementKind))
    period = models.CharField(max_length=7)
    facility = models.ForeignKey(Facility, models.PROTECT, related_name="+")
    insurance = models.CharField(max_length=12, choices=_choices(Insurance))
    edition = models.CharField(max_length=110)
    verified = models.BooleanField()
    method = models.CharField(max_length=8)
    point = models.DecimalField(max_digits=18, decimal_places=6, default=0)
    cases = models.PositiveIntegerField(default=0)
    weights = models.DecimalField(max_digits=16, decimal_places=4, default=0)
    total = models.BigIntegerField(default=0)
    patient = models.BigIntegerField(default=0)
    payable = models.BigIntegerField(default=0)
    fund = models.BigIntegerField(default=0)
    by_item = models.BigIntegerField(default=0)
    deposit = models.BigIntegerField(default=0)
    offset = models.BigIntegerField(default=0)
    paid = models.BigIntegerField()
    due_on = models.DateField(null=True)
    why = models.JSONField(default=list)
    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=80)
    transaction = models.ForeignKey(Transaction, models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["kind", "period", "facility", "insurance"], name="statement_once"),
        ]


class CasePayment(models.Model):
    """What one settlement was worth on a statement, with the reasons.

    `recovered` asks back what an earlier one of a settlement paid that was taken back since: all of it below zero.
    """

    statement = models.ForeignKey(Statement, models.CASCADE, related_name="+")
    settlement = models.ForeignKey(Settlement, models.PROTECT, related_name="+")
    claim = models.ForeignKey(Claim, models.PROTECT, related_name="+")
    worth = models.CharField(max_length=12)
    weight = models.DecimalField(max_digits=16, decimal_places=9)
    factor = models.DecimalField(max_digits=14, decimal_places=9)
    standard = models.BigIntegerField()
    payable = models.BigIntegerField()
    fund = models.BigIntegerField()
    by_item = models.BigIntegerField()
    why = models.JSONField(default=list)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["statement", "settlement"], name="case_payment_once")]


class SpecialReview(FlowRecord):
    """A hospital's request about one case, and what was decided: a special review, or a dispute.

    `due_on` is the day by which a dispute is to be answered.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True)
    kind = models.CharField(max_length=8, choices=_choices(ReviewKind), default=ReviewKind.SPECIAL)
    due_on = models.DateField(null=True)
    claim = models.ForeignKey(Claim, models.PROTECT, related_name="+")
    reason_code = models.CharField(max_length=32)
    text = models.TextField()
    asked_at = models.DateTimeField()
    asked_by = models.CharField(max_length=80)
    answer = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["claim"], condition=Q(kind="special", state__in=["asked", "granted"]), name="review_live_once"
            ),
            models.UniqueConstraint(fields=["claim"], condition=Q(state="asked"), name="review_open_once"),
        ]


class ReviewDocument(models.Model):
    """A file that a hospital put with its request; kept outside the web root under `file_name`, never changed."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True)
    review = models.ForeignKey(SpecialReview, models.PROTECT, related_name="+")
    name = models.CharField(max_length=200)
    file_name = models.CharField(max_length=60)
    content_type = models.CharField(max_length=60)
    size = models.PositiveIntegerField()
    added_at = models.DateTimeField()
    added_by = models.CharField(max_length=80)
