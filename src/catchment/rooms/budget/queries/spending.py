"""What the fund spent on a community's residents, wherever they were treated, from settled claims and the record."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection

from catchment.rooms.budget.types import Category, YearSpend

SPENT = """(select e.id, e.id as encounter_id, e.person_id, e.facility_id, e.klass, e.reason_code, e.reason,
        e.at, e.ended_at,
        (coalesce(e.ended_at, e.at) at time zone 'Asia/Shanghai')::date as day,
        coalesce(s.basic, (e.cost_parts ->> 'fund')::bigint) as fund, coalesce(c.total, e.cost_fen, 0) as cost,
        coalesce(s.patient, e.cost_fen - (e.cost_parts ->> 'fund')::bigint, 0) as own, c.drg, c.adrg, c.weight
    from record_encounter e left join claims_claim c on c.encounter_id = e.id
    left join claims_settlement s on s.claim_id = c.id and s.cancelled_at is null
    where e.status = 'finished' and coalesce(s.basic, (e.cost_parts ->> 'fund')::bigint) is not null
    union all
    select c.id, null, c.person_id, c.facility_id, case c.kind when 'inpatient' then 'IMP' else 'AMB' end,
        coalesce(c.diagnoses -> 0 ->> 'code', ''), coalesce(c.diagnoses -> 0 ->> 'display', ''), c.begins_on, c.ends_on,
        c.ends_on, s.basic, c.total, s.patient, c.drg, c.adrg, c.weight
    from claims_claim c join claims_settlement s on s.claim_id = c.id and s.cancelled_at is null
    where c.encounter_id is null)"""
"""Every visit or stay that is over with what basic insurance paid: as settled, else as the record says; in fen."""
OUTSIDE = "not coalesce(a.code like %(county)s and f.level not in ('city', 'province'), false)"
CATEGORY = f"""case when e.klass = 'IMP' and {OUTSIDE} then 'inpatient-out' when e.klass = 'IMP' then 'inpatient-in'
    when e.reason_code ^@ any(%(chronic)s) then 'chronic' else 'outpatient' end"""
EVENTS = f"""from {SPENT} e join people_person p on p.id = e.person_id
    left join places_facility f on f.id = e.facility_id left join places_area a on a.id = f.area_id
    where p.primary_facility_id = any(%(members)s) and e.day >= %(since)s and e.day < %(until)s"""
COUNTED = f"""select extract(month from e.day)::int, extract(year from e.day)::int, e.facility_id, {CATEGORY},
    sum(e.fund)::bigint, sum(e.cost)::bigint, count(*) {EVENTS} group by 1, 2, 3, 4 order by 2, 1, 3, 4"""  # noqa: S608 constants only


@dataclass(frozen=True, slots=True, kw_only=True)
class Community:
    """Whose spending is counted: the members' residents; `county` begins the codes of areas that are inside."""

    members: tuple[int, ...]
    county: str
    chronic: tuple[str, ...]

    def asked(self, since: date, until: date) -> dict[str, Any]:
        """The values that every count of events needs; `until` is not counted any more."""
        return {
            "members": list(self.members),
            "county": f"{self.county}%",
            "chronic": list(self.chronic),
            "since": since,
            "until": until,
        }


@dataclass(frozen=True, slots=True)
class Counted:
    """One month at one facility of one category: what the fund paid, what all cost, in fen; how many events."""

    year: int
    month: int
    facility_id: int | None
    category: str
    fund: int
    cost: int
    events: int


def counted(of: Community, since: date, until: date) -> list[Counted]:
    """Spending by month of discharge or visit, treating facility and category. Stays that go on are not counted yet."""
    with connection.cursor() as cursor:
        cursor.execute(COUNTED, of.asked(since, until))
        return [
            Counted(year, month, facility, category, fund, cost, events)
            for month, year, facility, category, fund, cost, events in cursor.fetchall()
        ]


def years(rows: Iterable[Counted], wanted: Sequence[int], source: str = "record") -> list[YearSpend]:
    """Whole years from months; a year's `months` are those in which anything happened."""
    fund: dict[int, dict[Category, int]] = {year: dict.fromkeys(Category, 0) for year in wanted}
    months: dict[int, set[int]] = defaultdict(set)
    for row in rows:
        if row.year in fund:
            fund[row.year][Category(row.category)] += row.fund
            months[row.year].add(row.month)
    return [
        YearSpend(year=year, fund=fund[year], months=len(months[year]), source=source)
        for year in wanted
        if months[year]
    ]


def by_month(rows: Iterable[Counted]) -> dict[int, list[int]]:
    """Each year's twelve months of fund spending."""
    found: dict[int, list[int]] = defaultdict(lambda: [0] * 12)
    for row in rows:
        found[row.year][row.month - 1] += row.fund
    return dict(found)
