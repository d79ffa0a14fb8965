"""Values as they were computed, figures that others supplied, answers to what cannot be counted."""

from django.db import models
from django.db.models import Q

from catchment.rooms.measures.types import Fate


class Run(models.Model):
    """A set computed for a period, by one edition over one state of the facts. Never changed; later ones stand beside.

    `as_of` is the lake's mark, empty where the present was read; `seconds` how long it took.
    """

    key = models.CharField(max_length=64)
    version = models.CharField(max_length=40)
    period = models.CharField(max_length=12)
    first_day = models.DateField()
    as_of = models.CharField(max_length=40, blank=True)
    engine = models.CharField(max_length=20)
    computed_at = models.DateTimeField()
    computed_by = models.CharField(max_length=80)
    seconds = models.FloatField(default=0)

    class Meta:
        indexes = [models.Index(fields=["key", "period", "-id"], name="measures_run_latest")]


class Value(models.Model):
    """One value of a run: of one measure, for one place. `missing` names the sources without which there is none."""

    run = models.ForeignKey(Run, models.CASCADE, related_name="+")
    code = models.CharField(max_length=40)
    level = models.CharField(max_length=12)
    place = models.CharField(max_length=40)
    value = models.FloatField(null=True)
    numerator = models.FloatField(null=True)
    denominator = models.FloatField(null=True)
    parts = models.JSONField(default=dict)
    status = models.CharField(max_length=16)
    missing = models.JSONField(default=list)
    by_figures = models.BooleanField(default=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["run", "code", "level", "place"], name="measures_value_once")]


class Supply(models.Model):
    """One file of figures from outside."""

    name = models.CharField(max_length=255)
    digest = models.CharField(max_length=64)
    supplied_at = models.DateTimeField()
    supplied_by = models.CharField(max_length=80)
    post_id = models.BigIntegerField(null=True)
    counts = models.JSONField(default=dict)


class SuppliedFigure(models.Model):
    """A figure of an outside source for a place and a period. A corrected one stays, with when it was replaced."""

    supply = models.ForeignKey(Supply, models.PROTECT, related_name="+")
    figure = models.CharField(max_length=80)
    level = models.CharField(max_length=12)
    place = models.CharField(max_length=40)
    period = models.CharField(max_length=12)
    value = models.FloatField()
    note = models.CharField(max_length=300, blank=True)
    replaced_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["figure", "level", "place", "period"],
                condition=Q(replaced_at__isnull=True),
                name="measures_figure_once",
            )
        ]


class SupplyRow(models.Model):
    """The account of one row of a file: what it said, its fate and why."""

    supply = models.ForeignKey(Supply, models.CASCADE, related_name="+")
    number = models.PositiveIntegerField()
    figure = models.CharField(max_length=80, blank=True)
    place = models.CharField(max_length=40, blank=True)
    period = models.CharField(max_length=20, blank=True)
    value = models.CharField(max_length=60, blank=True)
    note = models.CharField(max_length=300, blank=True)
    fate = models.CharField(max_length=12, choices=[(fate.value, fate.name) for fate in Fate])
    reason = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["supply", "number"], name="measures_row_once")]


class Answer(models.Model):
    """An answer to a qualitative measure, with its evidence. Never changed; the newest one holds, the others stay."""

    key = models.CharField(max_length=64)
    code = models.CharField(max_length=40)
    place = models.CharField(max_length=40)
    answer = models.CharField(max_length=10, choices=[("yes", "yes"), ("partly", "partly"), ("no", "no")])
    evidence = models.TextField()
    on = models.DateField()
    answered_at = models.DateTimeField()
    answered_by = models.CharField(max_length=80)
    post_id = models.BigIntegerField(null=True)
    facility_name = models.CharField(max_length=120, blank=True)

    class Meta:
        indexes = [models.Index(fields=["key", "code", "place", "-on", "-id"], name="measures_answer_latest")]
