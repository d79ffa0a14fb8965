"""The insurance office takes a claim up as a case of its own: what the rules found, or what was sent back."""

from datetime import datetime

from django.utils.translation import gettext as _

from catchment.kernel.actor import Actor
from catchment.kernel.errors import Refusal
from catchment.rooms.board import actions as board
from catchment.rooms.board.models import WorkItem
from catchment.rooms.board.types import Subject
from catchment.rooms.claims import queries
from catchment.rooms.claims.models import Claim
from catchment.rooms.claims.rules.work import CHECK_WORK


def inquire(*, actor: Actor, now: datetime, claim: Claim, reason: str) -> WorkItem:
    """Put an inquiry into one claim on the office's own board; who the person is can be opened inside it.

    `Refusal` for a claim with which nothing is the matter: a case needs its occasion.
    """
    actor.require("claims.oversee")
    if not queries.may_inquire(claim):
        raise Refusal("no-occasion", _("检查没有发现问题、也没有退回的结算单不能立案核查"))
    subject = Subject(kind="claim-check", key=claim.pk, ref=str(claim.public_id), person_id=claim.person_id)
    return board.take_up(actor=actor, now=now, kind=CHECK_WORK.code, subject=subject, label=claim.number, reason=reason)
