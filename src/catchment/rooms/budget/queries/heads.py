"""Who is insured in a community on a day: by age, insurance, chronic disease, contract."""

from datetime import date
from typing import Any

from django.db import connection

from catchment.rooms.budget.queries.spending import Community
from catchment.rooms.budget.types import Cell, Heads

HELD = """select distinct on (v.person_id) v.person_id, v.kind from people_coverage v where v.kind <> 'none'
    and (v.since is null or v.since <= %(day)s) and (v.until is null or v.until > %(day)s)
    order by v.person_id, v.since desc nulls last"""
SOURCES = f"""from people_person p left join ({HELD}) held on held.person_id = p.id
    left join (select distinct v.person_id from people_coverage v) told on told.person_id = p.id
    left join (select distinct i.person_id from people_personidentifier i where i.system = 'insurance') numbered
    on numbered.person_id = p.id"""  # noqa: S608 constants only
INSURED = """where p.primary_facility_id = any(%(members)s) and p.merged_into_id is null
    and (p.birth_date is null or p.birth_date <= %(day)s) and (p.deceased_on is null or p.deceased_on > %(day)s)
    and (held.person_id is not null or (told.person_id is null and numbered.person_id is not null))"""
"""Who has insurance on the day; whose kind nobody has said counts by their insurance number."""
ILL = "select distinct c.person_id from record_condition c where c.code ^@ any(%(chronic)s) and c.at < %(day)s"
CELLS = f"""select coalesce(extract(year from age(%(day)s::date, p.birth_date))::int, 0),
    coalesce(held.kind, 'resident'), ill.person_id is not null, count(*)
    {SOURCES} left join ({ILL}) ill on ill.person_id = p.id
    {INSURED} group by 1, 2, 3 order by 1, 2, 3"""  # noqa: S608 constants only
CONTRACTED = f"""select count(*) {SOURCES} {INSURED} and exists (select from staff_careresponsibility r
    where r.person_id = p.id and r.contracted and r.since <= %(day)s and (r.until is null or r.until > %(day)s)
    and (r.agreed_until is null or r.agreed_until >= %(day)s))"""  # noqa: S608 constants only
BY_FACILITY = f"select p.primary_facility_id, count(*) {SOURCES} {INSURED} group by 1"


def heads_on(of: Community, day: date) -> Heads:
    """The insured on a day by whole years of age; those who answer for them are as today."""
    asked: dict[str, Any] = {"members": list(of.members), "chronic": list(of.chronic), "day": day}
    with connection.cursor() as cursor:
        cursor.execute(CELLS, asked)
        cells = tuple(Cell(*row) for row in cursor.fetchall())
        cursor.execute(CONTRACTED, asked)
        return Heads(day=day, cells=cells, contracted=cursor.fetchone()[0])


def heads_by_facility(of: Community, day: date) -> dict[int, int]:
    """How many insured each member answers for."""
    with connection.cursor() as cursor:
        cursor.execute(BY_FACILITY, {"members": list(of.members), "day": day})
        return dict(cursor.fetchall())
