"""Report cards: what was found, by whom, and until when it must be reported."""

import uuid

from django.db import models

from catchment.rooms.people.models import Person
from catchment.rooms.places.models import Facility
from catchment.rooms.record.models import Condition


class ReportCard(models.Model):
    """One notifiable infection of one person (传染病报告卡), as the edition of the day named it.

    `disease` is the code in the edition's list, `klass` its legal class: A, B or C. `facility` made the diagnosis, null
    where an import did not say; `office` holds the case.
    `withdrawn_at`: when the diagnosis was said to be written in error.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True)
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    condition = models.ForeignKey(Condition, models.PROTECT, related_name="+")
    facility = models.ForeignKey(Facility, models.PROTECT, null=True, related_name="+")
    office = models.ForeignKey(Facility, models.PROTECT, related_name="+")
    disease = models.CharField(max_length=40)
    name = models.CharField(max_length=80)
    klass = models.CharField(max_length=1)
    diagnosed_at = models.DateTimeField()
    due_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["person", "disease", "diagnosed_at"], name="card_person_disease")]
