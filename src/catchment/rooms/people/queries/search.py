"""Find residents by what people type: name, pinyin, initials, phone, a number of any register."""

from dataclasses import dataclass

from django.db import connection

from catchment.kernel.actor import Actor
from catchment.rooms.people.models import Person
from catchment.rooms.people.types import Evidence, PersonLine
from catchment.standards.identity.identifiers import mask_mobile
from catchment.standards.identity.names import normalise_query

LAST = "\U0010ffff"
TOKENS_PER_PERSON = 4
FIND = """
with hits as (
    (select person_id, token, 0 as place from people_searchtoken
     where facility_id = %(here)s and token ~>=~ %(first)s and token ~<~ %(last)s
     order by token using ~<~ limit %(rows)s)
    union all
    (select person_id, token, 1 from people_searchtoken
     where token ~>=~ %(first)s and token ~<~ %(last)s
     order by token using ~<~ limit %(rows)s)
    union all
    (select person_id, '', -1 from people_personidentifier where value = any(%(numbers)s) limit %(rows)s)
)
select coalesce(person.merged_into_id, person.id), hits.place, hits.token
from hits join people_person person on person.id = hits.person_id
order by hits.place, hits.token using ~<~, 1
"""


@dataclass(frozen=True, slots=True)
class _Hit:
    person_id: int
    token: str
    by_number: bool


def search(actor: Actor, text: str, *, limit: int = 20) -> list[PersonLine]:
    """Persons found by the beginning of a name, its pinyin, initials or phone, or by a whole number of any register.

    Numbers first, then the actor's own facility, then everybody; in each the closest first. A merged
    duplicate is shown as the person who was kept. Two queries. Raises `NotAllowed` without `people.search`.
    """
    actor.require("people.search")
    if not text.strip():
        return []
    hits = _hits(actor.facility_id, text, limit)
    rows = Person.objects.filter(pk__in=hits, merged_into__isnull=True).select_related("area", "primary_facility")
    found = {person.pk: person for person in rows}
    return [_line(found[key], hit) for key, hit in hits.items() if key in found]


def _hits(here: int | None, text: str, limit: int) -> dict[int, _Hit]:
    """The first `limit` persons, best first, each with the hit that brought them up.

    The range `~>=~` to `~<~` is a prefix in byte order, so that the pattern index serves it, sorted, whatever
    the database's collation, also where a policy on the rows allows only leakproof operators.
    """
    token = normalise_query(text).token
    values = {
        "here": here,
        "first": token,
        "last": token + LAST if token else "",
        "numbers": _numbers(text),
        "rows": limit * TOKENS_PER_PERSON,
    }
    with connection.cursor() as cursor:
        cursor.execute(FIND, values)
        rows = cursor.fetchall()
    hits: dict[int, _Hit] = {}
    for person_id, place, token in rows:
        hits.setdefault(person_id, _Hit(person_id, token, by_number=place < 0))
    return dict(list(hits.items())[:limit])


def _numbers(text: str) -> list[str]:
    bare = text.strip()
    return list({bare, bare.upper(), bare.replace(" ", "").upper()})


def _line(person: Person, hit: _Hit) -> PersonLine:
    return PersonLine(
        public_id=person.public_id,
        name=person.name,
        sex=person.sex,
        birth_date=person.birth_date,
        village=person.area.name if person.area else "",
        phone_masked=mask_mobile(person.phone),
        primary_facility_name=person.primary_facility.name if person.primary_facility else "",
        matched=_evidence(person, hit),
    )


def _evidence(person: Person, hit: _Hit) -> Evidence:
    if hit.by_number:
        return Evidence.IDENTIFIER
    if hit.token.isdecimal():
        return Evidence.PHONE
    return Evidence.NAME if hit.token in person.name.lower() or not hit.token.isascii() else Evidence.SOUND
