"""What claims publish: each claim with its group, its costs by category, and what each layer and the person paid.

Lines and settlements change only together with their claim, which tells the lake. `sensitivity` is that of the
encounter, `hidden` where the reader may not see it.
"""

from catchment.kernel.lake.tables import DAY, FLAG, NUMBER, REAL, TEXT, FactTable, Feed, Months
from catchment.rooms.claims.types import Category

_MONTHS = Months()
_COSTS = {f"{part.value}_fen": (NUMBER, f"coalesce(l.{part.value}, 0)::bigint") for part in Category}
_CLAIM = {
    "claim_id": (NUMBER, "c.id"),
    "person_key": (NUMBER, "p.person_key"),
    "encounter_id": (NUMBER, "c.encounter_id"),
    "facility_id": (NUMBER, "c.facility_id"),
    "kind": (TEXT, "c.kind::text"),
    "state": (TEXT, "c.state::text"),
    "department": (TEXT, "c.department::text"),
    "begins_on": (DAY, "c.begins_on"),
    "day": (DAY, "c.ends_on"),
    "days": (NUMBER, "c.days::bigint"),
    "insurance": (TEXT, "c.insurance::text"),
    "category": (TEXT, "c.category::text"),
    "way": (TEXT, "c.way::text"),
    "diagnosis_code": (TEXT, "coalesce(c.diagnoses -> 0 ->> 'code', '')::text"),
    "scheme": (TEXT, "c.scheme::text"),
    "drg": (TEXT, "c.drg::text"),
    "weight": (REAL, "c.weight::double precision"),
    "currency": (TEXT, "c.currency::text"),
    "total_fen": (NUMBER, "c.total"),
    "excluded_fen": (NUMBER, "c.excluded"),
    "first_pay_fen": (NUMBER, "c.first_pay"),
    **_COSTS,
    "estimated": (FLAG, "c.estimated"),
    "basic_fen": (NUMBER, "s.basic"),
    "serious_fen": (NUMBER, "s.serious"),
    "aid_fen": (NUMBER, "s.aid"),
    "patient_fen": (NUMBER, "s.patient"),
    "sensitivity": (
        TEXT, "coalesce(e.sensitivity, case when c.encounter_id is null then '' else 'hidden' end)::text"
    ),
}  # fmt: skip
_SUMS = ", ".join(f"sum(amount) filter (where category = '{part.value}') as {part.value}" for part in Category)
CLAIMS = FactTable(
    name="claims",
    columns={column: type_ for column, (type_, _sql) in _CLAIM.items()},
    query=f"""
        select {", ".join(f"{sql} as {column}" for column, (_type, sql) in _CLAIM.items())}
        from claims_claim c join people_person p on p.id = c.person_id
        left join claims_settlement s on s.claim_id = c.id and s.cancelled_at is null
        left join record_encounter e on e.id = c.encounter_id
        left join lateral (select {_SUMS} from claims_claimline where claim_id = c.id) l on true
    """,  # noqa: S608 constants only
    key=("claim_id",),
    partition=_MONTHS,
    feeds=(
        Feed("claims_claim", _MONTHS.sql("changed.ends_on")),
        Feed("record_encounter", _MONTHS.sql("c.ends_on"), joins="join claims_claim c on c.encounter_id = changed.id"),
    ),
)
TABLES = (CLAIMS,)
