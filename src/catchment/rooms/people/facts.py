"""Where each resident lived, which facility answered for them, how they were insured: from which day until which."""

from typing import Final

from catchment.kernel.lake.spans import holding
from catchment.kernel.lake.tables import DAY, NUMBER, TEXT, Blocks, FactTable, Feed
from catchment.rooms.places.facts import ABOVE, code_at
from catchment.rooms.places.types import Level

_BLOCKS = Blocks()


def _moves(table: str, day: str) -> str:
    """The moves of one kind that are the person's own: a merge brings those of the duplicate along, which are not."""
    return f"""
        select m.id, m.person_id, {day} as day, m.origin_id from {table} m
        where not exists (
            select from people_merge g where g.kept_id = m.person_id and g.undone_at is null
                and g.moved -> '{table}.person_id' @> to_jsonb(m.id)
        )
    """  # noqa: S608 constants only


def _left(moves: str) -> str:
    """The move by which a span's place was left: the first after the span's beginning."""
    return f"""
        left join lateral (
            select true as told, m.origin_id from {moves} m
            where m.person_id = s.person_id and (s.since is null or m.day > s.since) order by m.day, m.id limit 1
        ) {moves}_next on true
    """  # noqa: S608 constants only


_OF_PERSON: Final = "join people_person p on p.id = changed.person_id"
_OF_MERGE: Final = "join people_person p on p.id in (changed.kept_id, changed.duplicate_id)"
_BLOCK: Final = _BLOCKS.sql("p.person_key")
RESIDENCES = FactTable(
    name="residences",
    columns={
        "person_key": NUMBER, "since": DAY, "until": DAY, "area_code": TEXT, "township_code": TEXT,
        "county_code": TEXT, "facility_id": NUMBER,
    },
    query=f"""
        with home as ({_moves("people_residencemove", "m.moved_on")}),
        care as ({_moves("people_facilitymove", "(m.moved_at at time zone 'Asia/Shanghai')::date")}),
        begun as (
            select person_id, day as since from home union select person_id, day from care
            union select person_id, null from home union select person_id, null from care
        ),
        spans as (
            select s.person_id, s.since, s.until, home_next.told as moved, home_next.origin_id as area_id,
                care_next.told as handed_over, care_next.origin_id as facility_id
            from (
                select *, lead(since) over (partition by person_id order by since nulls first) as until from begun
            ) s {_left("home")} {_left("care")}
        )
        select p.person_key, s.since, s.until, coalesce(a.code, '')::text as area_code,
            {code_at(Level.TOWNSHIP, "a")} as township_code, {code_at(Level.COUNTY, "a")} as county_code,
            case when s.handed_over then s.facility_id else p.primary_facility_id end as facility_id
        from people_person p
        left join spans s on s.person_id = p.id
        left join places_area a on a.id = case when s.moved then s.area_id else p.area_id end {ABOVE.format(area="a")}
        where p.merged_into_id is null
    """,  # noqa: S608 constants only
    key=("person_key", "since"),
    partition=_BLOCKS,
    feeds=(
        Feed("people_person", _BLOCKS.sql("changed.person_key")),
        Feed("people_residencemove", _BLOCK, _OF_PERSON),
        Feed("people_facilitymove", _BLOCK, _OF_PERSON),
        Feed("people_merge", _BLOCK, _OF_MERGE),
        Feed("places_area"),
    ),
)  # fmt: skip
COVERAGES = FactTable(
    name="coverages",
    columns={"person_key": NUMBER, "since": DAY, "until": DAY, "insurance": TEXT},
    query=holding(
        """
            select p.person_key, v.id, v.since, v.until, v.kind::text as insurance
            from people_coverage v join people_person p on p.id = v.person_id and p.merged_into_id is null
        """,
        ["insurance"],
    ),
    key=("person_key", "since"),
    partition=_BLOCKS,
    feeds=(
        Feed("people_person", _BLOCKS.sql("changed.person_key")),
        Feed("people_coverage", _BLOCK, _OF_PERSON),
    ),
)
TABLES = (RESIDENCES, COVERAGES)
