"""What the record publishes: visits, diagnoses, values, procedures, prescriptions, reports.

Free text that somebody typed stays inside: a reason without a code, the words of a report, long results.
"""

from typing import Any, Final

import ibis

from catchment.kernel.lake.tables import (
    DAY,
    MOMENT,
    NUMBER,
    REAL,
    TEXT,
    FactTable,
    Feed,
    Months,
    Years,
    table,
)
from catchment.rooms.record.rules import GRADES

_MONTHS = Months()
_LONGEST_RESULT: Final = 40
"""Characters of a result in words that is still a value (阴性, +++) and no narrative."""
_WITHDRAWN = ("entered-in-error", "cancelled")


def _local(moment: str) -> str:
    """The calendar day of a moment where the county is."""
    return f"({moment} at time zone 'Asia/Shanghai')::date"


def _day_feed(source: str, partition: Months | Years = _MONTHS) -> Feed:
    return Feed(source, partition.sql(_local("changed.at")))


def _coded(
    name: str,
    source: str,
    id_column: str,
    more: dict[str, tuple[Any, str]],
    partition: Months | Years = _MONTHS,
    more_feeds: tuple[Feed, ...] = (),
) -> FactTable:
    """A table of one row for each entry of a coded kind; `more` gives further columns with type and SQL."""
    own = {
        id_column: (NUMBER, "x.id"),
        "person_key": (NUMBER, "p.person_key"),
        "encounter_id": (NUMBER, "x.encounter_id"),
        "facility_id": (NUMBER, "x.facility_id"),
        "code_system": (TEXT, "x.code_system::text"),
        "code": (TEXT, "x.code::text"),
        "display": (TEXT, "x.display::text"),
        "status": (TEXT, "x.status::text"),
        "day": (DAY, _local("x.at")),
        **more,
        "sensitivity": (TEXT, "x.sensitivity::text"),
    }
    picked = ", ".join(f"{sql} as {column}" for column, (_type, sql) in own.items())
    return FactTable(
        name=name,
        columns={column: type_ for column, (type_, _sql) in own.items()},
        query=f"select {picked} from {source} x join people_person p on p.id = x.person_id",  # noqa: S608
        key=(id_column,),
        partition=partition,
        feeds=(_day_feed(source, partition), *more_feeds),
    )


_COSTS = {
    f"{part}_fen": (NUMBER, f"(x.cost_parts ->> '{part}')::numeric::bigint")
    for part in ("drug", "consumable", "exam", "lab", "service", "fund")
}
_ENCOUNTER = {
    "encounter_id": (NUMBER, "x.id"),
    "person_key": (NUMBER, "p.person_key"),
    "facility_id": (NUMBER, "x.facility_id"),
    "klass": (TEXT, "x.klass::text"),
    "status": (TEXT, "x.status::text"),
    "at": (MOMENT, "x.at"),
    "day": (DAY, _local("x.at")),
    "ended_at": (MOMENT, "x.ended_at"),
    "ended_on": (DAY, _local("x.ended_at")),
    "department": (TEXT, "x.department::text"),
    "disposition": (TEXT, "x.disposition::text"),
    "reason_code": (TEXT, "x.reason_code::text"),
    "reason": (TEXT, "case when x.reason_code = '' then '' else x.reason end::text"),
    "cost_fen": (NUMBER, "x.cost_fen"),
    **_COSTS,
    "sensitivity": (TEXT, "x.sensitivity::text"),
}
ENCOUNTERS = FactTable(
    name="encounters",
    columns={column: type_ for column, (type_, _sql) in _ENCOUNTER.items()},
    query=f"""
        select {", ".join(f"{sql} as {column}" for column, (_type, sql) in _ENCOUNTER.items())}
        from record_encounter x join people_person p on p.id = x.person_id
    """,  # noqa: S608 constants only
    key=("encounter_id",),
    partition=_MONTHS,
    feeds=(_day_feed("record_encounter"),),
)
CONDITIONS = _coded(
    "conditions", "record_condition", "condition_id",
    {
        "verification": (TEXT, "x.verification::text"),
        "category": (TEXT, "x.category::text"),
        "abated_on": (DAY, _local("x.abated_at")),
    },
    Years(),
)  # fmt: skip
MEASUREMENTS = FactTable(
    name="measurements",
    columns={
        "observation_id": NUMBER, "part": NUMBER, "person_key": NUMBER, "encounter_id": NUMBER,
        "facility_id": NUMBER, "code_system": TEXT, "code": TEXT, "display": TEXT, "category": TEXT,
        "status": TEXT, "at": MOMENT, "day": DAY, "value": REAL, "unit": TEXT, "value_code": TEXT,
        "value_text": TEXT, "interpretation": TEXT, "sensitivity": TEXT,
    },
    query=f"""
        select o.id as observation_id, v.part, p.person_key, o.encounter_id, o.facility_id,
            o.code_system::text, v.code::text, v.display::text, o.category::text, o.status::text, o.at,
            {_local("o.at")} as day, v.value, v.unit::text, v.value_code::text,
            case when length(v.value_text) <= {_LONGEST_RESULT} then v.value_text else '' end as value_text,
            v.interpretation::text, o.sensitivity::text
        from record_observation o
        join people_person p on p.id = o.person_id
        cross join lateral (
            select 0::bigint as part, o.code, o.display, o.value, o.unit, o.value_code, o.value_text, o.interpretation
            where o.value is not null or o.components is null or jsonb_typeof(o.components) <> 'array'
            union all
            select c.n, coalesce(c.of ->> 'code', ''), coalesce(c.of ->> 'display', ''),
                case when jsonb_typeof(c.of -> 'value') = 'number' then (c.of ->> 'value')::double precision end,
                coalesce(c.of ->> 'unit', ''), coalesce(c.of ->> 'value_code', ''), '', o.interpretation
            from jsonb_array_elements(
                case when jsonb_typeof(o.components) = 'array' then o.components else '[]' end
            ) with ordinality c(of, n)
        ) v
    """,  # noqa: S608 constants only
    key=("observation_id", "part"),
    partition=_MONTHS,
    feeds=(_day_feed("record_observation"),),
)  # fmt: skip
_GRADE = f"""(
    select (told ->> 'grade')::bigint
    from rulebook_edition e, jsonb_array_elements(e.content -> 'operations') told
    where e.key = '{GRADES}' and e.in_force_from <= {_local("x.at")}
        and (e.in_force_to is null or e.in_force_to >= {_local("x.at")}) and starts_with(x.code, told ->> 'prefix')
    order by e.in_force_from desc, length(told ->> 'prefix') desc limit 1
)"""  # noqa: S608 constants only
"""The grade of an operation by the catalogue of its day; null where it lists none that fits."""
PROCEDURES = _coded(
    "procedures",
    "record_procedure",
    "procedure_id",
    {"grade": (NUMBER, _GRADE)},
    more_feeds=(Feed("rulebook_edition"),),
)
MEDICINES = _coded("medicines", "record_medication", "medication_id", {"days": (NUMBER, "x.days::bigint")})
REPORTS = _coded("reports", "record_report", "report_id", {"category": (TEXT, "x.category::text")})
TABLES = (ENCOUNTERS, CONDITIONS, MEASUREMENTS, PROCEDURES, MEDICINES, REPORTS)


def latest_measurements() -> Any:
    """The newest value of each code of a person, withdrawn ones left out; of two at one moment the later written."""
    values = table("measurements")
    standing = values.filter(~values.status.isin(_WITHDRAWN))
    order = [ibis.desc(standing.at), ibis.desc(standing.observation_id), standing.part]
    window = ibis.window(group_by=[standing.person_key, standing.code_system, standing.code], order_by=order)
    ranked = standing.mutate(rank_=ibis.row_number().over(window))
    return ranked.filter(ranked.rank_ == 0).drop("rank_")
