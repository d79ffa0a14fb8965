"""Editions of rules: what was in force when, who published it, and whether someone has verified it."""

from django.db import models
from django.db.models import F, Q


class Edition(models.Model):
    """One edition of one rule. Never changed after publishing; a correction is a new edition.

    `key` names the rule (`referral.urgency`); in force from `in_force_from` until the day before the next
    edition's, or `in_force_to` (inclusive) where given.
    """

    key = models.CharField(max_length=64)
    version = models.CharField(max_length=40)
    title = models.CharField(max_length=120)
    in_force_from = models.DateField()
    in_force_to = models.DateField(null=True, blank=True)
    source = models.TextField()
    verified = models.BooleanField(default=False)
    verified_by = models.CharField(max_length=80, blank=True)
    content = models.JSONField()
    digest = models.CharField(max_length=64)
    published_at = models.DateTimeField()
    published_by = models.CharField(max_length=80)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["key", "version"], name="edition_version"),
            models.UniqueConstraint(fields=["key", "in_force_from"], name="edition_day"),
            models.CheckConstraint(
                condition=Q(in_force_to__isnull=True) | Q(in_force_to__gte=F("in_force_from")),
                name="edition_period",
            ),
        ]
