"""Systems that send records."""

from catchment.rooms.record.models import Source
from catchment.rooms.record.types import SourceKind


def ensure_source(code: str, *, name: str = "", kind: SourceKind = SourceKind.NATIVE) -> Source:
    """The source of this code (at most 60 characters), made when it is not there yet."""
    source, _ = Source.objects.get_or_create(code=code, defaults={"name": name or code, "kind": kind})
    return source
