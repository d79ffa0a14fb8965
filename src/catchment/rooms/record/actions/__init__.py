"""Every write to the record."""

from catchment.rooms.record.actions.intake import import_files, replay_rejected
from catchment.rooms.record.actions.sources import ensure_source

__all__ = ["ensure_source", "import_files", "replay_rejected"]
