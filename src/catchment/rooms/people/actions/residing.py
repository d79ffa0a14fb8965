"""Where a person lived before: the moves that are kept, so that a past year counts them where they lived then."""

from datetime import date, datetime

from django.utils.translation import gettext as _

from catchment.kernel.actor import Actor
from catchment.kernel.errors import Problem
from catchment.rooms.people.models import Person, ResidenceMove


def moving_problems(person: Person, moved_on: date, today: date) -> list[Problem]:
    """What is wrong with the day: a move lies behind today, and behind the birth and the moves already told."""
    if moved_on > today:
        return [Problem("moved_on", _("迁入日期 %s 晚于今天，请核对") % moved_on)]
    if person.birth_date is not None and moved_on < person.birth_date:
        return [Problem("moved_on", _("迁入日期早于出生日期 %s，请核对") % person.birth_date)]
    last = ResidenceMove.objects.filter(person=person).order_by("-moved_on").first()
    if last is not None and moved_on < last.moved_on:
        return [Problem("moved_on", _("迁入日期早于上一次迁移的日期 %s，请核对") % last.moved_on)]
    return []


def note_move(actor: Actor, person: Person, area_id: int | None, moved_on: date, now: datetime) -> ResidenceMove:
    """Keep that the person leaves the area on file for another."""
    return ResidenceMove.objects.create(
        person=person,
        origin_id=person.area_id,
        destination_id=area_id,
        moved_on=moved_on,
        noted_at=now,
        noted_by=actor.name,
    )
