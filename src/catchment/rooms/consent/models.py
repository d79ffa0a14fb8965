"""Relations that are begun by hand, and what persons have chosen."""

from django.db import models
from django.db.models import F, Q

from catchment.rooms.consent.types import RelationKind, Sharing, Verdict
from catchment.rooms.people.models import Person
from catchment.rooms.places.models import Facility
from catchment.rooms.staff.models import Post


def _choices(words: type) -> list[tuple[str, str]]:
    return [(word.value, word.name) for word in words]  # type: ignore[attr-defined]


class Relation(models.Model):
    """A right to see one person's record, for a facility or for one post alone, from `since` until `until`.

    `explicit` opens the sensitive parts too. Every look in an emergency is judged: `verdict` by `judged_by`.
    """

    person = models.ForeignKey(Person, models.CASCADE, related_name="+")
    facility = models.ForeignKey(Facility, models.PROTECT, related_name="+", db_index=False)
    post = models.ForeignKey(Post, models.PROTECT, null=True, related_name="+", db_index=False)
    kind = models.CharField(max_length=16, choices=_choices(RelationKind))
    explicit = models.BooleanField(default=False)
    reason = models.TextField(blank=True)
    since = models.DateTimeField()
    until = models.DateTimeField()
    verdict = models.CharField(max_length=16, choices=_choices(Verdict), blank=True)
    judged_at = models.DateTimeField(null=True)
    judged_by = models.CharField(max_length=80, blank=True)
    judgement = models.TextField(blank=True)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(until__gte=F("since")), name="relation_period")]
        indexes = [
            models.Index(fields=["person", "-until"], name="relation_person"),
            models.Index(
                fields=["since"], name="relation_unjudged", condition=Q(kind=RelationKind.BREAK_GLASS, verdict="")
            ),
        ]


class Choice(models.Model):
    """What a person has chosen about sharing. Without a row the network's rule holds."""

    person = models.OneToOneField(Person, models.CASCADE, related_name="+")
    sharing = models.CharField(max_length=12, choices=_choices(Sharing))
    changed_at = models.DateTimeField()
    changed_by = models.CharField(max_length=80)


class AccessLink(models.Model):
    """A resident's way to their own record: a link for the first browser that opens it. Only digests are kept."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="+")
    digest = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)
    browser = models.CharField(max_length=64, blank=True)
