"""A run over files: batches one after another, each committed with how far its file has been read."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
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
from catchment.rooms.record.models import ImportRun, IncomingFile, IncomingResource, Source
from catchment.rooms.record.types import Fate, Tally
from catchment.standards.fhir.files import Piece, pieces
from catchment.standards.fhir.mapping import order_of_file

BATCH = 1000
SHOWN_REJECTIONS = 50
CAPABILITY = "record.import"
_LOCK = 7_401
Progress = Callable[[int, Tally], None]


@dataclass(slots=True)
class _Run:
    source: Source
    row: ImportRun
    now: datetime
    tally: Tally
    progress: Progress
    done: int = 0


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
        for path in sorted(paths, key=lambda path: (order_of_file(path.name), str(path))):
            _import_file(run, path)
        _replay(run)
        mend_links(source)
        _finish(run, actor)
    return run.tally


def replay_rejected(*, actor: Actor, now: datetime, source: Source) -> Tally:
    """Try every rejected resource of the source again; the tally tells their fates."""
    actor.require(CAPABILITY)
    with _alone(source):
        run = _begin(source, now, None)
        _replay(run, everything=True)
        mend_links(source)
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


def _import_file(run: _Run, path: Path) -> None:
    digest = _file_digest(path)
    file, _ = IncomingFile.objects.get_or_create(source=run.source, digest=digest, defaults={"name": path.name[:255]})
    batch: list[Entry] = []
    place, start = 0, run.done
    for piece in pieces(path):
        batch += _entries(piece, path, digest, file)
        place = piece.line
        if len(batch) >= BATCH:
            _commit(run, batch, file, place)
            batch = []
        run.done = start + piece.offset
        run.progress(run.done, run.tally)
    _commit(run, batch, file, place, finished=True)
    run.done = start + path.stat().st_size


def _entries(piece: Piece, path: Path, digest: str, file: IncomingFile) -> Iterator[Entry]:
    seen = file.finished_at is not None or piece.line <= file.position
    for item in piece.items:
        yield entry_of(item, file=path.name, file_digest=digest, seen_before=seen)


def _commit(run: _Run, batch: list[Entry], file: IncomingFile, place: int, *, finished: bool = False) -> None:
    with transaction.atomic():
        for start in range(0, len(batch), 2 * BATCH):
            take_batch(batch[start : start + 2 * BATCH], source=run.source, run=run.row, now=run.now)
        _count(run.tally, batch)
        if file.finished_at is None:
            file.position = max(file.position, place)
            file.finished_at = run.now if finished else None
            file.save(update_fields=["position", "finished_at"])
        ImportRun.objects.filter(pk=run.row.pk).update(counts=run.tally.as_dict())


def _count(tally: Tally, batch: list[Entry]) -> None:
    for entry in batch:
        fate = entry.fate or Fate.REJECTED
        tally.add(entry.type, fate)
        if fate is Fate.REJECTED and len(tally.rejections) < SHOWN_REJECTIONS:
            tally.rejections.append(
                {"file": entry.file, "line": entry.line, "type": entry.type, "id": entry.key, "reason": entry.reason}
            )


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
                run.tally.add(row.resource_type, entry.fate or Fate.REJECTED)
            if entry.fate is Fate.TAKEN:
                run.tally.replayed += 1
                if not count and row.run_id == run.row.pk:
                    run.tally.mend(row.resource_type)


def _file_digest(path: Path) -> str:
    digest = blake2b(digest_size=32)
    with path.open("rb") as file:
        while block := file.read(1 << 20):
            digest.update(block)
    return digest.hexdigest()
