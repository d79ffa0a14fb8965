"""Accounts, periods, transactions and their postings. Nothing here is changed once written; PostgreSQL sees to it."""

from django.db import models
from django.db.models import Q

from catchment.rooms.ledger.types import OwnerKind, PeriodState
from catchment.rooms.people.models import Person
from catchment.rooms.places.models import Facility


class Account(models.Model):
    """The money of one owner for one purpose. A balance is debits less credits, of any period or to any day."""

    owner_kind = models.CharField(max_length=16, choices=[(one.value, one.name) for one in OwnerKind])
    owner_code = models.CharField(max_length=40)
    purpose = models.CharField(max_length=40)
    name = models.CharField(max_length=120)
    facility = models.ForeignKey(Facility, models.PROTECT, null=True, related_name="+")
    person = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["owner_kind", "owner_code", "purpose"], name="account_once"),
            models.CheckConstraint(
                condition=Q(owner_kind="facility", facility__isnull=False, person__isnull=True)
                | Q(owner_kind="person", person__isnull=False, facility__isnull=True)
                | Q(owner_kind__in=["fund", "organization"], facility__isnull=True, person__isnull=True),
                name="account_owner",
            ),
        ]

    @property
    def code(self) -> str:
        """What a person types to name it: `fund:resident:basic`."""
        return f"{self.owner_kind}:{self.owner_code}:{self.purpose}"


class Period(models.Model):
    """One calendar month, `2026-03`. Its state is set by the database from the last `PeriodChange`."""

    code = models.CharField(max_length=7, unique=True)
    starts = models.DateField()
    ends = models.DateField()
    state = models.CharField(max_length=8, choices=[(s.value, s.name) for s in PeriodState], default=PeriodState.OPEN)


class PeriodChange(models.Model):
    """Who closed or reopened a period, and why."""

    period = models.ForeignKey(Period, models.PROTECT, related_name="+")
    state = models.CharField(max_length=8, choices=[(s.value, s.name) for s in PeriodState])
    at = models.DateTimeField()
    by = models.CharField(max_length=80)
    post_id = models.BigIntegerField(null=True)
    reason = models.TextField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(by="") & ~Q(reason=""), name="period_change_named"),
        ]


class Journal(models.Model):
    """A run of numbers without gaps: one for each period and kind of source. Written by the database only."""

    period = models.ForeignKey(Period, models.PROTECT, related_name="+")
    source_kind = models.CharField(max_length=24)
    last = models.BigIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["period", "source_kind"], name="journal_once")]


class Transaction(models.Model):
    """One balanced movement. `number` counts within its journal; `corrects` names what it takes back.

    `number` and `written_in` (the database's own transaction) are set by the database. `digest` is of the entry as it
    was posted: verifying computes it again.
    """

    period = models.ForeignKey(Period, models.PROTECT, related_name="+")
    number = models.BigIntegerField(null=True)
    kind = models.CharField(max_length=32)
    source_kind = models.CharField(max_length=24)
    source_ref = models.CharField(max_length=64)
    booked_on = models.DateField()
    recorded_at = models.DateTimeField()
    recorded_by = models.CharField(max_length=80)
    post_id = models.BigIntegerField(null=True)
    memo = models.CharField(max_length=200, blank=True)
    corrects = models.ForeignKey("self", models.PROTECT, null=True, related_name="+")
    written_in = models.BigIntegerField(null=True)
    digest = models.CharField(max_length=64, default="", db_default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["period", "source_kind", "number"], name="transaction_number"),
            models.UniqueConstraint(fields=["source_kind", "source_ref", "kind"], name="transaction_source_once"),
            models.UniqueConstraint(fields=["corrects"], name="transaction_corrected_once"),
        ]
        indexes = [models.Index(fields=["booked_on"], name="transaction_day")]


class Posting(models.Model):
    """One side of a transaction in fen: above zero a debit, below zero a credit."""

    transaction = models.ForeignKey(Transaction, models.PROTECT, related_name="+")
    account = models.ForeignKey(Account, models.PROTECT, related_name="+")
    amount = models.BigIntegerField()

    class Meta:
        constraints = [models.CheckConstraint(condition=~Q(amount=0), name="posting_not_zero")]
