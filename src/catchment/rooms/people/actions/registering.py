"""Registering residents and keeping what is known of them right."""

from datetime import date, datetime
from typing import Unpack

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from catchment.kernel import audit, events, wall
from catchment.kernel.actor import Actor
from catchment.kernel.errors import Invalid, Problem, Refusal
from catchment.rooms.people.actions.changing import changing
from catchment.rooms.people.actions.households import settle_household
from catchment.rooms.people.actions.keeping import add_names, rebuild_search_keys, write_identifiers
from catchment.rooms.people.actions.residing import moving_problems, note_move
from catchment.rooms.people.actions.suspecting import suspect_by_keys
from catchment.rooms.people.models import FacilityMove, Person, PersonIdentifier
from catchment.rooms.people.queries.candidates import like
from catchment.rooms.people.rules import checked
from catchment.rooms.people.types import Changes, Identifier, IdentifierSystem, Registration, Sex
from catchment.rooms.places.models import Facility
from catchment.rooms.places.types import PRIMARY_KINDS
from catchment.standards.identity.identifiers import resident_id_problem

CAPABILITY = "people.register"


def register_person(*, actor: Actor, now: datetime, told: Registration, anyway: bool = True) -> Person:
    """Register a person; those who share a key with them become suspected matches in the same transaction.

    Not `anyway`: `Refusal` with `suspected` where there are such, before a second record is made; who, says
    `queries.like`. Raises `Invalid` with every problem by field, among them a number that somebody else already holds.
    """
    actor.require(CAPABILITY)
    sound, problems = checked(told, timezone.localdate(now))
    problems += _facility_problems(sound.primary_facility_id)
    if problems:
        raise Invalid(*problems)
    if not anyway and (doubles := like(actor, sound, timezone.localdate(now))):
        people = [str(one.public_id) for one in doubles]
        raise Refusal("suspected", _("可能已有同一人的档案：请先核对；确是另一个人，再选择仍要登记"), people=people)
    with wall.acting("registration"), transaction.atomic():
        person = Person.objects.create(created_at=now, updated_at=now, **_columns(sound))
        write_identifiers(person, sound.identifiers)
        add_names(person, sound.other_names)
        settle_household(person, told.lives_with_id, founds=told.is_head and told.household_id is None)
        rebuild_search_keys(person)
        suspect_by_keys(person, now)
        audit.record(actor=actor, event="person.register", at=now, person_id=person.pk)
        events.publish("person.registered", actor=actor, now=now, person_id=person.pk)
    return person


def update_person(*, actor: Actor, now: datetime, person_id: int, **changes: Unpack[Changes]) -> Person:
    """Change what is given and leave the rest; search keys keep in step. Further names are added, never removed.

    The audit says which fields changed, not to what. The responsible facility has its own action. Another area is a
    move, which is kept, unless `moved_on` is `None`.
    Raises `Invalid` by field, `NotFound`, and `Refusal` for a merged duplicate.
    """
    actor.require(CAPABILITY)
    with changing(person_id) as person:
        today = timezone.localdate(now)
        sound, problems = checked(_as_told(person, changes), today)
        moved_on = changes.get("moved_on", today) if sound.area_id != person.area_id else None
        if moved_on is not None:
            problems += moving_problems(person, moved_on, today)
        if problems:
            raise Invalid(*problems)
        if moved_on is not None:
            note_move(actor, person, sound.area_id, moved_on, now)
        for column, value in _columns(sound).items():
            setattr(person, column, value)
        person.updated_at = now
        person.save()
        write_identifiers(person, sound.identifiers)
        add_names(person, sound.other_names)
        rebuild_search_keys(person)
        suspect_by_keys(person, now)
        audit.record(
            actor=actor, event="person.update", at=now, person_id=person.pk, detail={"fields": sorted(changes)}
        )
    return person


def move_primary_facility(*, actor: Actor, now: datetime, person_id: int, facility_id: int, reason: str) -> Person:
    """Give the person another responsible primary facility. Only so does it change; the move and its reason are kept.

    The post must stand in the facility that gives the person up or the one that takes them over, unless it
    manages places. Raises `Invalid` by field and `Refusal` when nothing would change.
    """
    actor.require(CAPABILITY)
    problems = _facility_problems(facility_id)
    if not reason.strip():
        problems.append(Problem("reason", _("请写明变更原因")))
    if problems:
        raise Invalid(*problems)
    with changing(person_id) as person:
        origin_id = person.primary_facility_id
        _require_party(actor, origin_id, facility_id)
        FacilityMove.objects.create(
            person=person,
            origin_id=origin_id,
            destination_id=facility_id,
            reason=reason.strip(),
            moved_at=now,
            moved_by=actor.name,
        )
        person.primary_facility_id = facility_id
        person.updated_at = now
        person.save(update_fields=["primary_facility", "updated_at"])
        rebuild_search_keys(person)
        audit.record(
            actor=actor,
            event="person.move-primary-facility",
            at=now,
            person_id=person.pk,
            detail={"from": origin_id, "to": facility_id},
        )
    return person


def record_death(*, actor: Actor, now: datetime, person_id: int, on: date | None) -> Person:
    """Record the day of death; `None` takes back one recorded in error. Raises `Invalid` for an impossible day."""
    actor.require(CAPABILITY)
    with changing(person_id) as person:
        if on is not None and on > timezone.localdate(now):
            raise Invalid(Problem("deceased_on", _("死亡日期 %s 晚于今天，请核对") % on))
        if on is not None and person.birth_date is not None and on < person.birth_date:
            raise Invalid(Problem("deceased_on", _("死亡日期早于出生日期 %s，请核对") % person.birth_date))
        person.deceased_on = on
        person.updated_at = now
        person.save(update_fields=["deceased_on", "updated_at"])
        event = "person.deceased" if on else "person.deceased-withdrawn"
        audit.record(actor=actor, event=event, at=now, person_id=person.pk)
    return person


def _as_told(person: Person, changes: Changes) -> Registration:
    given = changes.get("identifiers", ())
    new_card = any(one.system is IdentifierSystem.RESIDENT_ID for one in given)
    weighed = not new_card and not changes.keys().isdisjoint({"birth_date", "sex"})
    kept = _sound_card(person) if weighed else ()
    return Registration(
        name=changes.get("name", person.name),
        sex=changes.get("sex", Sex(person.sex)),
        birth_date=changes.get("birth_date", person.birth_date),
        identifiers=(*given, *kept),
        phone=changes.get("phone", person.phone),
        area_id=changes.get("area_id", person.area_id),
        address=changes.get("address", person.address),
        household_id=changes.get("household_id", person.household_id),
        is_head=changes.get("is_head", person.is_head),
        primary_facility_id=person.primary_facility_id,
        other_names=changes.get("other_names", ()),
    )


def _sound_card(person: Person) -> tuple[Identifier, ...]:
    rows = PersonIdentifier.objects.filter(person=person, system=IdentifierSystem.RESIDENT_ID)
    sound = [row for row in rows if resident_id_problem(row.value) is None][:1]
    return tuple(Identifier(system=IdentifierSystem.RESIDENT_ID, value=row.value) for row in sound)


def _columns(told: Registration) -> dict[str, object]:
    return {
        "name": told.name,
        "sex": told.sex,
        "birth_date": told.birth_date,
        "phone": told.phone,
        "area_id": told.area_id,
        "address": told.address,
        "household_id": told.household_id,
        "is_head": told.is_head,
        "primary_facility_id": told.primary_facility_id,
    }


def _facility_problems(facility_id: int | None) -> list[Problem]:
    if facility_id is None:
        return []
    facility = Facility.objects.filter(pk=facility_id, active=True).first()
    if facility is None:
        return [Problem("primary_facility", _("没有这家机构，或已停用，请重新选择"))]
    if facility.kind not in PRIMARY_KINDS:
        return [Problem("primary_facility", _("%s 不是基层机构，请选择卫生院、社区中心或村卫生室") % facility.name)]
    return []


def _require_party(actor: Actor, origin_id: int | None, destination_id: int) -> None:
    if origin_id == destination_id:
        raise Refusal("unchanged", _("居民已由这家机构负责"))
    if actor.facility_id not in {origin_id, destination_id}:
        actor.require("places.manage")
