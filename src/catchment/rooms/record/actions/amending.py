"""Putting an entry right. Nothing is erased: the row's history keeps what it said before."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from catchment.kernel import audit, events
from catchment.kernel.actor import Actor
from catchment.kernel.errors import Invalid, NotFound, Problem, Refusal
from catchment.rooms.record.models import FACT_MODELS, Condition, Fact
from catchment.rooms.record.queries.amending import amendments
from catchment.rooms.record.rules import ENDED_AT, ENDS
from catchment.rooms.record.types import Amendment, FactKind, Mistake

ERROR = "entered-in-error"


def amend_entry(
    *, actor: Actor, now: datetime, person_id: int, kind: FactKind, key: int, how: Amendment, mistake: str = ""
) -> None:
    """End an entry that lasts, or say that it was written in error and why (a code of `Mistake`).

    Raises `NotFound`, and `Refusal` with the reason that `queries.amendments` gives.
    """
    actor.require("record.write")
    with transaction.atomic():
        rows: Any = FACT_MODELS[kind].objects
        row = rows.select_for_update(of=("self",)).select_related("source").filter(pk=key, person_id=person_id).first()
        if row is None:
            raise NotFound("not-found", _("没有找到这条记录"))
        why = amendments(actor, kind, row).get(how, _("这条记录不能这样改动"))
        if why:
            raise Refusal("cannot-amend", why)
        changed = _end(row, kind, now) if how is Amendment.END else _withdraw(row, mistake)
        row.save(update_fields=changed)
        detail = {"how": how.value, "mistake": mistake}
        audit.record(
            actor=actor, event=f"{kind.value}.amend", at=now, person_id=person_id, subject=(kind, key), detail=detail
        )
        events.publish("facts.recorded", person_ids=[person_id], now=now)
        if how is Amendment.WITHDRAW and isinstance(row, Condition):
            events.publish("condition.withdrawn", actor=actor, now=now, condition=row)


def _end(row: Fact, kind: FactKind, now: datetime) -> list[str]:
    row.status = ENDS[kind]
    setattr(row, ENDED_AT[kind], now)
    return ["status", ENDED_AT[kind]]


def _withdraw(row: Fact, mistake: str) -> list[str]:
    if mistake not in set(Mistake):
        raise Invalid(Problem("mistake", _("请选择为什么作废")))
    row.status = ERROR
    if isinstance(row, Condition):
        row.verification = ERROR
        return ["status", "verification"]
    return ["status"]
