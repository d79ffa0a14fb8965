"""What the twin has written into this database, and whether it came to the end."""

from django.db import models


class Build(models.Model):
    """One build of a county. While `finished_at` is empty, indexes and constraints named in `pending` are missing.

    `lived_until` is how far a play has come; empty before the first.
    """

    people = models.IntegerField()
    seed = models.BigIntegerField()
    today = models.DateField()
    pending = models.JSONField(default=list)
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    lived_until = models.DateTimeField(null=True)
