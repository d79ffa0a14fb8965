"""Residents: one person across all sources, with every number, name, address and phone they are known by."""

import uuid

from django.contrib.postgres.indexes import OpClass
from django.db import models
from django.db.models import F, Q

from catchment.rooms.people.types import IdentifierSystem, Insurance, MatchState, Sex
from catchment.rooms.places.models import Area, Facility


class Household(models.Model):
    code = models.CharField(max_length=24, unique=True)
    area = models.ForeignKey(Area, models.PROTECT, related_name="+")
    address = models.CharField(max_length=200, blank=True)


class Person(models.Model):
    """One person. `public_id` is the number that pages and interfaces show; `merged_into` marks a duplicate.

    `person_key` is the pseudonym: the only number under which what is known of the person goes into the lake. It is
    random, 60 bits, given by the database, and never shown.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True)
    person_key = models.BigIntegerField(unique=True, editable=False, db_default=models.Func(function="people_new_key"))
    name = models.CharField(max_length=120)
    sex = models.CharField(max_length=10, choices=[(s.value, s.name) for s in Sex])
    birth_date = models.DateField(null=True)
    deceased_on = models.DateField(null=True)
    area = models.ForeignKey(Area, models.PROTECT, null=True, related_name="+")
    address = models.CharField(max_length=200, blank=True)
    phone = models.CharField(max_length=40, blank=True)
    household = models.ForeignKey(Household, models.SET_NULL, null=True, related_name="+")
    is_head = models.BooleanField(default=False)
    primary_facility = models.ForeignKey(Facility, models.PROTECT, null=True, related_name="+")
    merged_into = models.ForeignKey("self", models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["primary_facility"], name="person_facility"),
            models.Index(fields=["merged_into"], name="person_merged", condition=Q(merged_into__isnull=False)),
            models.Index(fields=["birth_date", "sex"], name="person_birth"),
        ]


class PersonIdentifier(models.Model):
    """A number that names the person in one register. `assigner` says whose local number it is."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="+")
    system = models.CharField(max_length=16, choices=[(s.value, s.name) for s in IdentifierSystem])
    value = models.CharField(max_length=120)
    assigner = models.CharField(max_length=120, blank=True)
    valid_until = models.DateField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["value", "system", "assigner"], name="identifier_once"),
        ]
        indexes = [models.Index(fields=["person"], name="identifier_person")]


class PersonName(models.Model):
    """A further name: former, maiden, nickname, or the structured form a source sent."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="+")
    use = models.CharField(max_length=16, default="usual")
    text = models.CharField(max_length=120)
    family = models.CharField(max_length=60, blank=True)
    given = models.CharField(max_length=60, blank=True)


class Coverage(models.Model):
    """A person's basic medical insurance for a period (FHIR Coverage); `until` exclusive, open when null."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="+")
    kind = models.CharField(max_length=16, choices=[(k.value, k.name) for k in Insurance])
    since = models.DateField(null=True)
    until = models.DateField(null=True)


class FacilityMove(models.Model):
    """One change of the facility that answers for a person: from where, to where, why, and who said so."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="+")
    origin = models.ForeignKey(Facility, models.PROTECT, null=True, related_name="+", db_index=False)
    destination = models.ForeignKey(Facility, models.PROTECT, related_name="+", db_index=False)
    reason = models.TextField()
    moved_at = models.DateTimeField()
    moved_by = models.CharField(max_length=80)


class ResidenceMove(models.Model):
    """One change of where a person lives: until the day before `moved_on` in `origin`, from then on elsewhere.

    What was put right in the register is no move. `destination` is where the move was told to lead; where the person
    lives now is the person's own `area`.
    """

    person = models.ForeignKey(Person, models.CASCADE, related_name="+")
    origin = models.ForeignKey(Area, models.PROTECT, null=True, related_name="+", db_index=False)
    destination = models.ForeignKey(Area, models.PROTECT, null=True, related_name="+", db_index=False)
    moved_on = models.DateField()
    noted_at = models.DateTimeField()
    noted_by = models.CharField(max_length=80)


class PersonContact(models.Model):
    """A further phone, mail or address."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="+")
    kind = models.CharField(max_length=12)
    value = models.CharField(max_length=200)
    use = models.CharField(max_length=16, blank=True)

    class Meta:
        indexes = [models.Index(fields=["value"], name="contact_value")]


class SearchToken(models.Model):
    """What a person can be found by: name, pinyin, initials, phone. Prefix-searched, own facility first."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="+")
    facility = models.ForeignKey(Facility, models.SET_NULL, null=True, related_name="+")
    token = models.CharField(max_length=120)

    class Meta:
        indexes = [
            models.Index(OpClass(F("token"), "text_pattern_ops"), include=["person", "facility"], name="token_prefix"),
            models.Index(
                F("facility"), OpClass(F("token"), "text_pattern_ops"), include=["person"], name="token_facility"
            ),
            models.Index(fields=["person"], name="token_person"),
        ]


class SuspectedMatch(models.Model):
    """Two records that may be one person, why, and what a reviewer decided.

    `probability` (0 to 1) is the linkage's; null where only a key they share speaks. `sent_at`, `sent_by`, `sent_note`:
    a facility has asked for the decision, for it may not take it itself.
    """

    left = models.ForeignKey(Person, models.CASCADE, related_name="+")
    right = models.ForeignKey(Person, models.CASCADE, related_name="+")
    probability = models.FloatField(null=True)
    reasons = models.JSONField(default=list)
    state = models.CharField(
        max_length=12, choices=[(s.value, s.name) for s in MatchState], default=MatchState.SUSPECTED
    )
    found_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True)
    decided_by = models.CharField(max_length=80, blank=True)
    sent_at = models.DateTimeField(null=True)
    sent_by = models.CharField(max_length=160, blank=True, db_default="")
    sent_note = models.CharField(max_length=200, blank=True, db_default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["left", "right"], name="match_once"),
            models.CheckConstraint(condition=Q(left__lt=F("right")), name="match_ordered"),
        ]


class Merge(models.Model):
    """One merge, with all that is needed to undo it. The three accounts go by `table.column`.

    `moved`: rows that went over to the person kept. `held`: rows that stayed, because one of the person kept
    stood in their place. `marks`: the table's highest row at the time, to tell what was added since.
    """

    kept = models.ForeignKey(Person, models.PROTECT, related_name="+")
    duplicate = models.ForeignKey(Person, models.PROTECT, related_name="+")
    moved = models.JSONField()
    held = models.JSONField(default=dict)
    marks = models.JSONField(default=dict)
    merged_at = models.DateTimeField()
    merged_by = models.CharField(max_length=80)
    reason = models.TextField(blank=True)
    undone_at = models.DateTimeField(null=True)
    undone_by = models.CharField(max_length=80, blank=True)
