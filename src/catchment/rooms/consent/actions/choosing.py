"""What a person chooses, and the link by which they reach their own record."""

import hashlib
import secrets
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from catchment.kernel import audit, wall
from catchment.kernel.actor import Actor, system
from catchment.kernel.errors import NotFound
from catchment.rooms.consent import queries
from catchment.rooms.consent.models import AccessLink, Choice
from catchment.rooms.consent.types import Sharing


def choose_sharing(*, actor: Actor, now: datetime, person_id: int, sharing: Sharing) -> Choice:
    """Note what the person has chosen; in force from this moment."""
    with transaction.atomic():
        choice, _made = Choice.objects.update_or_create(
            person_id=person_id, defaults={"sharing": sharing, "changed_at": now, "changed_by": actor.name}
        )
        audit.record(
            actor=actor, event="consent.choose", at=now, person_id=person_id, detail={"sharing": sharing.value}
        )
        return choice


def issue_link(*, actor: Actor, now: datetime, person_id: int) -> str:
    """Make a link to a resident's own record; returns its secret part, which is kept nowhere."""
    actor.require("consent.attend")
    secret = secrets.token_urlsafe(18)
    until = now + timedelta(days=queries.terms_on(now.date()).link_days)
    with transaction.atomic():
        AccessLink.objects.create(person_id=person_id, digest=_digest(secret), made_at=now, expires_at=until)
        audit.record(actor=actor, event="resident.link", at=now, person_id=person_id)
    return secret


def open_link(*, now: datetime, secret: str, browser: str) -> tuple[int, str]:
    """The person behind a link, and the word by which this browser may open it again.

    The first browser to open it keeps it; for any other, and after its time, there is nothing there (`NotFound`).
    """
    with wall.acting("resident-link"), transaction.atomic():
        rows = AccessLink.objects.select_for_update().filter(digest=_digest(secret), expires_at__gt=now)
        link = rows.first()
        if link is None or (link.used_at is not None and not secrets.compare_digest(link.browser, _digest(browser))):
            raise NotFound("link", _("链接无效、已过期或已在另一台设备上打开"))
        if link.used_at is None:
            browser = browser or secrets.token_urlsafe(18)
            link.used_at, link.browser = now, _digest(browser)
            link.save(update_fields=["used_at", "browser"])
            audit.record(actor=system("resident-link"), event="resident.open", at=now, person_id=link.person_id)
        return link.person_id, browser


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
