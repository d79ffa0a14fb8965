"""One batch: settled, taken in the order of dependence, accounted for, in one transaction."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import Any

from django.db import DatabaseError, transaction

from catchment.rooms.record.actions.intake import clinical, people, places, staff
from catchment.rooms.record.actions.intake.bulk import insert
from catchment.rooms.record.actions.intake.directory import Directory, remember_keys
from catchment.rooms.record.actions.intake.entries import Entry, check, contained_in, read
from catchment.rooms.record.models import ImportRun, IncomingResource, Source
from catchment.rooms.record.types import Fate
from catchment.standards.fhir.mapping import ORDER
from catchment.standards.fhir.references import Key

Take = Callable[[Sequence[Entry], Directory, datetime], None]
TAKERS: dict[str, Take] = {
    "Organization": places.take_facilities,
    "Location": places.take_facilities,
    "Practitioner": staff.take_practitioners,
    "PractitionerRole": staff.take_posts,
    "Patient": people.take_people,
    "Medication": clinical.take_medications,
    **dict.fromkeys(clinical.MODELS, clinical.take_facts),
}
KEYED = ("Organization", "Location", "Practitioner", "PractitionerRole", "Patient", "Encounter")
"""Types that others name by identifier."""


def take_batch(entries: Sequence[Entry], *, source: Source, run: ImportRun, now: datetime) -> None:
    """Settle every entry, versions of one resource one after another. Inside the caller's transaction."""
    rest = list(entries)
    while rest:
        wave, copies, rest = _split(rest)
        _take_wave(wave, source, run, now)
        for copy, first in copies:
            copy.follow(first)


def _split(entries: Iterable[Entry]) -> tuple[list[Entry], list[tuple[Entry, Entry]], list[Entry]]:
    """The first version under each key, its copies, and what has to wait for it."""
    first: dict[tuple[str, str], Entry] = {}
    copies: list[tuple[Entry, Entry]] = []
    later: list[Entry] = []
    changed: set[tuple[str, str]] = set()
    for entry in entries:
        name = (entry.type, entry.key)
        held = first.setdefault(name, entry)
        if held.digest != entry.digest or name in changed:
            changed.add(name)
            later.append(entry)
        elif held is not entry:
            copies.append((entry, held))
    return list(first.values()), copies, later


def _take_wave(entries: Sequence[Entry], source: Source, run: ImportRun, now: datetime) -> None:
    _compare(entries, source, run)
    whole = [*entries]
    for entry in entries:
        if entry.open:
            check(entry)
        if entry.open and (entry.resource or {}).get("contained"):
            whole += _contained(entry, source, run)
    for entry in whole:
        if entry.open:
            read(entry)
    _take(whole, Directory(source), now)
    _account(whole, source, run, now)


def _contained(entry: Entry, source: Source, run: ImportRun) -> list[Entry]:
    parts = list(contained_in(entry))
    _compare(parts, source, run)
    return parts


def _compare(entries: Iterable[Entry], source: Source, run: ImportRun) -> None:
    """Known is what was taken with the same content, and an older version that this very file brought before."""
    keys = {key for entry in entries for key in (entry.key, entry.key_of_rejection)}
    rows = IncomingResource.objects.filter(source=source, external_id__in=keys)
    held = {(kind, key): rest for kind, key, *rest in rows.values_list(*_ACCOUNT)}
    for entry in entries:
        digest, fate, row, run_id = held.get((entry.type, entry.key), ("", "", None, None))
        entry.account, entry.overtakes = fate, fate == Fate.REJECTED and run_id == run.pk
        if fate == Fate.TAKEN:
            entry.row_id = row
            older = entry.seen_before and (entry.type, entry.key_of_rejection) not in held
            if entry.open and (digest == entry.digest or older):
                entry.fate = Fate.KNOWN


_ACCOUNT = ("resource_type", "external_id", "digest", "fate", "row_id", "run_id")


def _take(entries: Sequence[Entry], directory: Directory, now: datetime) -> None:
    directory.load(key for entry in entries if entry.open for key in _targets(entry))
    by_type: dict[str, list[Entry]] = defaultdict(list)
    for entry in entries:
        if entry.open:
            by_type[entry.type].append(entry)
    for kind in sorted(by_type, key=ORDER.__getitem__):
        _take_type(by_type[kind], directory, now)


def _take_type(entries: Sequence[Entry], directory: Directory, now: datetime) -> None:
    """Take all at once; when the database refuses one of them, each by itself, so that only that one is rejected."""
    rows = [entry.row_id for entry in entries]
    try:
        with transaction.atomic():
            TAKERS[entries[0].type](entries, directory, now)
    except (DatabaseError, ValueError) as error:
        for entry, row in zip(entries, rows, strict=True):
            entry.fate, entry.reason, entry.row_id = None, "", row
        if len(entries) == 1:
            entries[0].reject(f"unstorable: {entries[0].type}: {str(error).splitlines()[0][:200]}")
            return
        for entry in entries:
            _take_type([entry], directory, now)
    for entry in entries:
        if entry.open:
            entry.fate = Fate.TAKEN


def _targets(entry: Entry) -> list[Key]:
    reading = entry.reading
    return [*(key for key in reading.links.values() if key), *reading.many] if reading else []


def _account(entries: Iterable[Entry], source: Source, run: ImportRun, now: datetime) -> None:
    rows: dict[tuple[str, str], IncomingResource] = {}
    fresh: set[tuple[str, str]] = set()
    for entry in entries:
        if entry.fate is Fate.KNOWN:
            continue
        key, standing = entry.key, entry.account
        if entry.fate is Fate.REJECTED and standing == Fate.TAKEN:
            key = entry.key_of_rejection
        elif not standing:
            fresh.add((entry.type, key))
        rows[entry.type, key] = _row(entry, key, source, run, now)
    insert(IncomingResource, [row for name, row in rows.items() if name in fresh])
    IncomingResource.objects.bulk_create(
        [row for name, row in rows.items() if name not in fresh],
        batch_size=1000,
        update_conflicts=True,
        unique_fields=["source", "resource_type", "external_id"],
        update_fields=["run", "digest", "fate", "reason", "row_id", "body", "received_at"],
    )
    taken = (entry for entry in entries if entry.fate is Fate.TAKEN and entry.type in KEYED and entry.row_id)
    remember_keys(source, ((e.type, key, e.row) for e in taken for key in e.further_keys))


def _row(entry: Entry, key: str, source: Source, run: ImportRun, now: datetime) -> IncomingResource:
    keeps = entry.fate is Fate.REJECTED or entry.type == "Medication"
    return IncomingResource(
        source=source,
        run=run,
        resource_type=entry.type,
        external_id=key,
        digest=entry.digest,
        fate=entry.fate or Fate.REJECTED,
        reason=entry.reason,
        row_id=entry.row_id,
        body=_storable(entry.resource) if keeps else None,
        received_at=now,
    )


def _storable(value: Any) -> Any:
    """The body as JSON that PostgreSQL takes: U+0000 replaced, numbers that are none left out."""
    if isinstance(value, str):
        return value.replace("\x00", "\N{REPLACEMENT CHARACTER}")
    if isinstance(value, dict):
        return {_storable(name): _storable(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [_storable(inner) for inner in value]
    if isinstance(value, float) and value in (float("inf"), float("-inf")):
        return None
    return value
