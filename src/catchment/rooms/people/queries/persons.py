"""One person: the row behind a public identifier, and what the banner says of them."""

from uuid import UUID

from django.db.models import QuerySet
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from catchment.kernel import compiled
from catchment.kernel.errors import NotAllowed, NotFound, Refusal
from catchment.rooms.people.models import Person
from catchment.rooms.people.queries.search import found_line
from catchment.rooms.people.types import PersonBanner
from catchment.standards.identity.identifiers import mask_mobile


def person_by_public_id(public_id: UUID) -> Person:
    """The person of that identifier, or the one they were merged into.

    `NotFound` when there is none; `NotAllowed` with `no-relation` when the acting post may find but not open them.
    """
    try:
        return _kept(Person.objects.filter(public_id=public_id))
    except NotFound:
        raise refusal_for(public_id) from None


def person_by_id(person_id: int) -> Person:
    """The person of that row, or the one they were merged into; `NotFound` when there is none."""
    return _kept(Person.objects.filter(pk=person_id))


def key_of(public_id: UUID) -> int:
    """The row of that identifier, or of the one they were merged into; `NotFound` when nobody is seen there."""
    found = compiled.rows(_keys, public_id)
    if not found:
        raise NotFound("not-found", _("没有找到这位居民"))
    return int(found[0][0])


def _keys(public_id: UUID) -> QuerySet[Person, tuple[int]]:
    return Person.objects.filter(public_id=public_id).values_list(Coalesce("merged_into_id", "pk"))


def anybody() -> bool:
    """Whether there is any resident at all."""
    return Person.objects.exists()


def row_of(public_id: UUID) -> Person:
    """The very row of that identifier, merged or not: for merging alone. `NotFound` when there is none."""
    person = Person.objects.filter(public_id=public_id).first()
    if person is None:
        raise NotFound("no-such-person", _("没有找到这位居民"))
    return person


def banner(person: Person) -> PersonBanner:
    """What stays in sight on every page about the person; asks nothing more when area and facility are loaded."""
    return PersonBanner(
        public_id=person.public_id,
        name=person.name,
        sex=person.sex,
        birth_date=person.birth_date,
        deceased_on=person.deceased_on,
        village=person.area.name if person.area else "",
        phone_masked=mask_mobile(person.phone),
        primary_facility_name=person.primary_facility.name if person.primary_facility else "",
    )


def _kept(rows: QuerySet[Person]) -> Person:
    loaded = "area", "primary_facility", "household"
    person = rows.select_related(*loaded).first()
    if person is not None and person.merged_into_id is not None:
        person = Person.objects.select_related(*loaded).filter(pk=person.merged_into_id).first()
    if person is None:
        raise NotFound("no-such-person", _("没有找到这位居民"))
    return person


def refusal_for(public_id: UUID) -> Refusal:
    """Why a person cannot be shown: nobody is there, or there is no relation of care, which can be begun."""
    if found_line(public_id) is None:
        return NotFound("no-such-person", _("没有找到这位居民"))
    words = _("与这位居民目前没有诊疗关系。本人在场请核对证件，紧急情况可紧急调阅。")
    return NotAllowed("no-relation", words, public_id=str(public_id))
