"""Merging a duplicate into the person kept, and undoing it, without losing a row.

Every row of every table that points to a person goes over, lower and higher rooms alike: the tables are found
from Django's registry, so that a room added later is merged without a word here.
"""

from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from catchment.kernel import audit, events, wall
from catchment.kernel.actor import Actor
from catchment.kernel.errors import Invalid, NotFound, Problem, Refusal
from catchment.rooms.people.actions.links import Link, highest, links, move, rows
from catchment.rooms.people.actions.suspecting import require_decides
from catchment.rooms.people.models import Merge, Person, SuspectedMatch
from catchment.rooms.people.types import MatchState


@dataclass(frozen=True, slots=True)
class UnmergeResult:
    """What came of undoing a merge, by `table.column`.

    `restored`: how many rows went back. `missing`: rows that no longer stand where the merge left them.
    `added`: rows that the person kept has gained since, and keeps.
    """

    merge: Merge
    restored: dict[str, int] = field(default_factory=dict)
    missing: dict[str, list[int]] = field(default_factory=dict)
    added: dict[str, list[int]] = field(default_factory=dict)


def merge_people(*, actor: Actor, now: datetime, kept_id: int, duplicate_id: int, reason: str) -> Merge:
    """Make the duplicate part of the person kept. A row whose place is taken there stays with the duplicate.

    By whoever decides about everybody, or about both facilities (`NotAllowed`). Nothing is deleted and no field of
    either person changes but `merged_into`. Raises `Invalid` without a
    reason, `NotFound`, and `Refusal` when both are the same or one is merged already.
    """
    if not reason.strip():
        raise Invalid(Problem("reason", _("请写明合并的依据")))
    with wall.acting("linkage"), transaction.atomic():
        kept, duplicate = _both(kept_id, duplicate_id)
        require_decides(actor, kept, duplicate)
        merge = Merge(
            kept=kept, duplicate=duplicate, moved={}, merged_at=now, merged_by=actor.name, reason=reason.strip()
        )
        for link in links():
            merge.marks[link.name] = highest(link)
            moved, held = move(link, rows(link, duplicate.pk), source=duplicate.pk, target=kept.pk)
            merge.moved |= {link.name: moved} if moved else {}
            merge.held |= {link.name: held} if held else {}
        Person.objects.filter(pk=duplicate.pk).update(merged_into=kept)
        merge.save()
        match_id = _decide(merge, MatchState.MERGED, now, actor.name)
        _audit(actor, now, "person.merge", merge)
        events.publish("match.decided", actor=actor, now=now, match_id=match_id)
    return merge


def unmerge_people(*, actor: Actor, now: datetime, merge_id: int) -> UnmergeResult:
    """Put every row back to where it was; rows that the person kept has gained since stay with them and are listed.

    Later merges of the same people must be undone first (`Refusal`). The pair is suspected again.
    """
    with wall.acting("linkage"), transaction.atomic():
        merge = _undoable(merge_id)
        require_decides(actor, merge.kept, merge.duplicate)
        result = UnmergeResult(merge)
        Person.objects.filter(pk=merge.duplicate_id).update(merged_into=None)
        for link in links():
            _put_back(link, merge, result)
        merge.undone_at, merge.undone_by = now, actor.name
        merge.save(update_fields=["undone_at", "undone_by"])
        _decide(merge, MatchState.SUSPECTED, None, "")
        _audit(actor, now, "person.unmerge", merge)
    return result


def _both(kept_id: int, duplicate_id: int) -> tuple[Person, Person]:
    if kept_id == duplicate_id:
        raise Refusal("same-person", _("两份档案是同一份，不能合并"))
    locked = Person.objects.select_for_update().filter(pk__in=(kept_id, duplicate_id)).order_by("pk")
    found = {person.pk: person for person in locked}
    if len(found) != 2:  # noqa: PLR2004 two are merged
        raise NotFound("no-such-person", _("没有找到这位居民"))
    if any(person.merged_into_id is not None for person in found.values()):
        raise Refusal("merged", _("其中一份已并入别的档案，请先查看它并入了谁"))
    return found[kept_id], found[duplicate_id]


def _undoable(merge_id: int) -> Merge:
    merge = Merge.objects.select_for_update().filter(pk=merge_id).first()
    if merge is None:
        raise NotFound("no-such-merge", _("没有找到这次合并"))
    if merge.undone_at is not None:
        raise Refusal("undone", _("这次合并已经撤销"))
    people = (merge.kept_id, merge.duplicate_id)
    list(Person.objects.select_for_update().filter(pk__in=people).order_by("pk"))
    later = Merge.objects.filter(duplicate_id=merge.kept_id, undone_at__isnull=True, pk__gt=merge.pk).first()
    if later is not None:
        raise Refusal("later-merge", _("保留的档案后来又并入了别的档案，请先撤销那一次合并（%s）") % later.pk)
    return merge


def _put_back(link: Link, merge: Merge, result: UnmergeResult) -> None:
    keys = merge.moved.get(link.name, [])
    here = set(rows(link, merge.kept_id))
    back, stuck = move(link, [key for key in keys if key in here], source=merge.kept_id, target=merge.duplicate_id)
    mark = merge.marks.get(link.name)
    result.restored.update({link.name: len(back)} if back else {})
    missing = sorted({*keys} - {*back} | {*stuck})
    result.missing.update({link.name: missing} if missing else {})
    added = sorted(key for key in here - {*keys} if mark is not None and key > mark)
    result.added.update({link.name: added} if added else {})


def _decide(merge: Merge, state: MatchState, at: datetime | None, by: str) -> int | None:
    """The pair's own row, if it was suspected."""
    left, right = sorted((merge.kept_id, merge.duplicate_id))
    rows = SuspectedMatch.objects.filter(left_id=left, right_id=right)
    rows.update(state=state, decided_at=at, decided_by=by)
    return rows.values_list("pk", flat=True).first()


def _audit(actor: Actor, now: datetime, event: str, merge: Merge) -> None:
    for person_id, other in ((merge.kept_id, merge.duplicate_id), (merge.duplicate_id, merge.kept_id)):
        audit.record(
            actor=actor,
            event=event,
            at=now,
            person_id=person_id,
            subject=("merge", merge.pk),
            detail={"other": other, "moved": {name: len(keys) for name, keys in merge.moved.items()}},
        )
