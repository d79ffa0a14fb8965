"""Taking practitioners and their posts, in bulk."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from catchment.rooms.record.actions.intake.bulk import insert
from catchment.rooms.record.actions.intake.directory import Directory
from catchment.rooms.record.actions.intake.entries import Entry
from catchment.rooms.staff.models import Post, Practitioner, Qualification
from catchment.rooms.staff.types import Role


def take_practitioners(entries: Sequence[Entry], directory: Directory, now: datetime) -> None:  # noqa: ARG001 one shape for all
    """Practitioner, with qualifications."""
    new = [entry for entry in entries if entry.row_id is None]
    changed = [entry for entry in entries if entry.row_id is not None]
    made = [Practitioner(code=directory.code_of(entry.type, entry.key), **_columns(entry)) for entry in new]
    insert(Practitioner, made)
    for entry, row in zip(new, made, strict=True):
        entry.row_id = row.pk
    for entry in changed:
        Practitioner.objects.filter(pk=entry.row).update(**_columns(entry))
    Qualification.objects.filter(practitioner_id__in=[entry.row for entry in changed]).delete()
    told = [(entry.row, held) for entry in entries for held in entry.told["qualifications"]]
    insert(Qualification, [Qualification(practitioner_id=row, **held) for row, held in told])
    for entry in entries:
        directory.add(entry.type, entry.key, entry.further_keys, entry.row)


def take_posts(entries: Sequence[Entry], directory: Directory, now: datetime) -> None:
    """PractitionerRole: a post as specialist, since its period begins (else since today). Nobody signs in through
    it: an imported practitioner has no user.
    """
    places = {entry.key: _place(entry, directory) for entry in entries}
    ready = [entry for entry in entries if places[entry.key] is not None]
    held = _held({who for who, _ in filter(None, places.values())})
    new: dict[tuple[int, int], Post] = {}
    for entry in ready:
        who, where = places[entry.key] or (0, 0)
        entry.row_id = entry.row_id or held.get((who, where))
        if entry.row_id is not None:
            Post.objects.filter(pk=entry.row_id).update(facility_id=where, **_period(entry, now))
        else:
            new[who, where] = Post(practitioner_id=who, facility_id=where, role=Role.SPECIALIST, **_period(entry, now))
    insert(Post, list(new.values()))
    for entry in ready:
        place = places[entry.key] or (0, 0)
        entry.row_id = entry.row_id or new[place].pk
        directory.add(entry.type, entry.key, entry.further_keys, entry.row)
        directory.posts[entry.row] = place


def _columns(entry: Entry) -> dict[str, Any]:
    columns = {name: entry.told[name] for name in ("sex", "title", "phone", "active")}
    return {**columns, "name": entry.told["name"] or entry.key[:80]}


def _period(entry: Entry, now: datetime) -> dict[str, Any]:
    until = entry.told["until"] or (None if entry.told["active"] else now.date())
    return {"since": entry.told["since"] or now.date(), "until": until}


def _held(practitioners: set[int]) -> dict[tuple[int, int], int]:
    rows = Post.objects.filter(practitioner_id__in=practitioners, role=Role.SPECIALIST, until__isnull=True)
    return {(row.practitioner_id, row.facility_id): row.pk for row in rows}


def _place(entry: Entry, directory: Directory) -> tuple[int, int] | None:
    """Who works where; an entry that leaves one of them open or unknown is rejected."""
    who = directory.find("practitioner", entry.links.get("practitioner"))
    where = directory.find("facility", entry.links.get("facility"))
    if who is not None and where is not None:
        return who, where
    link, element = ("practitioner", "practitioner") if who is None else ("facility", "organization")
    key = entry.links.get(link)
    if key is None:
        entry.reject(f"no-{element}: PractitionerRole.{element} names nobody, and a post needs both")
    else:
        entry.reject(f"unknown-{element}: PractitionerRole.{element} {key.type}/{key.key} has not arrived")
    return None
