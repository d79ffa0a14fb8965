"""A run over files: batches one after another, each committed with how far its file has been read."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from hashlib import blake2b
from pathlib import Path

from django.db import connection, transaction

from catchment.kernel import audit
from catchment.kernel.actor import Actor
from catchment.kernel.errors import Refusal
from catchment.rooms.record.actions.intake.batches import take_batch
from catchment.rooms.record.actions.intake.entries import Entry, entry_of, from_account
from catchment.rooms.record.actions.intake.mending import mend_links
from catchment.rooms.record.actions.intake.tally import Tally
from catchment.rooms.record.actions.labelling import label_sensitive
from catchment.rooms.record.models import ImportRun, IncomingFile, IncomingResource, Source
from catchment.rooms.record.types import Fate
from catchment.standards.fhir.files import pieces
from catchment.standards.fhir.mapping import order_of_file

BATCH = 1000
CAPABILITY = "record.import"
LABEL = frozenset({"record.label"})
_LOCK = 7_401
Progress = Callable[[int, Tally], None]


@dataclass(slots=True)
class _Run:
    source: Source
    row: ImportRun
    now: datetime
    tally: Tally
    progress: Progress


def import_files(
    *, actor: Actor, now: datetime, source: Source, paths: Sequence[Path], progress: Progress | None = None
) -> Tally:
    """Take every resource of the files, and what earlier runs had to leave out for want of its subject.

    `progress` hears how many bytes have been read. What was committed before an interruption stays, and the next
    run goes on from there. Raises `Refusal` while another run of the same source is under way.
    """
    actor.require(CAPABILITY)
    with _alone(source):
        run = _begin(source, now, progress)
        _import(run, sorted(paths, key=lambda path: (order_of_file(path.name), str(path))))
        _replay(run)
        mend_links(source)
        label_sensitive(actor=replace(actor, capabilities=LABEL), now=now, source_id=source.pk)
        _finish(run, actor)
    return run.tally


def replay_rejected(*, actor: Actor, now: datetime, source: Source) -> Tally:
    """Try every rejected resource of the source again; the tally tells their fates."""
    actor.require(CAPABILITY)
    with _alone(source):
        run = _begin(source, now, None)
        _replay(run, everything=True)
        mend_links(source)
        label_sensitive(actor=replace(actor, capabilities=LABEL), now=now, source_id=source.pk)
        _finish(run, actor)
    return run.tally


@contextmanager
def _alone(source: Source) -> Iterator[None]:
    with connection.cursor() as cursor:
        cursor.execute("select pg_try_advisory_lock(%s, %s)", [_LOCK, source.pk])
        row = cursor.fetchone()
        if not (row and row[0]):
            raise Refusal("import-running", "这个来源的另一次导入正在进行，请等它结束")
        try:
            yield
        finally:
            cursor.execute("select pg_advisory_unlock(%s, %s)", [_LOCK, source.pk])


def _begin(source: Source, now: datetime, progress: Progress | None) -> _Run:
    row = ImportRun.objects.create(source=source, started_at=now)
    return _Run(source, row, now, Tally(), progress or _unheard)


def _unheard(done: int, tally: Tally) -> None:
    """Nobody wants to know."""


def _finish(run: _Run, actor: Actor) -> None:
    counts = run.tally.as_dict()
    with transaction.atomic():
        ImportRun.objects.filter(pk=run.row.pk).update(finished_at=run.now, counts=counts)
        totals = {name: counts[name] for name in ("read", "taken", "known", "unsupported", "rejected", "replayed")}
        audit.record(actor=actor, event="record.import", at=run.now, subject=("import", run.row.pk), detail=totals)


@dataclass(slots=True)
class _Batch:
    """Entries of one file or of several, and how far each of those has been read when they are committed."""

    entries: list[Entry] = field(default_factory=list)
    files: dict[int, IncomingFile] = field(default_factory=dict)


def _import(run: _Run, paths: Sequence[Path]) -> None:
    batch, done = _Batch(), 0
    for path in paths:
        digest = _file_digest(path)
        file, _ = IncomingFile.objects.get_or_create(
            source=run.source, digest=digest, defaults={"name": path.name[:255]}
        )
        reached, finished = file.position, file.finished_at is not None
        for piece in pieces(path):
            seen = finished or piece.line <= reached
            batch.entries += [
                entry_of(item, file=path.name, file_digest=digest, seen_before=seen) for item in piece.items
            ]
            file.position = max(file.position, piece.line)
            batch.files[file.pk] = file
            if len(batch.entries) >= BATCH:
                _commit(run, batch)
                batch = _Batch()
            run.progress(done + piece.offset, run.tally)
        file.finished_at = file.finished_at or run.now
        batch.files[file.pk] = file
        done += path.stat().st_size
    _commit(run, batch)


def _commit(run: _Run, batch: _Batch) -> None:
    with transaction.atomic():
        for start in range(0, len(batch.entries), 2 * BATCH):
            take_batch(batch.entries[start : start + 2 * BATCH], source=run.source, run=run.row, now=run.now)
        for entry in batch.entries:
            _count(run.tally, entry)
        IncomingFile.objects.bulk_update(batch.files.values(), ["position", "finished_at"])
        ImportRun.objects.filter(pk=run.row.pk).update(counts=run.tally.as_dict())


def _count(tally: Tally, entry: Entry) -> None:
    if entry.fate is Fate.REJECTED:
        tally.reject(
            entry.type, entry.key, file=entry.file, line=entry.line, reason=entry.reason, repeated=entry.overtakes
        )
        return
    tally.add(entry.type, entry.fate or Fate.REJECTED)
    if entry.overtakes:
        tally.mend(entry.type, entry.key, Fate.KNOWN)


def _replay(run: _Run, *, everything: bool = False) -> None:
    """Try again what waited for another resource, until nothing more can be taken."""
    while True:
        before = run.tally.replayed
        last = 0
        while rows := _rejected(run.source, last, everything=everything):
            last = rows[-1].pk
            _replay_batch(run, rows, count=everything)
        if everything or run.tally.replayed == before:
            return


def _rejected(source: Source, after: int, *, everything: bool) -> list[IncomingResource]:
    rows = IncomingResource.objects.filter(source=source, fate=Fate.REJECTED, pk__gt=after, body__isnull=False)
    if not everything:
        rows = rows.filter(reason__startswith="unknown-")
    return list(rows.order_by("pk")[:BATCH])


def _replay_batch(run: _Run, rows: list[IncomingResource], *, count: bool) -> None:
    entries = [from_account(row.resource_type, row.external_id, row.digest, row.body or {}) for row in rows]
    with transaction.atomic():
        take_batch(entries, source=run.source, run=run.row, now=run.now)
        for row, entry in zip(rows, entries, strict=True):
            if count:
                _count(run.tally, entry)
            if entry.fate in {Fate.TAKEN, Fate.KNOWN} and row.external_id != entry.key:
                row.delete()
            if entry.fate is Fate.TAKEN:
                run.tally.replayed += 1
                if not count and row.run_id == run.row.pk:
                    run.tally.mend(entry.type, entry.key, Fate.TAKEN)


def _file_digest(path: Path) -> str:
    digest = blake2b(digest_size=32)
    with path.open("rb") as file:
        while block := file.read(1 << 20):
            digest.update(block)
    return digest.hexdigest()
