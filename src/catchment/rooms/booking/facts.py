"""The beds of facilities, from which day until which each was open."""

from catchment.kernel.lake.tables import DAY, NUMBER, TEXT, FactTable, Feed, Whole

BEDS = FactTable(
    name="beds",
    columns={"bed_span_id": NUMBER, "facility_id": NUMBER, "specialty": TEXT, "since": DAY, "until": DAY},
    query="""
        select s.id as bed_span_id, b.facility_id, v.specialty::text, s.since, s.until
        from booking_bedspan s join booking_bed b on b.id = s.bed_id join places_service v on v.id = b.service_id
    """,
    key=("bed_span_id",),
    partition=Whole(),
    feeds=(Feed("booking_bedspan"), Feed("booking_bed"), Feed("places_service")),
)
TABLES = (BEDS,)
