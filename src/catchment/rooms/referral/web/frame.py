"""What every page about a person shares: the person, their banner, the rules' editions in force."""

from typing import Any
from uuid import UUID

from django.http import QueryDict
from django.utils.translation import gettext as _

from catchment.kernel import panels
from catchment.kernel.actor import Actor
from catchment.kernel.errors import NotFound
from catchment.rooms.people import queries as people
from catchment.rooms.people.models import Person
from catchment.rooms.record.models import Document


def person_of(actor: Actor, public_id: UUID) -> Person:
    """The living person of that identifier, as this post may see them."""
    actor.require("people.read")
    person = people.person_by_public_id(public_id)
    if person.deceased_on is not None:
        raise NotFound("deceased", _("这位居民已去世，不能再发起转诊"))
    return person


def about(person: Person) -> dict[str, Any]:
    """The context of every page about the person."""
    own = people.banner(person)
    more = {
        **panels.merged("person-banner", person_id=person.pk),
        **panels.merged("banner-alerts", person_id=person.pk),
    }
    return {"person": person, "banner": {**{name: getattr(own, name) for name in own.__dataclass_fields__}, **more}}


def own_documents(person: Person, given: QueryDict) -> set[int]:
    """Those of the chosen documents that are this person's own."""
    chosen = [int(number) for number in given.getlist("document") if number.isdecimal()]
    if not chosen:
        return set()
    return set(Document.objects.filter(person=person, pk__in=chosen).values_list("pk", flat=True))
