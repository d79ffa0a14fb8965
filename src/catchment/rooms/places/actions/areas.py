"""Areas from files. Every row is accounted for."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from catchment.kernel import audit
from catchment.kernel.actor import Actor
from catchment.rooms.places.actions.atlas import Atlas
from catchment.rooms.places.models import Area
from catchment.rooms.places.types import AreaAccount, Level
from catchment.standards.geography.rows import AreaRow, Unreadable

CAPABILITY = "places.manage"


def import_areas(
    *,
    actor: Actor,
    now: datetime,
    rows: Iterable[AreaRow | Unreadable],
    counties: frozenset[str] = frozenset(),
    keep: bool = True,
    every_row: bool = False,
) -> AreaAccount:
    """Take divisions from files, in any order, and account for every row; a second run takes nothing.

    An area is known by its code, else by its name under the same parent, as when a county was given a new code. The
    parent is found in the same two ways. Known areas gain what they lack; nothing they have is changed. `counties`
    limits the import to these six-digit codes and to other codes of the same counties. All rows or none: an error
    leaves nothing behind. Not `keep`: the account of what would become of the rows, and nothing is written.
    `every_row`: the account tells each row's fate.
    """
    actor.require(CAPABILITY)
    with transaction.atomic():
        account = AreaAccount(rows=[] if every_row else None)
        atlas = Atlas(account, Area.objects.select_related("parent").order_by("code"))
        read = list(rows)
        wanted = counties | atlas.other_codes_of(counties, read)
        chosen = [row for row in read if atlas.counts(row, wanted)]
        for level in Level:
            atlas.take([row for row in chosen if row.level == level])
        if not keep:
            transaction.set_rollback(True)
            return account
        audit.record(actor=actor, event="area.import", at=now, detail={"taken": account.taken, "read": account.read})
    return account
