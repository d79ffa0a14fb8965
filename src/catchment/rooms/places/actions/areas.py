"""Areas, one by one and from files. Every row of a file is accounted for."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import transaction

from catchment.kernel import audit
from catchment.kernel.actor import Actor
from catchment.rooms.places.actions.atlas import Atlas
from catchment.rooms.places.models import Area
from catchment.rooms.places.types import AreaAccount, Level
from catchment.standards.geography.rows import AreaRow, Unreadable

CAPABILITY = "places.manage"


def save_area(
    *,
    actor: Actor,
    now: datetime,
    code: str,
    name: str,
    level: Level,
    parent_code: str = "",
    longitude: float | None = None,
    latitude: float | None = None,
    boundary: dict[str, Any] | None = None,
    population: int | None = None,
) -> Area:
    """Make the area of that code or bring it up to what is told; coordinates in WGS84, `boundary` as GeoJSON.

    An unknown `parent_code` raises `Area.DoesNotExist`.
    """
    actor.require(CAPABILITY)
    with transaction.atomic():
        parent = Area.objects.get(code=parent_code) if parent_code else None
        columns = {
            "name": name,
            "level": level,
            "parent": parent,
            "longitude": longitude,
            "latitude": latitude,
            "boundary": boundary,
            "population": population,
        }
        area, created = Area.objects.update_or_create(code=code, defaults=columns)
        event = "area.create" if created else "area.update"
        audit.record(actor=actor, event=event, at=now, subject=("area", area.pk))
    return area


def import_areas(
    *, actor: Actor, now: datetime, rows: Iterable[AreaRow | Unreadable], counties: frozenset[str] = frozenset()
) -> AreaAccount:
    """Take divisions from files, in any order, and account for every row; a second run takes nothing.

    An area is known by its code, else by its name under the same parent, as when a county was given a new code. The
    parent is found in the same two ways. Known areas gain what they lack; nothing they have is changed. `counties`
    limits the import to these six-digit codes and to other codes of the same counties. All rows or none: an error
    leaves nothing behind.
    """
    actor.require(CAPABILITY)
    with transaction.atomic():
        account = AreaAccount()
        atlas = Atlas(account, Area.objects.select_related("parent").order_by("code"))
        read = list(rows)
        wanted = counties | atlas.other_codes_of(counties, read)
        chosen = [row for row in read if atlas.counts(row, wanted)]
        for level in Level:
            atlas.take([row for row in chosen if row.level == level])
        audit.record(actor=actor, event="area.import", at=now, detail={"taken": account.taken, "read": account.read})
    return account
