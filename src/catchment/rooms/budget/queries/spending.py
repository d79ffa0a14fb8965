"""What the fund spent on a community's residents, wherever they were treated, counted from the record."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection

from catchment.rooms.budget.types import Category, YearSpend

FINISHED = "e.status = 'finished' and (e.cost_parts ->> 'fund') is not null"
DAY = "(coalesce(e.ended_at, e.at) at time zone 'Asia/Shanghai')::date"
OUTSIDE = "not coalesce(a.code like %(county)s and f.level not in ('city', 'province'), false)"
CATEGORY = f"""case when e.klass = 'IMP' and {OUTSIDE} then 'inpatient-out' when e.klass = 'IMP' then 'inpatient-in'
    when e.reason_code ^@ any(%(chronic)s) then 'chronic' else 'outpatient' end"""
EVENTS = f"""from record_encounter e join people_person p on p.id = e.person_id
    left join places_facility f on f.id = e.facility_id left join places_area a on a.id = f.area_id
    where p.primary_facility_id = any(%(members)s) and {FINISHED} and {DAY} >= %(since)s and {DAY} < %(until)s"""
COUNTED = f"""select extract(month from {DAY})::int, extract(year from {DAY})::int, e.facility_id, {CATEGORY},
    sum((e.cost_parts ->> 'fund')::bigint)::bigint, sum(coalesce(e.cost_fen, 0))::bigint, count(*)
    {EVENTS} group by 1, 2, 3, 4 order by 2, 1, 3, 4"""  # noqa: S608 constants only


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
