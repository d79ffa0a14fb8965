"""Files that go along: kept outside the web root under a name of their own, noted in the record as documents."""

from datetime import datetime
from pathlib import Path

from django.db import transaction
from django.utils.translation import gettext as _

from catchment.kernel import audit, uploads
from catchment.kernel.actor import Actor
from catchment.kernel.errors import Invalid, NotFound, Problem
from catchment.rooms.record.models import Document, Source
from catchment.rooms.record.types import SourceKind
from catchment.rooms.referral.rules.files import LARGEST_BYTES, SUFFIXES

FOLDER, NAME_LENGTH = "attachments", 200


def attach_file(*, actor: Actor, now: datetime, person_id: int, name: str, content: bytes) -> Document:
    """Keep a file as a document of the person. Its bytes say what it is; `Invalid` if not PDF, PNG, JPEG or DICOM."""
    actor.require("referral.create")
    content_type = _checked(content)
    source, _made = Source.objects.get_or_create(
        code="native", defaults={"name": "Catchment", "kind": SourceKind.NATIVE}
    )
    with transaction.atomic():
        file_name = uploads.keep(FOLDER, SUFFIXES[content_type], content)
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


def _checked(content: bytes) -> str:
    if not content:
        raise Invalid(Problem("file", _("文件是空的，请重新选择")))
    if len(content) > LARGEST_BYTES:
        most = LARGEST_BYTES // 1024 // 1024
        raise Invalid(Problem("file", _("文件超过 %s MB，请压缩或拆分后再传") % most))
    content_type = uploads.content_type(content, SUFFIXES)
    if not content_type:
        raise Invalid(Problem("file", _("只能附 PDF、PNG、JPEG 或 DICOM 文件；这个文件的内容不是其中任何一种")))
    return content_type
