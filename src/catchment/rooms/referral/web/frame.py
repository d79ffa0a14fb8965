"""What every page about a person shares: the person, their banner, the rules' editions in force."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.http import QueryDict
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from catchment.kernel import clock, panels
from catchment.kernel.actor import Actor
from catchment.kernel.errors import NotFound
from catchment.kernel.flow import Choice
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
    own, today = people.banner(person), timezone.localdate(clock.now())
    doctor = panels.merged("person-banner", person_id=person.pk, day=today)
    more = doctor | panels.merged("banner-alerts", person_id=person.pk)
    return {"person": person, "banner": {**{name: getattr(own, name) for name in own.__dataclass_fields__}, **more}}


def own_documents(person: Person, given: QueryDict) -> set[int]:
    """Those of the chosen documents that are this person's own."""
    chosen = [int(number) for number in given.getlist("document") if number.isdecimal()]
    if not chosen:
        return set()
    return set(Document.objects.filter(person=person, pk__in=chosen).values_list("pk", flat=True))


def not_now(choices: Sequence[Choice], named: Mapping[str, Promise]) -> list[tuple[str, list[Promise]]]:
    """The steps that cannot be taken now by the reason why not, each step once; in the table's order."""
    told = {choice.step.verb for choice in choices if choice.allowed}
    found: dict[str, list[Promise]] = {}
    for choice in choices:
        if choice.step.verb not in told:
            told.add(choice.step.verb)
            found.setdefault(choice.why, []).append(named[choice.step.verb])
    return list(found.items())
