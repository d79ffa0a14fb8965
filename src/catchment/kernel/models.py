"""What every room leaves behind: entries in the audit, steps of a flow."""

from django.db import models


class AuditEntry(models.Model):
    """Who did or saw what, through which post, about whom, and when. Never updated, never deleted.

    `mac` proves that this installation wrote the entry. What follows it is set by the database: when it was written
    and its place in the day's chain.
    """

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
    nonce = models.BinaryField(null=True)
    mac = models.BinaryField(null=True)
    written_at = models.DateTimeField(null=True)
    day = models.DateField(null=True)
    lane = models.SmallIntegerField(null=True)
    seq = models.BigIntegerField(null=True)
    digest = models.BinaryField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["day", "lane", "seq"], name="audit_place_in_chain")]
        indexes = [
            models.Index(
                fields=["person_id", "-at"],
                name="audit_person_at",
                condition=models.Q(person_id__isnull=False),
            ),
            models.Index(fields=["subject_kind", "subject_id"], name="audit_subject"),
        ]


class AuditLane(models.Model):
    """The end of one lane of a day's audit chain. Written by the database only."""

    day = models.DateField()
    lane = models.SmallIntegerField()
    seq = models.BigIntegerField()
    digest = models.BinaryField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["day", "lane"], name="audit_lane_once")]


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


class RowHistory(models.Model):
    """A row as it was before it was changed or removed. Written by the database; never changed, never deleted.

    `was` is the whole row; `person_id` the person whom it told of; `gone` whether the row was removed.
    """

    table = models.CharField(max_length=63)
    row_id = models.BigIntegerField()
    person_id = models.BigIntegerField(null=True)
    changed_at = models.DateTimeField()
    post_id = models.BigIntegerField(null=True)
    actor_role = models.CharField(max_length=64, blank=True)
    was = models.JSONField()
    gone = models.BooleanField(default=False)

    class Meta:
        indexes = [
            models.Index(fields=["table", "row_id", "id"], name="history_row"),
            models.Index(fields=["person_id", "changed_at"], name="history_person"),
        ]


class KeptAnswer(models.Model):
    """What a request with an idempotency key was answered, for whoever sends it again. `post_id` alone may see it.

    `fingerprint` is the SHA-256 of what was asked, `location` where a page led to.
    """

    post_id = models.BigIntegerField()
    key = models.CharField(max_length=200)
    fingerprint = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField()
    content_type = models.CharField(max_length=100)
    location = models.CharField(max_length=400, blank=True)
    body = models.TextField(blank=True)
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["post_id", "key"], name="answer_once")]
        indexes = [models.Index(fields=["expires_at"], name="answer_expires")]


class LakeTouch(models.Model):
    """A partition of a published table that a statement changed, noted by the database; forgotten once refreshed.

    `partition` is `*` for all of the table; `xid` the transaction that changed it. No two writers meet here.
    """

    fact = models.CharField(max_length=63)
    partition = models.CharField(max_length=63)
    xid = models.TextField(db_default=models.Func(function="lake_transaction"))
