"""Counting what the fund watches for, and the events behind each count."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection

from catchment.rooms.budget.queries.spending import EVENTS, OUTSIDE, Community
from catchment.rooms.budget.rules.editions import WatchItem
from catchment.rooms.budget.rules.watching import Figure
from catchment.rooms.budget.types import Event, Sign, Watch

MOST_EVENTS = 500
"""So many events stand behind a finding, those with most fund money first; the figure counts all."""
Counts = tuple[int, int, int]
NOTHING: Counts = (0, 0, 0)
NAMED = "coalesce(f.id, 0), coalesce(f.name, '')"
HERE = "f.id = any(%(members)s)"
VISITS = f"select {NAMED}, count(*), 0, count(*) {EVENTS} and {HERE} group by 1, 2"
OWN_PART = f"""select {NAMED}, sum(e.cost - e.fund)::bigint,
    sum(e.cost)::bigint, count(*) {EVENTS} and {HERE} and e.klass = 'IMP' group by 1, 2"""
OUTFLOW = f"""select 0, '', coalesce(sum(e.fund) filter (where {OUTSIDE}), 0)::bigint,
    coalesce(sum(e.fund), 0)::bigint, count(*) {EVENTS} and e.klass = 'IMP'"""
AGAIN = """exists (select from record_encounter n where n.person_id = e.person_id and n.klass = 'IMP' and n.id <> e.id
    and n.facility_id = e.facility_id and n.at >= e.ended_at and n.at < e.ended_at + %(days)s * interval '1 day'
    and left(n.reason_code, 3) = left(e.reason_code, 3))"""
SEVERE_GROUP = "right(e.drg, 1) in ('1', '3')"
CODED = f"""select {NAMED}, count(*) filter (where {SEVERE_GROUP}), count(*), count(*) {EVENTS} and {HERE}
    and e.klass = 'IMP' and right(e.drg, 1) in ('1', '3', '5') group by 1, 2"""
READMITTED = f"""select {NAMED}, count(*) filter (where {AGAIN}), count(*), count(*) {EVENTS} and {HERE}
    and e.klass = 'IMP' and e.ended_at is not null group by 1, 2"""
SEVERE = """from referral_referral r join places_facility f on f.id = any(%(members)s)
    left join lateral (select true as refused from kernel_flowevent s where s.subject_kind = 'referral'
        and s.subject_id = r.id and s.verb = 'decline' and s.facility_id = f.id limit 1) d on true
    where r.sent_at >= %(since)s and r.sent_at < %(until)s and (d.refused or r.to_facility_id = f.id)
    and (r.urgency in ('emergency', 'urgent') or r.diagnosis_code ^@ any(%(codes)s))"""
REFUSED = f"select {NAMED}, count(*) filter (where d.refused), count(*), count(*) {SEVERE} group by 1, 2"
TOLD = """select e.klass, e.id, e.person_id, e.day, coalesce(f.name, ''),
    concat_ws(' · ', nullif(e.reason, ''), nullif(e.reason_code, ''), nullif(e.drg, '')), e.fund"""
LAST = "order by 7 desc, 2 limit %(most)s"
BEHIND = {
    Watch.UNDER_SERVICE: f"""{TOLD} {EVENTS} and f.id = %(place)s and not exists (select from record_encounter n
        where n.person_id = e.person_id and n.facility_id = e.facility_id and n.at >= %(from)s and n.at < %(to)s)
        {LAST}""",
    Watch.COST_SHIFT: f"{TOLD} {EVENTS} and f.id = %(place)s and e.klass = 'IMP' {LAST}",
    Watch.UPCODING: f"""{TOLD} {EVENTS} and f.id = %(place)s and e.klass = 'IMP' and {SEVERE_GROUP} {LAST}""",
    Watch.OUTFLOW: f"{TOLD} {EVENTS} and e.klass = 'IMP' and {OUTSIDE} {LAST}",
    Watch.READMISSION: f"{TOLD} {EVENTS} and f.id = %(place)s and e.klass = 'IMP' and {AGAIN} {LAST}",
    Watch.REFUSED_SEVERE: f"""select 'referral', r.id, r.person_id, (r.sent_at at time zone 'Asia/Shanghai')::date,
        f.name, concat_ws(' · ', r.urgency, nullif(r.diagnosis, ''), nullif(r.diagnosis_code, '')), 0::bigint
        {SEVERE} and d.refused and f.id = %(place)s {LAST}""",
}


COUNTS = {
    Watch.UNDER_SERVICE: VISITS,
    Watch.UPCODING: CODED,
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

    @property
    def before(self) -> "Span":
        return Span(since=_year_back(self.since), until=_year_back(self.until))


def figures(item: WatchItem, of: Community, span: Span, heads: tuple[int, int]) -> list[Figure]:
    """What one rule counts, by facility; `heads` are the community's insured now and a year before."""
    asked = COUNTS[item.watch]
    now, before = _rows(asked, item, of, span), _rows(asked, item, of, span.before)
    per_head = item.watch is Watch.UNDER_SERVICE
    return [
        _figure(place, now.get(place, NOTHING), before.get(place, NOTHING), heads if per_head else None)
        for place in sorted({*now, *before})
    ]


def events_behind(item: WatchItem, sign: Sign, of: Community, span: Span) -> list[Event]:
    """The events behind a sign; for fewer visits, last year's of those who have not been seen since."""
    counted = span.before if item.watch is Watch.UNDER_SERVICE else span
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


def _figure(place: tuple[int, str], now: Counts, before: Counts, heads: tuple[int, int] | None) -> Figure:
    return Figure(
        facility_id=place[0] or None,
        facility=place[1],
        counted=now[0],
        of=heads[0] if heads else now[1],
        counted_before=before[0],
        of_before=heads[1] if heads else before[1],
        events=now[2],
        events_before=before[2],
    )


def _rows(statement: str, item: WatchItem, of: Community, span: Span) -> dict[tuple[int, str], Counts]:
    with connection.cursor() as cursor:
        cursor.execute(statement, _asked(item, of, span))
        return {(key, name): (counted, whole, n) for key, name, counted, whole, n in cursor.fetchall()}


def _asked(item: WatchItem, of: Community, span: Span) -> dict[str, Any]:
    return {**of.asked(span.since, span.until), "days": item.days, "codes": list(item.codes)}


def _year_back(day: date) -> date:
    """The same day a year before; always the first of a month here."""
    return day.replace(year=day.year - 1)
