"""Who lives together: a household joined, or a new one founded."""

import secrets
from datetime import datetime

from django.utils.translation import gettext as _

from catchment.kernel import audit
from catchment.kernel.actor import Actor
from catchment.kernel.errors import Invalid, Problem
from catchment.rooms.people.actions.changing import changing
from catchment.rooms.people.models import Household, Person

CAPABILITY = "people.register"


def join_household(*, actor: Actor, now: datetime, person_id: int, with_person_id: int) -> Person:
    """Let the person live with somebody else; where those have no household yet, they head a new one.

    Raises `Invalid` where there is no such other person, or where they have no area and no household.
    """
    actor.require(CAPABILITY)
    with changing(person_id) as person:
        settle_household(person, with_person_id, founds=False)
        audit.record(actor=actor, event="person.join-household", at=now, person_id=person.pk)
    return person


def found_household(*, actor: Actor, now: datetime, person_id: int) -> Person:
    """Give the person a household of their own, which they head. Raises `Invalid` where their village is not known."""
    actor.require(CAPABILITY)
    with changing(person_id) as person:
        settle_household(person, None, founds=True)
        audit.record(actor=actor, event="person.found-household", at=now, person_id=person.pk)
    return person


def settle_household(person: Person, with_person_id: int | None, *, founds: bool) -> None:
    """Write the household of a person whom the caller's transaction holds; nothing where none is asked for."""
    if with_person_id is not None:
        person.household, person.is_head = _household_of(person, with_person_id), False
    elif founds:
        person.household, person.is_head = _founded(person), True
    else:
        return
    person.save(update_fields=["household", "is_head"])


def _household_of(person: Person, other_id: int) -> Household:
    other = Person.objects.select_for_update().filter(pk=other_id, merged_into__isnull=True).first()
    if other is None or other.pk == person.pk:
        raise Invalid(Problem("household", _("没有找到这位家庭成员，请重新查找")))
    if other.household is None:
        other.household, other.is_head = _founded(other), True
        other.save(update_fields=["household", "is_head"])
    return other.household


def _founded(head: Person) -> Household:
    if head.area is None:
        raise Invalid(Problem("household", _("建立家庭前请先登记户主所在的村或社区")))
    return Household.objects.create(code=f"H{secrets.token_hex(8)}", area=head.area, address=head.address)
