"""Proving the audit: the chain of every day, its root for an outsider, seals kept outside the database."""

import hashlib
import hmac
import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from django.db import connection, transaction

from catchment.kernel import database
from catchment.kernel.audit import mac_of
from catchment.kernel.models import AuditEntry, AuditLane

COLUMNS = (
    "id", "at", "event", "actor_role", "actor_name", "user_id", "post_id", "facility_id", "person_id", "subject_kind",
    "subject_id", "purpose", "detail", "request_id", "nonce", "mac", "day", "lane", "seq", "digest",
)  # fmt: skip
CHAINED = """jsonb_build_array(
    id, day, lane, seq, (extract(epoch from at) * 1000000)::bigint, (extract(epoch from written_at) * 1000000)::bigint,
    event, actor_role, actor_name, user_id, post_id, facility_id, person_id, subject_kind, subject_id, purpose, detail,
    request_id, encode(nonce, 'hex'), encode(mac, 'hex'))::text"""
READ = f"select {', '.join(COLUMNS)}, {CHAINED} from kernel_auditentry where day = %s order by lane, seq, id"  # noqa: S608 constants only
BATCH = 5000
SEALS = Path("audit") / "seals.jsonl"


@dataclass(frozen=True, slots=True)
class Break:
    """Where the chain is broken: the entry, if there is one, and what is wrong with it."""

    day: str
    lane: int
    seq: int
    entry: int | None
    fault: str


@dataclass(frozen=True, slots=True)
class Proof:
    """What was proven: how many entries of how many days, their roots, and the breaks in order."""

    entries: int
    roots: dict[str, str]
    breaks: list[Break]


def verify(days: list[date] | None = None) -> Proof:
    """Walk the chain of the days, all by default, entry by entry, against itself, its lanes' ends and the seals."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("set transaction isolation level repeatable read, read only")
        seals = _seals()
        found = [_Day(day, seals) for day in days or _days()]
        breaks = [fault for one in found for fault in one.walk()] + ([] if days else _outside(seals))
    return Proof(sum(one.entries for one in found), {one.day: one.root() for one in found}, breaks)


def seal(now: datetime) -> str | None:
    """Append where every lane of the last day with entries stands to the seals file; `None` when nothing is new.

    The file lies outside the database, so that whoever may change rows there cannot also change what was said of them.
    """
    last = AuditLane.objects.order_by("-day").values_list("day", flat=True).first()
    if last is None:
        return None
    ends = {str(lane): [seq, bytes(digest).hex()] for lane, seq, digest in _ends(last)}
    before = _seals()[-1:]
    if before and before[0]["lanes"] == ends and before[0]["day"] == last.isoformat():
        return None
    line = {"at": now.isoformat(), "day": last.isoformat(), "lanes": ends, "root": _root(ends)}
    _append(line)
    return str(line["root"])


class _Day:
    """One day's walk: where every lane stands so far, and how many entries were seen."""

    def __init__(self, day: date, seals: list[dict[str, Any]]) -> None:
        self.day = day.isoformat()
        self.entries = 0
        self.last: dict[int, tuple[int, bytes]] = {}
        told = [line["lanes"] for line in seals if line["day"] == self.day]
        self.sealed = {(int(lane), seq): digest for lanes in told for lane, (seq, digest) in lanes.items()}

    def walk(self) -> Iterator[Break]:
        copies = _copied(self.day)
        for row, text in _rows(self.day):
            entry = AuditEntry(**row)
            self.entries += 1
            fault = self._fault(entry, text) or ("copied" if row["id"] in copies else "")
            if fault:
                yield Break(self.day, row["lane"], row["seq"], row["id"], fault)
            self.last[row["lane"]] = row["seq"], bytes(row["digest"] or b"")
        yield from self._ends()
        yield from (Break(self.day, lane, seq, None, "differs-from-seal") for lane, seq in sorted(self.sealed))

    def root(self) -> str:
        return _root({str(lane): [seq, digest.hex()] for lane, (seq, digest) in self.last.items()})

    def _fault(self, entry: AuditEntry, text: str) -> str:
        lane, seq, digest = entry.lane or 0, entry.seq or 0, bytes(entry.digest or b"")
        place, before = self.last.get(lane, (0, b""))
        if self.sealed.get((lane, seq)) == digest.hex():
            del self.sealed[lane, seq]
        if seq != place + 1:
            return "missing-before"
        if entry.mac is None:
            return "not-written-here"
        signed = hmac.compare_digest(bytes(entry.mac), mac_of(entry))
        return "" if signed and digest == hashlib.sha256(before + text.encode()).digest() else "edited"

    def _ends(self) -> Iterator[Break]:
        for lane, seq, digest in _ends(date.fromisoformat(self.day)):
            if self.last.get(lane, (0, b"")) != (seq, digest):
                yield Break(self.day, lane, self.last.get(lane, (0, b""))[0] + 1, None, "missing-at-end")


def _outside(seals: list[dict[str, Any]]) -> list[Break]:
    """Entries that have no place in the chain, and sealed days of which nothing is left."""
    loose = AuditEntry.objects.filter(day__isnull=True).order_by("pk").values_list("pk", flat=True)[:1]
    gone = {line["day"] for line in seals} - {day.isoformat() for day in _days()}
    found = [Break("", 0, 0, key, "unchained") for key in loose]
    return found + [Break(day, 0, 0, None, "day-gone") for day in sorted(gone)]


def _copied(day: str) -> set[int]:
    """The entries whose nonce an earlier entry of the day has too."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select unnest((array_agg(id order by id))[2:]) from kernel_auditentry where day = %s"
            " group by nonce having count(*) > 1",
            [day],
        )
        return {key for (key,) in cursor.fetchall()}


def _days() -> list[date]:
    entries = AuditEntry.objects.filter(day__isnull=False).values_list("day", flat=True).distinct()
    return sorted({day for day in entries if day} | set(AuditLane.objects.values_list("day", flat=True).distinct()))


def _rows(day: str) -> Iterator[tuple[dict[str, Any], str]]:
    with connection.chunked_cursor() as cursor:
        cursor.execute(READ, [day])
        while rows := cursor.fetchmany(BATCH):
            for *values, text in rows:
                row = dict(zip(COLUMNS, values, strict=True))
                row["detail"] = json.loads(row["detail"]) if isinstance(row["detail"], str) else row["detail"]
                yield row, text


def _ends(day: date) -> list[tuple[int, int, bytes]]:
    rows = AuditLane.objects.filter(day=day).order_by("lane").values_list("lane", "seq", "digest")
    return [(lane, seq, bytes(digest)) for lane, seq, digest in rows]


def _root(ends: dict[str, list[Any]]) -> str:
    return hashlib.sha256(json.dumps(ends, sort_keys=True).encode()).hexdigest()


def _seals() -> list[dict[str, Any]]:
    path = database.home() / SEALS
    lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    return [json.loads(line) for line in lines if line.strip()]


def _append(line: dict[str, Any]) -> None:
    path = database.home() / SEALS
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a", encoding="utf-8") as file:
        file.write(json.dumps(line) + "\n")
        file.flush()
        os.fsync(file.fileno())
