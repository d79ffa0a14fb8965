"""The patient's own look at a referral, by a link that works for the first browser that opens it."""

import hashlib
import secrets
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from catchment.kernel import audit
from catchment.kernel.actor import Actor, system
from catchment.kernel.errors import NotFound
from catchment.rooms.referral import queries
from catchment.rooms.referral.actions.stepping import due_in
from catchment.rooms.referral.models import PatientLink, Referral


def issue_link(*, actor: Actor, now: datetime, referral: Referral) -> str:
    """Make a link for the patient; returns its secret part, which is kept nowhere."""
    actor.require("referral.print")
    secret = secrets.token_urlsafe(18)
    with transaction.atomic():
        PatientLink.objects.create(
            referral=referral,
            digest=_digest(secret),
            made_at=now,
            expires_at=due_in(now, days=queries.times_on(now.date()).link_days),
        )
        audit.record(
            actor=actor, event="referral.link", at=now, person_id=referral.person_id, subject=("referral", referral.pk)
        )
    return secret


def open_link(*, now: datetime, secret: str, browser: str) -> tuple[Referral, str]:
    """The referral behind a link, and the word by which this browser may open it again.

    The first browser to open it keeps it; for any other, and after its time, there is nothing there.
    """
    with transaction.atomic():
        link = (
            PatientLink.objects.select_for_update(of=("self",))
            .select_related(
                "referral__person", "referral__to_facility", "referral__to_service", "referral__booking__slot"
            )
            .filter(digest=_digest(secret), expires_at__gt=now)
            .first()
        )
        if link is None or (link.used_at is not None and not secrets.compare_digest(link.browser, _digest(browser))):
            raise NotFound("link", _("链接无效、已过期或已在另一台设备上打开"))
        if link.used_at is None:
            browser = browser or secrets.token_urlsafe(18)
            link.used_at, link.browser = now, _digest(browser)
            link.save(update_fields=["used_at", "browser"])
        audit.record(
            actor=system("patient-link"),
            event="referral.link-opened",
            at=now,
            person_id=link.referral.person_id,
            subject=("referral", link.referral_id),
        )
        return link.referral, browser


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
