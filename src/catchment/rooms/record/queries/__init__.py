"""Questions about the record, each a fixed number of database queries however long the record is."""

from catchment.rooms.record.queries.alerts import allergy_alerts
from catchment.rooms.record.queries.history import known_on
from catchment.rooms.record.queries.incoming import rejected
from catchment.rooms.record.queries.summary import parts_for_referral, summary
from catchment.rooms.record.queries.timeline import entry, timeline, timeline_years

__all__ = ["allergy_alerts", "entry", "parts_for_referral", "rejected", "summary", "timeline", "timeline_years"]
