"""Areas, organisations, facilities, what they can do, and the networks they belong to."""

from django.db import models
from django.db.models import Q

from catchment.rooms.places.types import FacilityKind, Level, MemberRole, NetworkKind


def _choices(words: type) -> list[tuple[str, str]]:
    return [(word.value, word.name) for word in words]  # type: ignore[attr-defined]


class Area(models.Model):
    """An administrative division. `code` is the 6, 9 or 12 digit statistical code (GB/T 2260, GB/T 10114)."""

    code = models.CharField(max_length=12, unique=True)
    name = models.CharField(max_length=80)
    level = models.CharField(max_length=12, choices=_choices(Level))
    parent = models.ForeignKey("self", models.PROTECT, null=True, related_name="+")
    longitude = models.FloatField(null=True)
    latitude = models.FloatField(null=True)
    boundary = models.JSONField(null=True)
    population = models.IntegerField(null=True)


class Organization(models.Model):
    """A legal body. `code` is its unified social credit code (GB 32100) or another stable code."""

    code = models.CharField(max_length=40, unique=True)
    name = models.CharField(max_length=120)
    kind = models.CharField(max_length=24, choices=_choices(FacilityKind))
    active = models.BooleanField(default=True)


class Facility(models.Model):
    """A place where people are cared for, or an office. `in_network` is false for places without users here."""

    organization = models.ForeignKey(Organization, models.PROTECT, related_name="+")
    code = models.CharField(max_length=40, unique=True)
    name = models.CharField(max_length=120)
    short_name = models.CharField(max_length=40, blank=True)
    search_key = models.CharField(max_length=200, blank=True)
    kind = models.CharField(max_length=24, choices=_choices(FacilityKind))
    level = models.CharField(max_length=12, choices=_choices(Level))
    area = models.ForeignKey(Area, models.PROTECT, related_name="+")
    parent = models.ForeignKey("self", models.PROTECT, null=True, related_name="+")
    longitude = models.FloatField(null=True)
    latitude = models.FloatField(null=True)
    address = models.CharField(max_length=200, blank=True)
    phone = models.CharField(max_length=40, blank=True)
    in_network = models.BooleanField(default=True)
    active = models.BooleanField(default=True)

    class Meta:
        indexes = [models.Index(fields=["kind", "level"], name="facility_kind")]


class FacilityCapability(models.Model):
    """One thing that a facility can do (CT, PCI, dialysis, ...), in the words of the capability list."""

    facility = models.ForeignKey(Facility, models.CASCADE, related_name="+")
    code = models.CharField(max_length=40)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["facility", "code"], name="facility_capability")]


class Service(models.Model):
    """A clinic or ward that receives patients (FHIR HealthcareService). `wait_days` is its published usual wait."""

    facility = models.ForeignKey(Facility, models.CASCADE, related_name="+")
    code = models.CharField(max_length=40)
    name = models.CharField(max_length=80)
    specialty = models.CharField(max_length=40)
    accepts_referrals = models.BooleanField(default=True)
    inpatient = models.BooleanField(default=False)
    sex = models.CharField(max_length=10, blank=True)
    min_age = models.PositiveSmallIntegerField(default=0)
    max_age = models.PositiveSmallIntegerField(default=150)
    wait_days = models.PositiveSmallIntegerField(default=0)
    phone = models.CharField(max_length=40, blank=True)
    active = models.BooleanField(default=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["facility", "code"], name="service_code")]
        indexes = [models.Index(fields=["specialty"], name="service_specialty")]


class Catchment(models.Model):
    """An area whose residents a facility answers for."""

    facility = models.ForeignKey(Facility, models.CASCADE, related_name="+")
    area = models.ForeignKey(Area, models.CASCADE, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["facility", "area"], name="catchment_once")]


class Network(models.Model):
    code = models.CharField(max_length=40, unique=True)
    name = models.CharField(max_length=120)
    kind = models.CharField(max_length=24, choices=_choices(NetworkKind))
    specialty = models.CharField(max_length=40, blank=True)


class Membership(models.Model):
    """A facility's part in a network for a period (`until` exclusive, open when null)."""

    network = models.ForeignKey(Network, models.CASCADE, related_name="+")
    facility = models.ForeignKey(Facility, models.CASCADE, related_name="+")
    role = models.CharField(max_length=12, choices=_choices(MemberRole))
    since = models.DateField()
    until = models.DateField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["network", "facility"], condition=Q(until__isnull=True), name="membership_open_once"
            ),
            models.UniqueConstraint(
                fields=["network"], condition=Q(until__isnull=True, role="lead"), name="network_one_lead"
            ),
        ]
