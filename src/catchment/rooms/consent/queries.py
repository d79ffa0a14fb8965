"""Questions about who may see whom, and who has."""

from datetime import date, datetime
from functools import lru_cache
from typing import Any

from django.db import connection
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from catchment.kernel.errors import NotFound
from catchment.kernel.models import AuditEntry
from catchment.kernel.wall import Terms
from catchment.rooms.consent.models import Choice, Relation
from catchment.rooms.consent.rules import (
    IDENTITY,
    SENSITIVE,
    SMALL_CELLS,
    TERMS,
    IdentityRule,
    Part,
    Purpose,
    SmallCellsRule,
    TermsRule,
    parts_from,
)
from catchment.rooms.consent.types import Look, RelationKind, Sharing
from catchment.rooms.places.models import Facility
from catchment.rooms.rulebook import queries as rulebook

LOOKS = 200
SMALLEST = 10
NARROWEST = TermsRule(
    after_days=0,
    presence_hours=1,
    break_glass_minutes=15,
    review_hours=24,
    link_days=1,
    network_sharing=False,
)
NOBODY = IdentityRule(minutes=1, case_days=1, purposes=())
SEEN = ("person.read", "entry.read", "relation.begin", "relation.break-glass", "person.print", "identity.read")


def terms_on(day: date) -> TermsRule:
    """The rules of access in force on a day; the narrowest that can be worked with where no edition is."""
    try:
        return rulebook.rule_on(TERMS, day, TermsRule)
    except NotFound:
        return NARROWEST


def smallest_cell(day: date) -> int:
    """The smallest count of people, other than none, that may leave the county by the edition of the day; 10 without.

    What to withhold by it says `rules.withheld`, `rules.told` or `rules.told_shares`.
    """
    try:
        return rulebook.rule_on(SMALL_CELLS, day, SmallCellsRule).smallest
    except NotFound:
        return SMALLEST


def smallest_cell_verified(day: date) -> bool:
    """Whether somebody has verified that edition."""
    return _verified(SMALL_CELLS, day)


def terms_verified(day: date) -> bool:
    """Whether somebody has verified the rules of access in force on a day."""
    return rulebook.edition_on(TERMS, day).verified


def identity_rule(day: date) -> IdentityRule:
    """For what and for how long an office opens a person's identity on a day; for nothing where no edition is."""
    try:
        return rulebook.rule_on(IDENTITY, day, IdentityRule)
    except NotFound:
        return NOBODY


def identity_verified(day: date) -> bool:
    """Whether somebody has verified that edition."""
    return _verified(IDENTITY, day)


def _verified(key: str, day: date) -> bool:
    try:
        return rulebook.edition_on(key, day).verified
    except NotFound:
        return False


def purpose_name(purpose: Purpose) -> str:
    """A purpose in the reader's language."""
    return purpose.en if get_language() == "en" else purpose.zh


def purpose_told(code: str, day: date) -> str:
    """A purpose in words of the edition of a day; the code as it stands where that has none of it."""
    return next((purpose_name(one) for one in identity_rule(day).purposes if one.code == code), code)


def wall_terms(day: date) -> Terms:
    """What the wall needs of them."""
    rule = terms_on(day)
    return Terms(after_days=rule.after_days, shared=rule.network_sharing)


def sensitive_parts(day: date) -> tuple[Part, ...]:
    """The sensitive parts in force on a day; none where no edition is."""
    try:
        edition = rulebook.edition_on(SENSITIVE, day)
    except NotFound:
        return ()
    return _parts(edition.version, day)


def reasons_to_see(person_id: int) -> list[str]:
    """By which relations the acting post sees the person now, as codes; empty for none."""
    with connection.cursor() as cursor:
        cursor.execute("select wall_relations(%s)", [person_id])
        return [code for (code,) in cursor.fetchall()]


def running(person_id: int, now: datetime) -> list[Relation]:
    """Relations begun by hand that still run, latest first."""
    rows = Relation.objects.filter(person_id=person_id, until__gt=now).select_related("facility", "post__practitioner")
    return list(rows.order_by("-since"))


def unjudged() -> list[Relation]:
    """Looks in an emergency that nobody has judged yet, oldest first."""
    rows = Relation.objects.filter(kind=RelationKind.BREAK_GLASS, verdict="")
    return list(rows.select_related("person", "facility", "post__practitioner").order_by("since"))


def sharing_of(person_id: int) -> Sharing:
    """What the person has chosen; the network's rule where nothing was."""
    chosen = Choice.objects.filter(person_id=person_id).values_list("sharing", flat=True).first()
    return Sharing(chosen) if chosen else Sharing.NETWORK


def looks(person_id: int) -> list[Look]:
    """Who has looked at the record, latest first, at most 200."""
    rows = AuditEntry.objects.filter(person_id=person_id, event__in=SEEN).order_by("-at")[:LOOKS]
    found = list(rows)
    keys = {one.facility_id for one in found if one.facility_id}
    names = dict(Facility.objects.filter(pk__in=keys).values_list("pk", "name"))
    return [
        Look(one.at, one.actor_name, one.actor_role, names.get(one.facility_id or 0, ""), one.event, _purpose(one))
        for one in found
    ]


def _purpose(entry: AuditEntry) -> str:
    """In words of the edition of that day where an office opened an identity; the code as it stands for all others."""
    if entry.event != "identity.read":
        return entry.purpose
    return purpose_told(entry.purpose, timezone.localdate(entry.at))


def relation(relation_id: int) -> Relation:
    """One relation with its person; `NotFound` when there is none."""
    found = Relation.objects.select_related("person", "facility", "post__practitioner").filter(pk=relation_id).first()
    if found is None:
        raise NotFound("not-found", _("没有找到这条调阅记录"))
    return found


@lru_cache(maxsize=8)
def _parts(_version: str, day: date) -> tuple[Part, ...]:
    content: dict[str, Any] = rulebook.edition_on(SENSITIVE, day).content
    return parts_from(content)
