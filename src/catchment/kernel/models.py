"""What every room leaves behind: entries in the audit, steps of a flow."""

from django.db import models


class AuditEntry(models.Model):
    """Who did or saw what, through which post, about whom, and when. Never updated, never deleted."""

    at = models.DateTimeField()
    event = models.CharField(max_length=64)
    actor_role = models.CharField(max_length=32)
    actor_name = models.CharField(max_length=80, blank=True)
    user_id = models.BigIntegerField(null=True)
    post_id = models.BigIntegerField(null=True)
    facility_id = models.BigIntegerField(null=True)
    person_id = models.BigIntegerField(null=True)
    subject_kind = models.CharField(max_length=32, blank=True)
    subject_id = models.BigIntegerField(null=True)
    purpose = models.CharField(max_length=32, blank=True)
    detail = models.JSONField(default=dict)
    request_id = models.CharField(max_length=36, blank=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["person_id", "-at"],
                name="audit_person_at",
                condition=models.Q(person_id__isnull=False),
            ),
            models.Index(fields=["subject_kind", "subject_id"], name="audit_subject"),
        ]


class FlowEvent(models.Model):
    """One step that was taken on one subject: the history that a page draws as a track."""

    subject_kind = models.CharField(max_length=32)
    subject_id = models.BigIntegerField()
    verb = models.CharField(max_length=32)
    from_state = models.CharField(max_length=24, blank=True)
    to_state = models.CharField(max_length=24)
    at = models.DateTimeField()
    actor_role = models.CharField(max_length=32)
    actor_name = models.CharField(max_length=80, blank=True)
    post_id = models.BigIntegerField(null=True)
    facility_id = models.BigIntegerField(null=True)
    facility_name = models.CharField(max_length=80, blank=True)
    reason_code = models.CharField(max_length=32, blank=True)
    reason_text = models.TextField(blank=True)
    detail = models.JSONField(default=dict)

    class Meta:
        indexes = [models.Index(fields=["subject_kind", "subject_id", "id"], name="flow_subject")]


class FlowRecord(models.Model):
    """A subject that moves by steps: where it stands, since when, and by when the next step is due."""

    state = models.CharField(max_length=24)
    state_since = models.DateTimeField()
    due_at = models.DateTimeField(null=True)
    overdue_since = models.DateTimeField(null=True)
    escalation = models.PositiveSmallIntegerField(default=0)
    holder_role = models.CharField(max_length=32, blank=True)

    class Meta:
        abstract = True
