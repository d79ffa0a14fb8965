"""What tests of the intake share: a place for files, and one way to send them in."""

from datetime import UTC, datetime

import orjson
import pytest

from catchment.kernel.actor import system
from catchment.rooms.record import actions
from catchment.rooms.record.types import SourceKind

NOW = datetime(2026, 6, 1, 8, tzinfo=UTC)
IMPORTER = system("tests", "record.import")


@pytest.fixture
def send(db, tmp_path):
    """Send resources as NDJSON, or a file as it is; answers with the tally."""
    number = iter(range(1000))

    def import_them(*given, source="test"):
        paths = [one for one in given if hasattr(one, "stat")]
        resources = [one for one in given if not hasattr(one, "stat")]
        if resources:
            paths.append(tmp_path / f"sent-{next(number)}.ndjson")
            paths[-1].write_bytes(b"\n".join(map(orjson.dumps, resources)))
        origin = actions.ensure_source(source, kind=SourceKind.FHIR)
        return actions.import_files(actor=IMPORTER, now=NOW, source=origin, paths=paths)

    return import_them
