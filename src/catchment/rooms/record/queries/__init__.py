"""Questions about the record, each a fixed number of database queries however long the record is."""

from catchment.rooms.record.queries.alerts import allergy_alerts
from catchment.rooms.record.queries.amending import amendments
from catchment.rooms.record.queries.history import known_on
from catchment.rooms.record.queries.incoming import rejected, rows_of
from catchment.rooms.record.queries.summary import parts_for_referral, summary
from catchment.rooms.record.queries.terms import diagnoses_matching, medicines_matching
from catchment.rooms.record.queries.timeline import entry, timeline, timeline_and_years

__all__ = [
    "allergy_alerts",
    "amendments",
    "diagnoses_matching",
    "entry",
    "known_on",
    "medicines_matching",
    "parts_for_referral",
    "rejected",
    "rows_of",
    "summary",
    "timeline",
    "timeline_and_years",
]
