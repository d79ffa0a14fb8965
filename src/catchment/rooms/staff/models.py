"""Practitioners, what they are qualified for, and the posts through which they act."""

from datetime import date, timedelta

from django.conf import settings
from django.db import models
from django.db.models import Q

from catchment.rooms.people.models import Person
from catchment.rooms.places.models import Facility, Service
from catchment.rooms.staff.types import Role


class Practitioner(models.Model):
    """A person who works here. `user` is the sign-in, where they have one; sessions begun before the end are over."""

    code = models.CharField(max_length=40, unique=True)
    name = models.CharField(max_length=80)
    sex = models.CharField(max_length=10, blank=True)
    title = models.CharField(max_length=40, blank=True)
    phone = models.CharField(max_length=40, blank=True)
    user = models.OneToOneField(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    active = models.BooleanField(default=True)
    sessions_ended_at = models.DateTimeField(null=True)


class Qualification(models.Model):
    practitioner = models.ForeignKey(Practitioner, models.CASCADE, related_name="+")
    kind = models.CharField(max_length=40)
    number = models.CharField(max_length=60, blank=True)
    issuer = models.CharField(max_length=120, blank=True)
    since = models.DateField(null=True)
    until = models.DateField(null=True)


class Post(models.Model):
    """Person × facility × role × period (`until` exclusive, open when null)."""

    practitioner = models.ForeignKey(Practitioner, models.CASCADE, related_name="+")
    facility = models.ForeignKey(Facility, models.PROTECT, related_name="+")
    role = models.CharField(max_length=32, choices=[(r.value, r.name) for r in Role])
    service = models.ForeignKey(Service, models.SET_NULL, null=True, related_name="+")
    since = models.DateField()
    until = models.DateField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["practitioner", "facility", "role"],
                condition=Q(until__isnull=True),
                name="post_open_once",
            )
        ]
        indexes = [models.Index(fields=["facility", "role"], name="post_facility_role")]


class CareResponsibility(models.Model):
    """The doctor who answers for a person, for a period; one open at a time.

    `agreed_until` is the last day that a contract was signed for: nobody answers by it on the day after, even before
    it is closed (`until`).
    """

    person = models.ForeignKey(Person, models.CASCADE, related_name="+")
    post = models.ForeignKey(Post, models.PROTECT, related_name="+")
    contracted = models.BooleanField(default=False)
    agreed_until = models.DateField(null=True)
    since = models.DateField()
    until = models.DateField(null=True)
    end_reason = models.CharField(max_length=200, blank=True, db_default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person"], condition=Q(until__isnull=True), name="responsibility_open_once")
        ]
        indexes = [
            models.Index(fields=["post"], name="responsibility_post"),
            models.Index(
                fields=["agreed_until"],
                condition=Q(until__isnull=True, agreed_until__isnull=False),
                name="responsibility_agreed",
            ),
        ]

    @property
    def ends(self) -> date | None:
        """The first day without it, closed or not; `None` where none is known."""
        agreed = self.agreed_until + timedelta(days=1) if self.agreed_until else None
        return min((day for day in (self.until, agreed) if day), default=None)

    @property
    def ran_out(self) -> bool:
        """Whether it ends because nobody renewed the contract."""
        return self.agreed_until is not None and self.ends == self.agreed_until + timedelta(days=1)


class ApiToken(models.Model):
    """A system's key to the API. Only its digest is kept; it acts through one post.

    `scopes` are the capabilities it may use of those its post has; null for all of them.
    """

    name = models.CharField(max_length=80)
    digest = models.CharField(max_length=64, unique=True)
    post = models.ForeignKey(Post, models.CASCADE, related_name="+")
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)
    scopes = models.JSONField(null=True)
    last_used_at = models.DateTimeField(null=True)
