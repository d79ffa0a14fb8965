"""What was sent in and could not be taken."""

from collections.abc import Iterable, Iterator
from typing import Any

from catchment.rooms.people.models import Person
from catchment.rooms.record.models import IncomingKey, IncomingResource
from catchment.rooms.record.types import Fate


def rejected(source_code: str) -> Iterator[dict[str, Any]]:
    """What stands rejected from a source, in order of type, reason and id: `type`, `id`, `reason`, `received_at`."""
    rows = IncomingResource.objects.filter(source__code=source_code, fate=Fate.REJECTED)
    told = rows.order_by("resource_type", "reason", "external_id").values_list(
        "resource_type", "external_id", "reason", "received_at"
    )
    for kind, key, reason, received_at in told.iterator(chunk_size=2000):
        yield {"type": kind, "id": key, "reason": reason, "received_at": received_at}


def rows_of(source_code: str, keys: Iterable[tuple[str, str]]) -> dict[tuple[str, str], int]:
    """Which row each (type, key) that a source names became; an empty type finds any. People merged are those kept.

    What has not arrived, or is shared by two rows, is left out.
    """
    wanted = list(keys)
    named = {key for _kind, key in wanted}
    found: dict[tuple[str, str], int] = {}
    further = IncomingKey.objects.filter(source__code=source_code, key__in=named, row_id__isnull=False)
    taken = IncomingResource.objects.filter(source__code=source_code, external_id__in=named, row_id__isnull=False)
    for kind, key, row in [
        *further.values_list("resource_type", "key", "row_id"),
        *taken.values_list("resource_type", "external_id", "row_id"),
    ]:
        found[kind, key] = found["", key] = row or 0
    people = {row for (kind, _key), row in found.items() if kind == "Patient"}
    merged = dict(Person.objects.filter(pk__in=people, merged_into__isnull=False).values_list("pk", "merged_into_id"))
    kept = {name: merged.get(row, row) if name[0] in {"Patient", ""} else row for name, row in found.items()}
    return {name: kept[name] for name in wanted if name in kept}
