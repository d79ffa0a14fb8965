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
from catchment.standards.fhir.references import Key, fitted

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
OVERTAKEN = "overtaken by a later version in the same batch"


def take_batch(entries: Sequence[Entry], *, source: Source, run: ImportRun, now: datetime) -> None:
    """Settle every entry. Inside the caller's transaction."""
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
    _keep_latest(whole)
    _take(whole, Directory(source), now)
    _account(whole, source, run, now)


def _contained(entry: Entry, source: Source, run: ImportRun) -> list[Entry]:
    parts = list(contained_in(entry))
    _compare(parts, source, run)
    return parts


def _compare(entries: Iterable[Entry], source: Source, run: ImportRun) -> None:
    """Known is what was taken with the same content, and what this very file brought before."""
    keys = {entry.key for entry in entries}
    rows = IncomingResource.objects.filter(source=source, external_id__in=keys)
    held = {(kind, key): rest for kind, key, *rest in rows.values_list(*_ACCOUNT)}
    for entry in entries:
        digest, fate, row, run_id = held.get((entry.type, entry.key), ("", "", None, None))
        entry.account, entry.overtakes = fate, fate == Fate.REJECTED and run_id == run.pk
        if fate == Fate.TAKEN:
            entry.row_id = row
            if entry.open and (digest == entry.digest or entry.seen_before):
                entry.fate = Fate.KNOWN


_ACCOUNT = ("resource_type", "external_id", "digest", "fate", "row_id", "run_id")


def _keep_latest(entries: Iterable[Entry]) -> None:
    """Of several with one key in a batch the last sound one counts; equal ones are known, others overtaken."""
    last: dict[tuple[str, str], Entry] = {}
    for entry in entries:
        if not entry.open:
            continue
        earlier = last.get((entry.type, entry.key))
        if earlier is not None and earlier.digest == entry.digest:
            entry.fate = Fate.KNOWN
            continue
        if earlier is not None:
            earlier.fate, earlier.reason = Fate.TAKEN, OVERTAKEN
        last[entry.type, entry.key] = entry


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
        if entry.fate is Fate.KNOWN or entry.reason == OVERTAKEN:
            continue
        key, standing = entry.key, entry.account
        if entry.fate is Fate.REJECTED and standing == Fate.TAKEN:
            key = fitted(f"{entry.key}#rejected-{entry.digest[:16]}")
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
