"""One person, locked while what is known of them changes."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import transaction
from django.utils.translation import gettext as _

from catchment.kernel import wall
from catchment.kernel.errors import NotFound, Refusal
from catchment.rooms.people.models import Person


@contextmanager
def changing(person_id: int) -> Iterator[Person]:
    """The person, locked, whom the actor sees; from there on the registry works, whoever else holds a number.

    Raises `NotFound`, and `Refusal` for a merged duplicate.
    """
    with transaction.atomic():
        person = _locked(person_id)
        with wall.acting("registration"):
            yield person


def _locked(person_id: int) -> Person:
    person = Person.objects.select_for_update().filter(pk=person_id).first()
    if person is None:
        raise NotFound("no-such-person", _("没有找到这位居民"))
    if person.merged_into_id is not None:
        raise Refusal("merged", _("这份档案已并入另一位居民，请到保留的档案上办理"))
    return person
