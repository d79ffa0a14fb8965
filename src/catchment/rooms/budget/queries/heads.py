"""Who is insured in a community on a day: by age, insurance, chronic disease, contract."""

from datetime import date
from typing import Any

from django.db import connection

from catchment.rooms.budget.queries.spending import Community
from catchment.rooms.budget.types import Cell, Heads

HELD = """people_coverage v where v.person_id = p.id and v.kind <> 'none'
    and (v.since is null or v.since <= %(day)s) and (v.until is null or v.until > %(day)s)"""
INSURED = f"""from people_person p
    where p.primary_facility_id = any(%(members)s) and p.merged_into_id is null
    and (p.birth_date is null or p.birth_date <= %(day)s) and (p.deceased_on is null or p.deceased_on > %(day)s)
    and (exists (select from {HELD}) or (not exists (select from people_coverage v where v.person_id = p.id)
        and exists (select from people_personidentifier i where i.person_id = p.id and i.system = 'insurance')))"""  # noqa: S608 constants only
"""Who has insurance on the day; whose kind nobody has said counts by their insurance number."""
CELLS = f"""select coalesce(extract(year from age(%(day)s::date, p.birth_date))::int, 0),
    coalesce((select v.kind from {HELD} order by v.since desc nulls last limit 1), 'resident'),
    p.id in (select c.person_id from record_condition c where c.code ^@ any(%(chronic)s) and c.at < %(day)s),
    count(*) {INSURED} group by 1, 2, 3 order by 1, 2, 3"""  # noqa: S608 constants only
CONTRACTED = f"""select count(*) {INSURED} and exists (select from staff_careresponsibility r
    where r.person_id = p.id and r.contracted and r.since <= %(day)s and (r.until is null or r.until > %(day)s)
    and (r.agreed_until is null or r.agreed_until >= %(day)s))"""  # noqa: S608 constants only
BY_FACILITY = f"select p.primary_facility_id, count(*) {INSURED} group by 1"


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
