"""Writing the audit. Called inside the transaction whose act it proves."""

import hashlib
import hmac
import json
import secrets
from datetime import UTC, datetime, timedelta
from typing import Any

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection

from catchment.kernel.actor import Actor
from catchment.kernel.models import AuditEntry

SIGNED = (
    "at", "event", "actor_role", "actor_name", "user_id", "post_id", "facility_id", "person_id", "subject_kind",
    "subject_id", "purpose", "detail", "request_id",
)  # fmt: skip
WRITTEN = (*SIGNED, "nonce", "mac")
ADD = f"insert into kernel_auditentry ({', '.join(WRITTEN)}) values ({', '.join(['%s'] * len(WRITTEN))})"  # noqa: S608 constants only
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


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
    entry = AuditEntry(
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
        nonce=secrets.token_bytes(16),
    )
    entry.mac = mac_of(entry)
    _add(entry)
    return entry


def _add(entry: AuditEntry) -> None:
    """Nothing is asked back: whoever writes an entry need not be able to read the audit."""
    values = [getattr(entry, name) for name in WRITTEN]
    values[WRITTEN.index("detail")] = json.dumps(entry.detail, cls=DjangoJSONEncoder)
    with connection.cursor() as cursor:
        cursor.execute(ADD, values)


def mac_of(entry: AuditEntry) -> bytes:
    """The keyed digest of what the entry says: nobody without the installation's secret key can make it."""
    told = [_plain(getattr(entry, name)) for name in SIGNED]
    text = json.dumps([bytes(entry.nonce or b"").hex(), *told], cls=DjangoJSONEncoder, sort_keys=True)
    return hmac.digest(_key(), text.encode(), "sha256")


def _key() -> bytes:
    return hashlib.sha256(b"catchment audit " + settings.SECRET_KEY.encode()).digest()


def _plain(value: Any) -> Any:
    """The same for what was given and for what the database gives back: it keeps 1.0 as 1.0 but 1e22 as digits."""
    if isinstance(value, datetime):
        return (value - _EPOCH) // timedelta(microseconds=1)
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, dict):
        return {str(key): _plain(held) for key, held in value.items()}
    return [_plain(held) for held in value] if isinstance(value, list | tuple) else value
