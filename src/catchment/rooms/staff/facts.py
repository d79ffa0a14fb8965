"""Residents with the doctor who answers for them, who answered when, and the posts there are.

`people` is published here and not by the room `people`, which knows nothing of doctors: this room stands above it.
"""

from catchment.kernel.lake.spans import holding
from catchment.kernel.lake.tables import DAY, FLAG, NUMBER, TEXT, Blocks, FactTable, Feed, Months, Whole
from catchment.rooms.places.facts import ABOVE, code_at
from catchment.rooms.places.types import Level

_BLOCKS, _MONTHS = Blocks(), Months()
_OF_PERSON = "join people_person p on p.id = changed.person_id"
PEOPLE = FactTable(
    name="people",
    columns={
        "person_key": NUMBER, "sex": TEXT, "birth_date": DAY, "deceased_on": DAY, "area_code": TEXT,
        "township_code": TEXT, "county_code": TEXT, "facility_id": NUMBER, "doctor_post_id": NUMBER,
        "contracted": FLAG, "insurance": TEXT,
    },
    query=f"""
        select p.person_key, p.sex::text, p.birth_date, p.deceased_on, coalesce(a.code, '')::text as area_code,
            {code_at(Level.TOWNSHIP, "a")} as township_code, {code_at(Level.COUNTY, "a")} as county_code,
            p.primary_facility_id as facility_id, c.post_id as doctor_post_id,
            coalesce(c.contracted, false) as contracted,
            coalesce(
                (select v.kind::text from people_coverage v where v.person_id = p.id and v.until is null
                    order by v.since desc nulls last, v.id desc limit 1), ''
            ) as insurance
        from people_person p
        left join staff_careresponsibility c on c.person_id = p.id and c.until is null
        left join places_area a on a.id = p.area_id {ABOVE.format(area="a")}
        where p.merged_into_id is null
    """,  # noqa: S608 constants only
    key=("person_key",),
    partition=_BLOCKS,
    feeds=(
        Feed("people_person", _BLOCKS.sql("changed.person_key")),
        Feed("people_coverage", _BLOCKS.sql("p.person_key"), _OF_PERSON),
        Feed("staff_careresponsibility", _BLOCKS.sql("p.person_key"), _OF_PERSON),
        Feed("places_area"),
    ),
)  # fmt: skip
CONTRACTS = FactTable(
    name="contracts",
    columns={
        "contract_id": NUMBER, "person_key": NUMBER, "post_id": NUMBER, "facility_id": NUMBER, "contracted": FLAG,
        "day": DAY, "until": DAY,
    },
    query="""
        select c.id as contract_id, p.person_key, c.post_id, t.facility_id, c.contracted, c.since as day,
            least(c.until, c.agreed_until + 1) as until
        from staff_careresponsibility c
        join people_person p on p.id = c.person_id and p.merged_into_id is null
        join staff_post t on t.id = c.post_id
    """,
    key=("contract_id",),
    partition=_MONTHS,
    feeds=(
        Feed("staff_careresponsibility", _MONTHS.sql("changed.since")),
        Feed("staff_post", _MONTHS.sql("c.since"), "join staff_careresponsibility c on c.post_id = changed.id"),
        Feed("people_person", _MONTHS.sql("c.since"), "join staff_careresponsibility c on c.person_id = changed.id"),
    ),
)  # fmt: skip
RESPONSIBILITIES = FactTable(
    name="responsibilities",
    columns={"person_key": NUMBER, "since": DAY, "until": DAY, "doctor_post_id": NUMBER, "contracted": FLAG},
    query=holding(
        """
            select p.person_key, c.id, c.since, least(c.until, c.agreed_until + 1) as until,
                c.post_id as doctor_post_id, c.contracted
            from staff_careresponsibility c join people_person p on p.id = c.person_id and p.merged_into_id is null
        """,
        ["doctor_post_id", "contracted"],
    ),
    key=("person_key", "since"),
    partition=_BLOCKS,
    feeds=(
        Feed("people_person", _BLOCKS.sql("changed.person_key")),
        Feed("staff_careresponsibility", _BLOCKS.sql("p.person_key"), _OF_PERSON),
    ),
)
POSTS = FactTable(
    name="posts",
    columns={
        "post_id": NUMBER, "practitioner_id": NUMBER, "facility_id": NUMBER, "from_facility_id": NUMBER, "role": TEXT,
        "title": TEXT, "qualification": TEXT, "since": DAY, "until": DAY,
    },
    query="""
        select t.id as post_id, t.practitioner_id, t.facility_id,
            (select h.facility_id from staff_post h
                where h.practitioner_id = t.practitioner_id and h.facility_id <> t.facility_id and h.since < t.since
                    and (h.until is null or h.until > t.since)
                order by h.since desc, h.id limit 1) as from_facility_id,
            t.role::text, r.title::text,
            coalesce((select q.kind from staff_qualification q where q.practitioner_id = t.practitioner_id
                order by q.since desc nulls last, q.id limit 1), '')::text as qualification, t.since, t.until
        from staff_post t join staff_practitioner r on r.id = t.practitioner_id
    """,
    key=("post_id",),
    partition=Whole(),
    feeds=(Feed("staff_post"), Feed("staff_practitioner"), Feed("staff_qualification")),
)  # fmt: skip
TABLES = (PEOPLE, CONTRACTS, RESPONSIBILITIES, POSTS)
