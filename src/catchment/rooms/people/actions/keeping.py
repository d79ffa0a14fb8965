"""What hangs on a person and is written with them: identifiers, further names, search keys."""

from collections.abc import Iterable

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from catchment.kernel.errors import Invalid, Problem
from catchment.rooms.people.models import Person, PersonContact, PersonIdentifier, PersonName, SearchToken
from catchment.rooms.people.rules import IDENTIFIER_LABELS, field_of, search_keys
from catchment.rooms.people.types import NATIONAL, Identifier


def write_identifiers(person: Person, given: Iterable[Identifier]) -> None:
    """Put the numbers on the person; one of a national register takes the place of its forerunner.

    Raises `Invalid` naming the field and the holder when a number is somebody else's.
    """
    given = list(given)
    held = _held_by_others(person, given)
    if held:
        raise Invalid(*(_taken(one, row.person) for one, row in held))
    for one in given:
        rows = PersonIdentifier.objects.filter(person=person, system=one.system, assigner=one.assigner)
        if one.system in NATIONAL:
            rows.exclude(value=one.value).delete()
        try:
            with transaction.atomic():
                rows.get_or_create(
                    value=one.value, defaults={"person": person, "system": one.system, "assigner": one.assigner}
                )
        except IntegrityError:
            raise Invalid(_taken(one, None)) from None


def add_names(person: Person, names: Iterable[str]) -> None:
    """Add further names that are not yet known."""
    known = {person.name, *PersonName.objects.filter(person=person).values_list("text", flat=True)}
    fresh = [name.strip() for name in names if name.strip() and name.strip() not in known]
    PersonName.objects.bulk_create(PersonName(person=person, text=text) for text in dict.fromkeys(fresh))


def rebuild_search_keys(person: Person) -> None:
    """Make the person's keys those of today's names, phones and facility; unchanged ones stay."""
    names = [person.name, *PersonName.objects.filter(person=person).values_list("text", flat=True)]
    contacts = PersonContact.objects.filter(person=person, kind="phone").values_list("value", flat=True)
    wanted = set(search_keys(names, [person.phone, *contacts]))
    rows = SearchToken.objects.filter(person=person)
    rows.exclude(token__in=wanted).delete()
    rows.update(facility_id=person.primary_facility_id)
    missing = wanted - set(rows.values_list("token", flat=True))
    SearchToken.objects.bulk_create(
        SearchToken(person=person, facility_id=person.primary_facility_id, token=token) for token in sorted(missing)
    )


def _held_by_others(person: Person, given: list[Identifier]) -> list[tuple[Identifier, PersonIdentifier]]:
    if not given:
        return []
    same = Q()
    for one in given:
        same |= Q(value=one.value, system=one.system, assigner=one.assigner)
    rows = PersonIdentifier.objects.filter(same).exclude(person=person).select_related("person")
    by_number = {(row.system, row.value, row.assigner): row for row in rows}
    numbers = [(one, by_number.get((one.system, one.value, one.assigner))) for one in given]
    return [(one, row) for one, row in numbers if row is not None]


def _taken(one: Identifier, holder: Person | None) -> Problem:
    label = IDENTIFIER_LABELS[one.system]
    name = holder.name if holder else _("另一位居民")
    return Problem(
        field_of(one.system),
        _("这个%(label)s已登记在“%(name)s”名下：同一人请直接打开该档案；号码有误请改正；确系两份档案请提交合并")
        % {"label": label, "name": name},
    )
