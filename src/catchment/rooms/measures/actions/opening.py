"""Opening a number to the people and events behind it: a look that the audit keeps."""

from datetime import datetime

from django.db import transaction

from catchment.kernel import audit
from catchment.kernel.actor import Actor
from catchment.rooms.measures.models import Run, Value
from catchment.rooms.measures.queries.opening import Opened, opened


def open_number(*, actor: Actor, now: datetime, run: Run, value: Value, part: str, offset: int = 0) -> Opened:
    """A page of the rows behind a part of a value. One audit entry for the number, and one for each person shown."""
    found = opened(actor, run, value, part, offset=offset)
    detail = {
        "set": run.key, "version": run.version, "period": run.period, "code": value.code, "part": part,
        "level": value.level, "place": value.place, "rows": found.count, "offset": offset,
    }  # fmt: skip
    people = dict.fromkeys(row.person.pk for row in found.rows if row.person is not None)
    with transaction.atomic():
        audit.record(actor=actor, event="measures.open", at=now, subject=("measures-run", run.pk), detail=detail)
        for person_id in people:
            audit.record(
                actor=actor,
                event="measures.show-person",
                at=now,
                person_id=person_id,
                subject=("measures-run", run.pk),
                detail={"set": run.key, "code": value.code, "part": part},
            )
    return found
