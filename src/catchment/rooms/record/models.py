"""What happened to a person, ever, anywhere in the network: FHIR R4's meanings in relational tables."""

from typing import Any

from django.db import models
from django.db.models import Q

from catchment.rooms.people.models import Person
from catchment.rooms.places.models import Facility
from catchment.rooms.record.types import EncounterClass, Fate, SourceKind
from catchment.rooms.staff.models import Practitioner


class Source(models.Model):
    """A system that sends records; `code` is stable, so that a second import knows what the first took."""

    code = models.CharField(max_length=60, unique=True)
    name = models.CharField(max_length=120)
    kind = models.CharField(max_length=12, choices=[(k.value, k.name) for k in SourceKind])
    facility = models.ForeignKey(Facility, models.SET_NULL, null=True, related_name="+")


class ImportRun(models.Model):
    """One run of an import, with where it stands, so that an interrupted one goes on."""

    source = models.ForeignKey(Source, models.PROTECT, related_name="+")
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    counts = models.JSONField(default=dict)


class IncomingFile(models.Model):
    """How far a file, known by its content's digest, has been read; `position` counts lines or entries."""

    source = models.ForeignKey(Source, models.PROTECT, related_name="+")
    digest = models.CharField(max_length=64)
    name = models.CharField(max_length=255)
    position = models.BigIntegerField(default=0)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["source", "digest"], name="file_once")]


class IncomingResource(models.Model):
    """The account of one incoming resource: its fate, why, and which row it became. Rejected ones keep their body."""

    source = models.ForeignKey(Source, models.PROTECT, related_name="+")
    run = models.ForeignKey(ImportRun, models.PROTECT, related_name="+")
    resource_type = models.CharField(max_length=40)
    external_id = models.CharField(max_length=160)
    digest = models.CharField(max_length=64)
    fate = models.CharField(max_length=12, choices=[(f.value, f.name) for f in Fate])
    reason = models.TextField(blank=True)
    row_id = models.BigIntegerField(null=True)
    body = models.JSONField(null=True)
    received_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["source", "resource_type", "external_id"], name="resource_once")]
        indexes = [
            models.Index(fields=["run", "fate"], name="resource_run_fate"),
            models.Index(fields=["source", "id"], name="resource_rejected", condition=Q(fate="rejected")),
            models.Index(fields=["resource_type", "row_id"], name="resource_row", condition=Q(row_id__isnull=False)),
        ]


class IncomingKey(models.Model):
    """A further key (`system|value`, a Bundle's urn:uuid) of a resource. `row_id` is null where two share it."""

    source = models.ForeignKey(Source, models.CASCADE, related_name="+", db_index=False)
    resource_type = models.CharField(max_length=40)
    key = models.CharField(max_length=160)
    row_id = models.BigIntegerField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["source", "key", "resource_type"], name="key_once")]


class MissingLink(models.Model):
    """A row that points at a resource which has not arrived; mended when it does."""

    source = models.ForeignKey(Source, models.CASCADE, related_name="+", db_index=False)
    table = models.CharField(max_length=40)
    row_id = models.BigIntegerField()
    link = models.CharField(max_length=24)
    target_type = models.CharField(max_length=40, blank=True)
    target_key = models.CharField(max_length=160)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["source", "target_key", "target_type", "table", "row_id", "link"], name="link_once"
            )
        ]
        indexes = [models.Index(fields=["table", "row_id"], name="link_row")]


class Fact(models.Model):
    """What every entry of the record carries: whose, where, by whom, from which source, under which code.

    `sensitivity` is the sensitive part it falls under, by the edition in force when it was written or last labelled.
    """

    person = models.ForeignKey(Person, models.PROTECT, related_name="+", db_index=False)
    facility = models.ForeignKey(Facility, models.PROTECT, null=True, related_name="+", db_index=False)
    practitioner = models.ForeignKey(Practitioner, models.PROTECT, null=True, related_name="+", db_index=False)
    source = models.ForeignKey(Source, models.PROTECT, related_name="+", db_index=False)
    external_id = models.CharField(max_length=160, blank=True)
    status = models.CharField(max_length=24)
    at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    sensitivity = models.CharField(max_length=24, default="", db_default="", blank=True)

    class Meta:
        abstract = True

    @staticmethod
    def constraints_of(name: str) -> list[models.BaseConstraint]:
        return [
            models.UniqueConstraint(
                fields=["source", "external_id"], condition=~Q(external_id=""), name=f"{name}_external"
            )
        ]

    @staticmethod
    def indexes_of(name: str) -> list[models.Index]:
        return [models.Index(fields=["person", "-at"], name=f"{name}_person_at")]


class Encounter(Fact):
    """A visit or a stay. `cost_fen` is its total cost in fen, split by category in `cost_parts`."""

    klass = models.CharField(max_length=8, choices=[(c.value, c.name) for c in EncounterClass])
    reason_code = models.CharField(max_length=160, blank=True)
    reason = models.CharField(max_length=200, blank=True)
    ended_at = models.DateTimeField(null=True)
    department = models.CharField(max_length=60, blank=True)
    number = models.CharField(max_length=40, blank=True)
    disposition = models.CharField(max_length=40, blank=True)
    cost_fen = models.BigIntegerField(null=True)
    cost_parts = models.JSONField(null=True)

    class Meta:
        constraints = Fact.constraints_of("encounter")
        indexes = [
            *Fact.indexes_of("encounter"),
            models.Index(fields=["facility", "-at"], name="encounter_facility_at"),
        ]


class CodedFact(Fact):
    encounter = models.ForeignKey(Encounter, models.SET_NULL, null=True, related_name="+", db_index=False)
    code_system = models.CharField(max_length=160, blank=True)
    code = models.CharField(max_length=160, blank=True)
    display = models.CharField(max_length=255)

    class Meta:
        abstract = True


class Condition(CodedFact):
    """`at` is the onset; `status` the clinical status, `verification` as in FHIR."""

    verification = models.CharField(max_length=24, default="confirmed")
    category = models.CharField(max_length=24, default="encounter-diagnosis")
    abated_at = models.DateTimeField(null=True)
    note = models.TextField(blank=True)

    class Meta:
        constraints = Fact.constraints_of("condition")
        indexes = Fact.indexes_of("condition")


class Observation(CodedFact):
    """A measurement or result. `components` holds the parts of a panel: [{code, display, value, unit}, ...]."""

    category = models.CharField(max_length=24, default="vital-signs")
    value = models.FloatField(null=True)
    unit = models.CharField(max_length=64, blank=True)
    value_text = models.TextField(blank=True)
    value_code = models.CharField(max_length=160, blank=True)
    components = models.JSONField(null=True)
    low = models.FloatField(null=True)
    high = models.FloatField(null=True)
    interpretation = models.CharField(max_length=8, blank=True)

    class Meta:
        constraints = Fact.constraints_of("observation")
        indexes = Fact.indexes_of("observation")


class Procedure(CodedFact):
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = Fact.constraints_of("procedure")
        indexes = Fact.indexes_of("procedure")


class Medication(CodedFact):
    """A prescription (FHIR MedicationRequest). `dose` as written: 5 mg 口服 每日一次."""

    dose = models.TextField(blank=True)
    days = models.PositiveSmallIntegerField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = Fact.constraints_of("medication")
        indexes = Fact.indexes_of("medication")


class Allergy(CodedFact):
    criticality = models.CharField(max_length=24, blank=True)
    reaction = models.TextField(blank=True)

    class Meta:
        constraints = Fact.constraints_of("allergy")
        indexes = Fact.indexes_of("allergy")


class Immunization(CodedFact):
    lot = models.CharField(max_length=60, blank=True)

    class Meta:
        constraints = Fact.constraints_of("immunization")
        indexes = Fact.indexes_of("immunization")


class Report(CodedFact):
    """A diagnostic report: what was concluded, and which observations it rests on."""

    category = models.CharField(max_length=24, blank=True)
    conclusion = models.TextField(blank=True)
    observation_ids = models.JSONField(default=list)

    class Meta:
        constraints = Fact.constraints_of("report")
        indexes = Fact.indexes_of("report")


class Document(CodedFact):
    """A document. Text lives in `text`; a file lives outside the web root under `file_name`."""

    text = models.TextField(blank=True)
    content_type = models.CharField(max_length=80, blank=True)
    file_name = models.CharField(max_length=120, blank=True)
    size = models.BigIntegerField(null=True)

    class Meta:
        constraints = Fact.constraints_of("document")
        indexes = Fact.indexes_of("document")


class ServiceRequest(CodedFact):
    """An order for an examination, a test or a service."""

    intent = models.CharField(max_length=24, default="order")
    priority = models.CharField(max_length=12, default="routine")
    reason = models.TextField(blank=True)

    class Meta:
        constraints = Fact.constraints_of("servicerequest")
        indexes = Fact.indexes_of("servicerequest")


FACT_MODELS: dict[str, type[Any]] = {
    "encounter": Encounter,
    "condition": Condition,
    "observation": Observation,
    "procedure": Procedure,
    "medication": Medication,
    "allergy": Allergy,
    "immunization": Immunization,
    "report": Report,
    "document": Document,
    "request": ServiceRequest,
}
