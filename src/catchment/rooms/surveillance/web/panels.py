"""What a case of a notifiable infection says, on the frame of cases."""

from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from catchment.kernel.actor import Actor
from catchment.rooms.surveillance import queries
from catchment.rooms.surveillance.rules import NOTIFIABLE

CLASSES = {"A": _("甲类"), "B": _("乙类"), "C": _("丙类")}


def case_of(*, kind: str, ref: str, actor: Actor, now: datetime) -> dict[str, Any] | None:
    """The report card; `None` for a case of another kind, or a post that may not read it."""
    card = queries.card(actor, ref) if kind == "surveillance.report" else None
    if card is None:
        return None
    day = timezone.localdate(now)
    return {
        "template": "surveillance/card.html",
        "card": card,
        "name": queries.disease_name(card, day),
        "klass": CLASSES.get(card.klass, card.klass),
        "verified": queries.verified_on(day),
        "rule": NOTIFIABLE,
    }
