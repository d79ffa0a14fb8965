"""Questions about notifiable infections."""

from datetime import date
from uuid import UUID

from django.utils.translation import get_language

from catchment.kernel.actor import Actor
from catchment.kernel.errors import NotFound
from catchment.rooms.rulebook import queries as rulebook
from catchment.rooms.surveillance.models import ReportCard
from catchment.rooms.surveillance.rules import NOTIFIABLE, Disease, NotifiableRule


def notifiable_on(day: date) -> NotifiableRule | None:
    """The list in force on a day; `None` where the county has none."""
    try:
        return rulebook.rule_on(NOTIFIABLE, day, NotifiableRule)
    except NotFound:
        return None


def verified_on(day: date) -> bool:
    """Whether somebody has verified that list."""
    try:
        return rulebook.edition_on(NOTIFIABLE, day).verified
    except NotFound:
        return False


def card(actor: Actor, ref: str) -> ReportCard | None:
    """The report card behind a case, as far as the walls show it to the actor; `None` for any other reference."""
    if not actor.may("surveillance.read"):
        return None
    try:
        key = UUID(ref)
    except ValueError:
        return None
    return ReportCard.objects.select_related("facility").filter(public_id=key).first()


def disease_name(found: ReportCard, day: date) -> str:
    """The infection's name in the reader's language; as it was written down where the day's list has it no longer."""
    rule = notifiable_on(day)
    known: Disease | None = next((one for one in rule.diseases if one.code == found.disease), None) if rule else None
    return known.en if known and get_language() == "en" else found.name
