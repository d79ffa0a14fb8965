"""Every write to the record."""

from catchment.rooms.record.actions.amending import amend_entry
from catchment.rooms.record.actions.facts import (
    record_allergy,
    record_blood_pressure,
    record_condition,
    record_document,
    record_encounter,
    record_medication,
    record_observation,
    record_report,
)
from catchment.rooms.record.actions.intake import import_files, replay_rejected
from catchment.rooms.record.actions.labelling import label_sensitive
from catchment.rooms.record.actions.sources import ensure_source
from catchment.rooms.record.actions.visits import record_visit

__all__ = [
    "amend_entry",
    "ensure_source",
    "import_files",
    "label_sensitive",
    "record_allergy",
    "record_blood_pressure",
    "record_condition",
    "record_document",
    "record_encounter",
    "record_medication",
    "record_observation",
    "record_report",
    "record_visit",
    "replay_rejected",
]
