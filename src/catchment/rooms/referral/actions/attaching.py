"""Files that go along: kept outside the web root under a name of their own, noted in the record as documents."""

from datetime import datetime
from pathlib import Path

from django.db import transaction
from django.utils.translation import gettext as _

from catchment.kernel import audit, uploads
from catchment.kernel.actor import Actor
from catchment.kernel.errors import NotFound
from catchment.rooms.record.models import Document, Source
from catchment.rooms.record.types import SourceKind

FOLDER, NAME_LENGTH = "attachments", 200


def attach_file(*, actor: Actor, now: datetime, person_id: int, name: str, content: bytes) -> Document:
    """Keep a file as a document of the person. Its bytes say what it is; `Invalid` if not PDF, PNG, JPEG or DICOM."""
    actor.require("referral.create")
    content_type = uploads.document_type(content)
    source, _made = Source.objects.get_or_create(
        code="native", defaults={"name": "Catchment", "kind": SourceKind.NATIVE}
    )
    with transaction.atomic():
        file_name = uploads.keep(FOLDER, uploads.DOCUMENTS[content_type], content)
        row = Document.objects.create(
            person_id=person_id,
            facility_id=actor.here,
            practitioner_id=actor.practitioner_id,
            source=source,
            status="current",
            at=now,
            recorded_at=now,
            display=Path(name).name[:NAME_LENGTH] or file_name,
            content_type=content_type,
            file_name=file_name,
            size=len(content),
        )
        audit.record(actor=actor, event="document.attach", at=now, person_id=person_id, subject=("document", row.pk))
        return row


def read_file(*, actor: Actor, now: datetime, document: Document) -> bytes:
    """The content of a document's file; that it was opened is noted."""
    content = uploads.kept(FOLDER, document.file_name)
    if content is None:
        raise NotFound("no-file", _("这份文书没有附带文件"))
    audit.record(
        actor=actor,
        event="document.open",
        at=now,
        person_id=document.person_id,
        subject=("document", document.pk),
    )
    return content
