"""Taking in resources of other systems: each accounted for, none twice, whatever their order and their state."""

from catchment.rooms.record.actions.intake.runs import import_files, replay_rejected

__all__ = ["import_files", "replay_rejected"]
