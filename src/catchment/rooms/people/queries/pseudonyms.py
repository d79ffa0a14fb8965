"""People as an office that may not see them calls them."""

from collections.abc import Iterable

from django.db.models.functions import Coalesce

from catchment.kernel import wall
from catchment.kernel.actor import Actor
from catchment.rooms.people.models import Person
from catchment.rooms.people.rules.pseudonyms import pseudonym

SYSTEM = "pseudonyms"


def pseudonyms(actor: Actor, person_ids: Iterable[int | None]) -> dict[int, str]:
    """The actor's office's word for each of these people, in one query; a merged duplicate goes by the person kept."""
    wanted = {one for one in person_ids if one is not None}
    if not wanted:
        return {}
    with wall.acting(SYSTEM):
        keys = dict(
            Person.objects.filter(pk__in=wanted).values_list("pk", Coalesce("merged_into__person_key", "person_key"))
        )
    return {person_id: pseudonym(actor.here, key) for person_id, key in keys.items()}
