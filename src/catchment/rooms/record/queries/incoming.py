"""What was sent in and could not be taken."""

from collections.abc import Iterator
from typing import Any

from catchment.rooms.record.models import IncomingResource
from catchment.rooms.record.types import Fate


def rejected(source_code: str) -> Iterator[dict[str, Any]]:
    """What stands rejected from a source, in order of type, reason and id: `type`, `id`, `reason`, `received_at`."""
    rows = IncomingResource.objects.filter(source__code=source_code, fate=Fate.REJECTED)
    told = rows.order_by("resource_type", "reason", "external_id").values_list(
        "resource_type", "external_id", "reason", "received_at"
    )
    for kind, key, reason, received_at in told.iterator(chunk_size=2000):
        yield {"type": kind, "id": key, "reason": reason, "received_at": received_at}
