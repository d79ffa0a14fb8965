"""Suspected matches and merges, as the review pages show them."""

from typing import NamedTuple

from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext as _

from catchment.kernel import wall
from catchment.kernel.actor import Actor
from catchment.kernel.errors import NotFound
from catchment.kernel.ui.tags import sex
from catchment.rooms.people.models import Merge, Person, PersonIdentifier, PersonName, SuspectedMatch
from catchment.rooms.people.rules import IDENTIFIER_LABELS, has_part
from catchment.rooms.people.types import ComparedField, IdentifierSystem, MatchState

LOADED = tuple(f"{side}__{field}" for side in ("left", "right") for field in ("area", "primary_facility", "household"))


class Pair(NamedTuple):
    """One pair and whether the actor sees both records; else only what a search shows of the other may be shown."""

    match: SuspectedMatch
    both_seen: bool


def suspected_matches() -> QuerySet[SuspectedMatch]:
    """Pairs that wait for a decision: first those that were sent, then the likeliest; as far as the actor sees both.

    Pairs of which one is merged meanwhile wait unseen.
    """
    rows = SuspectedMatch.objects.filter(
        state=MatchState.SUSPECTED, left__merged_into__isnull=True, right__merged_into__isnull=True
    )
    return rows.select_related(*LOADED).order_by(
        F("sent_at").asc(nulls_last=True), F("probability").desc(nulls_first=True), "id"
    )


def matches_of(actor: Actor, *, offset: int = 0, limit: int = 40) -> list[SuspectedMatch]:
    """The pairs in which the actor has a part, in the same order; of a record that they do not see, show what a search
    shows: name, sex, age, village, facility.
    """
    actor.require("people.compare")
    if actor.may("people.match"):
        return list(suspected_matches()[offset : offset + limit])
    own = {*actor.scope, actor.here}
    with wall.acting("linkage"):
        found = suspected_matches().filter(Q(left__primary_facility__in=own) | Q(right__primary_facility__in=own))
        return list(found[offset : offset + limit])


def pair_of(actor: Actor, match_id: int) -> Pair:
    """One pair, decided or not; `NotFound` when there is none in which the actor has a part."""
    actor.require("people.compare")
    with wall.acting("linkage"):
        match = SuspectedMatch.objects.select_related(*LOADED).filter(pk=match_id).first()
    if match is None or not has_part(actor, facilities_of(match)):
        raise NotFound("no-such-match", _("没有找到这条疑似重复"))
    return Pair(match, Person.objects.filter(pk__in=(match.left_id, match.right_id)).count() == 2)  # noqa: PLR2004 a pair


def facilities_of(match: SuspectedMatch) -> tuple[int | None, int | None]:
    """Which facilities answer for the two."""
    return match.left.primary_facility_id, match.right.primary_facility_id


def compared(match: SuspectedMatch) -> list[ComparedField]:
    """What both records say, field by field, in four queries, however much they say."""
    left, right = match.left, match.right
    numbers = {key: _numbers(key) for key in (left.pk, right.pk)}
    rows = [
        (_("姓名"), left.name, right.name),
        (_("曾用名"), *(_names(key) for key in (left.pk, right.pk))),
        (_("性别"), *(sex(one.sex) for one in (left, right))),
        (_("出生日期"), str(left.birth_date or ""), str(right.birth_date or "")),
        *(
            (str(label), numbers[left.pk].get(system, ""), numbers[right.pk].get(system, ""))
            for system, label in IDENTIFIER_LABELS.items()
        ),
        (_("电话"), left.phone, right.phone),
        (_("住址"), _address(left), _address(right)),
        (_("家庭"), _code(left), _code(right)),
        (_("基层责任机构"), _facility(left), _facility(right)),
        (_("死亡日期"), str(left.deceased_on or ""), str(right.deceased_on or "")),
    ]
    return [ComparedField(*row) for row in rows if row[1] or row[2]]


def merges(*, limit: int = 100) -> list[Merge]:
    """The latest merges of people whom the actor sees, undone ones included."""
    return list(Merge.objects.select_related("kept__area", "duplicate__area").order_by("-id")[:limit])


def live_merge(kept_id: int, duplicate_id: int) -> Merge:
    """The merge of these two that stands; `NotFound` when there is none."""
    merge = Merge.objects.filter(kept_id=kept_id, duplicate_id=duplicate_id, undone_at__isnull=True).first()
    if merge is None:
        raise NotFound("no-such-merge", _("这两份档案之间没有可撤销的合并"))
    return merge


def _numbers(person_id: int) -> dict[str, str]:
    found: dict[str, list[str]] = {system.value: [] for system in IdentifierSystem}
    for row in PersonIdentifier.objects.filter(person_id=person_id).order_by("id"):
        found[row.system].append(f"{row.value}（{row.assigner}）" if row.assigner else row.value)
    return {system: "、".join(values) for system, values in found.items() if values}


def _names(person_id: int) -> str:
    return "、".join(PersonName.objects.filter(person_id=person_id).order_by("id").values_list("text", flat=True))


def _address(person: Person) -> str:
    return " ".join(part for part in (person.area.name if person.area else "", person.address) if part)


def _code(person: Person) -> str:
    return person.household.code if person.household else ""


def _facility(person: Person) -> str:
    return person.primary_facility.name if person.primary_facility else ""
