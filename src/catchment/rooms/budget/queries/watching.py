"""Counting what the fund watches for, and the events behind each count."""

from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

from django.db import connection

from catchment.rooms.budget.queries.spending import EVENTS, OUTSIDE, Community
from catchment.rooms.budget.rules.case_mix import QUARTERS, Weighed
from catchment.rooms.budget.rules.editions import WatchItem
from catchment.rooms.budget.rules.watching import Count, Figure
from catchment.rooms.budget.types import Event, Sign, Watch

MOST_EVENTS = 500
"""So many events stand behind a finding, those with most fund money first; the figure counts all."""
NAMED = "coalesce(f.id, 0), coalesce(f.name, '')"
HERE = "f.id = any(%(members)s)"


def _share(part: str, whole: str) -> str:
    """The columns of a share: part, whole, events, and the variance of the share over events (a ratio of two sums)."""
    ratio = f"(sum({part})::float8 / nullif(sum({whole}), 0))"
    squares = f"sum(({part})::float8 ^ 2) - 2 * {ratio} * sum(({part})::float8 * ({whole}))"
    return f"""coalesce(sum({part}), 0)::bigint, coalesce(sum({whole}), 0)::bigint, count(*),
    ({squares} + {ratio} ^ 2 * sum(({whole})::float8 ^ 2)) / nullif(sum({whole}), 0)::float8 ^ 2"""


VISITS = f"select {NAMED}, count(*), 0, count(*), null::float8 {EVENTS} and {HERE} group by 1, 2"
OWN_PART = f"select {NAMED}, {_share('e.own', 'e.cost')} {EVENTS} and {HERE} and e.klass = 'IMP' group by 1, 2"
OUTFLOW = f"""select 0, '', {_share(f"case when {OUTSIDE} then e.fund else 0 end", "e.fund")} {EVENTS}
    and e.klass = 'IMP'"""
AGAIN = """exists (select from record_encounter n where n.person_id = e.person_id and n.klass = 'IMP'
    and n.id is distinct from e.encounter_id and n.facility_id = e.facility_id and n.at >= e.ended_at and (
        n.at < e.ended_at + %(split_days)s * interval '1 day' or n.at < e.ended_at + %(days)s * interval '1 day'
            and left(n.reason_code, 3) = left(e.reason_code, 3)))"""
"""In again at the same place: soon for the same disease, or at once for any."""
SEVERE_GROUP = "right(e.drg, 1) in ('1', '3')"
RESULTS = "from record_observation o where o.encounter_id = e.encounter_id and o.interpretation <> ''"
BARE = f"not exists (select {RESULTS} and o.interpretation = any(%(results)s))"
"""No result of the stay is outside of what is usual; stays without any judged result are not counted at all."""
JUDGED = f"e.klass = 'IMP' and {SEVERE_GROUP} and exists (select {RESULTS})"
UNSUPPORTED = f"select {NAMED}, {_share(f'({BARE})::int', '1')} {EVENTS} and {HERE} and {JUDGED} group by 1, 2"
WEIGHED = f"""select {NAMED}, extract(year from e.day)::int, extract(quarter from e.day)::int, e.adrg, count(*),
    sum(e.weight), sum(e.weight ^ 2), count(*) filter (where {SEVERE_GROUP}) {EVENTS} and {HERE} and e.klass = 'IMP'
    and e.weight is not null and e.adrg <> '' group by 1, 2, 3, 4, 5"""  # noqa: S608 constants only
CODED = f"""select {NAMED}, {_share(f"({SEVERE_GROUP})::int", "1")} {EVENTS} and {HERE}
    and e.klass = 'IMP' and right(e.drg, 1) in ('1', '3', '5') group by 1, 2"""
READMITTED = f"""select {NAMED}, {_share(f"({AGAIN})::int", "1")} {EVENTS} and {HERE}
    and e.klass = 'IMP' and e.ended_at is not null group by 1, 2"""
SEVERE = """from referral_referral r join places_facility f on f.id = any(%(members)s)
    left join lateral (select true as refused from kernel_flowevent s where s.subject_kind = 'referral'
        and s.subject_id = r.id and s.verb = 'decline' and s.facility_id = f.id limit 1) d on true
    where r.sent_at >= %(since)s and r.sent_at < %(until)s and (d.refused or r.to_facility_id = f.id)
    and (r.urgency in ('emergency', 'urgent') or r.diagnosis_code ^@ any(%(codes)s))"""
REFUSED = f"select {NAMED}, {_share('coalesce(d.refused, false)::int', '1')} {SEVERE} group by 1, 2"
TOLD = """select e.klass, e.id, e.person_id, e.day, coalesce(f.name, ''),
    concat_ws(' · ', nullif(e.reason, ''), nullif(e.reason_code, ''), nullif(e.drg, '')), e.fund"""
LAST = "order by 7 desc, 2 limit %(most)s"
BEHIND = {
    Watch.UNDER_SERVICE: f"""{TOLD} {EVENTS} and f.id = %(place)s and not exists (select from record_encounter n
        where n.person_id = e.person_id and n.facility_id = e.facility_id and n.at >= %(from)s and n.at < %(to)s)
        {LAST}""",
    Watch.COST_SHIFT: f"{TOLD} {EVENTS} and f.id = %(place)s and e.klass = 'IMP' {LAST}",
    Watch.UPCODING: f"""{TOLD} {EVENTS} and f.id = %(place)s and e.klass = 'IMP' and {SEVERE_GROUP} {LAST}""",
    Watch.CASE_MIX: f"{TOLD} {EVENTS} and f.id = %(place)s and e.klass = 'IMP' and {SEVERE_GROUP} {LAST}",
    Watch.UNSUPPORTED: f"{TOLD} {EVENTS} and f.id = %(place)s and {JUDGED} and {BARE} {LAST}",
    Watch.OUTFLOW: f"{TOLD} {EVENTS} and e.klass = 'IMP' and {OUTSIDE} {LAST}",
    Watch.READMISSION: f"{TOLD} {EVENTS} and f.id = %(place)s and e.klass = 'IMP' and {AGAIN} {LAST}",
    Watch.REFUSED_SEVERE: f"""select 'referral', r.id, r.person_id, (r.sent_at at time zone 'Asia/Shanghai')::date,
        f.name, concat_ws(' · ', r.urgency, nullif(r.diagnosis, ''), nullif(r.diagnosis_code, '')), 0::bigint
        {SEVERE} and d.refused and f.id = %(place)s {LAST}""",
}


COUNTS = {
    Watch.UNDER_SERVICE: VISITS,
    Watch.UPCODING: CODED,
    Watch.UNSUPPORTED: UNSUPPORTED,
    Watch.COST_SHIFT: OWN_PART,
    Watch.OUTFLOW: OUTFLOW,
    Watch.READMISSION: READMITTED,
    Watch.REFUSED_SEVERE: REFUSED,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """The months watched, and the same months a year before; the last day is not counted any more."""

    since: date
    until: date

    @staticmethod
    def of(sign: Sign, whole: "Span") -> "Span":
        """The months in which a sign was seen."""
        return Span(since=sign.since or whole.since, until=sign.until or whole.until)

    @property
    def before(self) -> "Span":
        return Span(since=_year_back(self.since), until=_year_back(self.until))


def figures(item: WatchItem, of: Community, span: Span, heads: tuple[int, int]) -> list[Figure]:
    """What one rule counts, by facility; `heads` are the community's insured now and a year before."""
    asked = COUNTS[item.watch]
    now, before = _rows(asked, item, of, span), _rows(asked, item, of, span.before)
    per_head = item.watch is Watch.UNDER_SERVICE
    places = sorted({**now, **before}.items())
    return [
        Figure(
            facility_id=place or None,
            facility=row.name,
            now=_count(now.get(place), heads[0] if per_head else None),
            before=_count(before.get(place), heads[1] if per_head else None),
        )
        for place, row in places
    ]


def weighed(item: WatchItem, of: Community, span: Span) -> list[Weighed]:
    """Inpatient cases by facility, quarter and group of diseases: those of the span's year and of the year before."""
    with connection.cursor() as cursor:
        cursor.execute(WEIGHED, _asked(item, of, Span(since=span.before.since, until=span.until)))
        return [
            Weighed(
                place, name, year * QUARTERS + quarter - 1, adrg, cases, Fraction(weight), Fraction(squared), heavy
            )
            for place, name, year, quarter, adrg, cases, weight, squared, heavy in cursor.fetchall()
        ]  # fmt: skip


def events_behind(item: WatchItem, sign: Sign, of: Community, span: Span) -> list[Event]:
    """The events behind a sign; for fewer visits, last year's of those who have not been seen since."""
    counted = span.before if item.watch is Watch.UNDER_SERVICE else Span.of(sign, span)
    asked = _asked(item, of, counted) | {
        "place": sign.facility_id,
        "most": MOST_EVENTS,
        "from": span.since,
        "to": span.until,
    }
    with connection.cursor() as cursor:
        cursor.execute(BEHIND[item.watch], asked)
        return [
            Event(kind=kind, key=key, person_id=person, day=day, facility=place, what=what, fund=fund)
            for kind, key, person, day, place, what, fund in cursor.fetchall()
        ]


@dataclass(frozen=True, slots=True)
class _Row:
    name: str
    counted: int
    of: int
    events: int
    variance: float | None


def _count(row: _Row | None, heads: int | None) -> Count:
    """Nothing where a place does not appear; the heads are the whole where a rule counts per head."""
    if row is None:
        return Count(counted=0, of=heads or 0)
    return Count(
        counted=row.counted, of=row.of if heads is None else heads, events=row.events, variance=row.variance or 0.0
    )


def _rows(statement: str, item: WatchItem, of: Community, span: Span) -> dict[int, _Row]:
    with connection.cursor() as cursor:
        cursor.execute(statement, _asked(item, of, span))
        return {key: _Row(*counts) for key, *counts in cursor.fetchall()}


def _asked(item: WatchItem, of: Community, span: Span) -> dict[str, Any]:
    ruled = {
        "days": item.days,
        "split_days": item.split_days,
        "codes": list(item.codes),
        "results": list(item.results),
    }
    return of.asked(span.since, span.until) | ruled


def _year_back(day: date) -> date:
    """The same day a year before; always the first of a month here."""
    return day.replace(year=day.year - 1)
