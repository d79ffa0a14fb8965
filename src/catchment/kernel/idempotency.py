"""Doing once what is asked twice: the first answer is kept under the request's key, in the transaction it tells of."""

import hashlib
import re
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection
from django.utils.translation import gettext as _

from catchment.kernel.errors import Invalid, Problem, Refusal
from catchment.kernel.models import KeptAnswer

KEPT_FOR = timedelta(hours=24)
FIELD = "idempotency_key"
FORM = re.compile(r"[\x21-\x7e]{8,200}")


@dataclass(frozen=True, slots=True)
class Answer:
    """What was answered: an HTTP status with its body, or the address a page led to."""

    status: int
    content_type: str = ""
    body: str = ""
    location: str = ""


class InFlight(Refusal):
    """The first request with this key is still being worked on: ask again in a moment."""

    def __init__(self) -> None:
        super().__init__("in-flight", _("相同的请求正在处理，请稍后重试"), retry_after=1)


def fingerprint(*parts: bytes) -> str:
    """The digest of what is asked: method, address, body. Lengths are told, so that parts cannot run into another."""
    digest = hashlib.sha256()
    for part in parts:
        digest.update(len(part).to_bytes(8, "big") + part)
    return digest.hexdigest()


def first_answer(*, post_id: int, key: str, asked: str, wait: bool = False) -> Answer | None:
    """Take the key to the end of the transaction; the first answer when there is one already.

    Raises `Invalid` for a key that is none or was used for something else; `InFlight` when another request has it,
    unless `wait` says to stand in line.
    """
    if not FORM.fullmatch(key):
        raise Invalid(Problem("Idempotency-Key", _("幂等键应为 8 至 200 个可见的 ASCII 字符")))
    _take(f"{post_id}:{key}", wait=wait)
    kept = KeptAnswer.objects.filter(post_id=post_id, key=key).first()
    if kept is None:
        return None
    if kept.fingerprint != asked:
        raise Invalid(Problem("Idempotency-Key", _("这个幂等键已用于另一个请求，请换一个新的")))
    return Answer(kept.status, kept.content_type, kept.body, kept.location)


def keep(*, post_id: int, key: str, asked: str, answer: Answer, now: datetime) -> None:
    """Keep the answer for 24 hours. In the transaction of what was done, so that both stand or neither."""
    KeptAnswer.objects.create(
        post_id=post_id,
        key=key,
        fingerprint=asked,
        status=answer.status,
        content_type=answer.content_type,
        location=answer.location,
        body=answer.body,
        made_at=now,
        expires_at=now + KEPT_FOR,
    )


def expire() -> int:
    """Forget the answers whose time is over; returns how many."""
    with connection.cursor() as cursor:
        cursor.execute("select kernel_expire_answers()")
        return int(cursor.fetchone()[0])


def _take(name: str, *, wait: bool) -> None:
    number = int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], "big", signed=True)
    with connection.cursor() as cursor:
        if wait:
            cursor.execute("select pg_advisory_xact_lock(%s)", [number])
            return
        cursor.execute("select pg_try_advisory_xact_lock(%s)", [number])
        if not cursor.fetchone()[0]:
            raise InFlight
