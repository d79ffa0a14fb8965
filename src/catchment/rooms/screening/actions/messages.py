"""The resident's own act: saying that a message has been read."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from catchment.kernel import audit
from catchment.kernel.actor import Actor
from catchment.kernel.errors import NotFound
from catchment.rooms.screening.models import Case, MessageRead
from catchment.rooms.screening.rules import CASE


def read_message(*, actor: Actor, now: datetime, person_id: int, public_id: UUID) -> MessageRead:
    """Note that the person has read the message of one of their cases; the first time counts.

    `NotFound` for a case of somebody else.
    """
    with transaction.atomic():
        case = Case.objects.filter(public_id=public_id, person_id=person_id).first()
        if case is None:
            raise NotFound("not-found", _("没有找到这条消息"))
        read, first = MessageRead.objects.get_or_create(case=case, person_id=person_id, defaults={"read_at": now})
        if first:
            audit.record(
                actor=actor, event="screening.message-read", at=now, person_id=person_id, subject=(CASE.kind, case.pk)
            )
        return read
