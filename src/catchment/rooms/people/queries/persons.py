"""One person: the row behind a public identifier, and what the banner says of them."""

from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from catchment.kernel.errors import NotFound
from catchment.rooms.people.models import Person
from catchment.rooms.people.types import PersonBanner
from catchment.standards.identity.identifiers import mask_mobile


def person_by_public_id(public_id: UUID) -> Person:
    """The person of that identifier, or the one they were merged into; `NotFound` when there is none."""
    return _kept(Person.objects.filter(public_id=public_id))


def person_by_id(person_id: int) -> Person:
    """The person of that row, or the one they were merged into; `NotFound` when there is none."""
    return _kept(Person.objects.filter(pk=person_id))


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
        person = Person.objects.select_related(*loaded).get(pk=person.merged_into_id)
    if person is None:
        raise NotFound("no-such-person", _("没有找到这位居民"))
    return person
