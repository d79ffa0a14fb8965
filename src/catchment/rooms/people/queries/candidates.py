"""Who may be one person: pairs that share a key, the rows that linkage compares."""

from collections.abc import Mapping
from datetime import date
from uuid import UUID

from django.db import connection, transaction

from catchment.kernel import wall
from catchment.kernel.actor import Actor
from catchment.rooms.people.queries.search import found_line
from catchment.rooms.people.rules import checked
from catchment.rooms.people.types import KeyPair, PersonLine, Registration

PAIRS_BY_KEY = """
with pairs as (
    select a.person_id as one, b.person_id as other, 'same-number' as key
    from people_personidentifier a
    join people_personidentifier b on b.value = a.value and b.person_id <> a.person_id
        and b.system <> 'local' and length(b.value) >= 8
    where a.system <> 'local' and (%(person)s::bigint is null or a.person_id = %(person)s)
    union all
    select a.id, b.id, 'same-name-birth-date-sex'
    from people_person a
    join people_person b on b.birth_date = a.birth_date and b.sex = a.sex and b.name = a.name and b.id <> a.id
    where (%(person)s::bigint is null or a.id = %(person)s)
    union all
    select a.id, b.id, 'same-name-phone'
    from people_person a
    join people_searchtoken t on t.token = a.phone and t.person_id <> a.id
    join people_person b on b.id = t.person_id and b.name = a.name
    where a.phone <> '' and (%(person)s::bigint is null or a.id = %(person)s)
)
select least(one, other), greatest(one, other), array_agg(distinct key order by key)
from pairs
join people_person p on p.id = one and p.merged_into_id is null
join people_person q on q.id = other and q.merged_into_id is null
group by 1, 2 order by 1, 2
"""
ROWS = """
select p.id, p.name, p.sex, to_char(p.birth_date, 'YYYY-MM-DD'), p.phone,
    case when p.address <> '' then concat(village.name, p.address) end,
    (select min(value) from people_personidentifier i where i.person_id = p.id and i.system = 'resident-id'),
    (select min(value) from people_personidentifier i where i.person_id = p.id and i.system = 'insurance')
from people_person p
left join places_area village on village.id = p.area_id
where p.merged_into_id is null
order by p.id
"""
"""The village alone is left out: whole villages share it, and a small table cannot be weighed for it."""

LIKE = """
select p.public_id from people_person p
where p.birth_date = %(born)s and p.sex = %(sex)s and p.name = %(name)s and p.merged_into_id is null
union
select p.public_id from people_searchtoken t join people_person p on p.id = t.person_id
where t.token = %(phone)s and %(phone)s <> '' and p.name = %(name)s and p.merged_into_id is null
limit %(most)s
"""
MOST_LIKE = 5

COLUMNS = (
    "person_id", "name", "sex", "birth_date", "phone", "address", "resident_id", "insurance_number",
)  # fmt: skip


def pairs_by_key(person_id: int | None = None) -> list[KeyPair]:
    """Pairs that share a whole number, or name and birth date and sex, or name and phone; of one person or of all."""
    with connection.cursor() as cursor:
        cursor.execute(PAIRS_BY_KEY, {"person": person_id})
        return [KeyPair(left, right, tuple(keys)) for left, right, keys in cursor.fetchall()]


def everybody() -> list[Mapping[str, object]]:
    """What linkage compares, of all people, merged duplicates left out."""
    with connection.cursor() as cursor:
        cursor.execute(ROWS)
        return [dict(zip(COLUMNS, (value or None for value in row), strict=True)) for row in cursor.fetchall()]


def like(actor: Actor, told: Registration, today: date) -> list[PersonLine]:
    """Who is registered already and shares a key with what is told, as a search would show them; at most five.

    The keys are those by which the two would be suspected afterwards, but for a number, which cannot be held twice.
    """
    actor.require("people.register")
    sound, _problems = checked(told, today)
    asked = {
        "name": sound.name, "born": sound.birth_date, "sex": sound.sex, "phone": sound.phone, "most": MOST_LIKE,
    }  # fmt: skip
    with wall.acting("registration"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(LIKE, asked)
        found: list[UUID] = [row[0] for row in cursor.fetchall()]
    lines = [found_line(one) for one in found]
    return [line[1] for line in lines if line is not None]
