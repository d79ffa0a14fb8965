"""Writing the audit. Called inside the transaction whose act it proves."""

from datetime import datetime
from typing import Any

from catchment.kernel.actor import Actor
from catchment.kernel.models import AuditEntry


def record(
    *,
    actor: Actor,
    event: str,
    at: datetime,
    person_id: int | None = None,
    subject: tuple[str, int] | None = None,
    purpose: str = "",
    detail: dict[str, Any] | None = None,
) -> AuditEntry:
    """Write one entry. `event` is `noun.verb`; `detail` holds codes and numbers, never names or clinical text."""
    kind, key = subject or ("", None)
    return AuditEntry.objects.create(
        at=at,
        event=event,
        actor_role=actor.role,
        actor_name=actor.name,
        user_id=actor.user_id,
        post_id=actor.post_id,
        facility_id=actor.facility_id,
        person_id=person_id,
        subject_kind=kind,
        subject_id=key,
        purpose=purpose,
        detail=detail or {},
        request_id=actor.request_id,
    )
