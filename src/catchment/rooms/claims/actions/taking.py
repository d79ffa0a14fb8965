"""Taking claims from other systems: every row accounted for, rejected ones kept, mended and replayed."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from hashlib import blake2b
from itertools import islice
from typing import Any

import orjson
from django.db import transaction

from catchment.kernel import audit, wall
from catchment.kernel.actor import Actor
from catchment.kernel.errors import Invalid
from catchment.kernel.fates import Account, Fate
from catchment.rooms.claims.actions.making import DESK, WORK, make_claims
from catchment.rooms.claims.models import IncomingRow
from catchment.rooms.claims.queries.resolving import Resolved, duplicates, from_fhir, from_sheet
from catchment.rooms.claims.rules.sources import sent_in_fhir, sent_in_sheet
from catchment.rooms.claims.types import Sent, State, Told

BATCH = 500
FHIR, SHEET = "fhir:", "sheet:"
TWICE = "number: stands in the file with other contents too; a claim is one row: sum its rows, or number them apart"
CHANGED = "changed: a claim was made of another version; mend that on its page, or cancel it"
Row = tuple[str, Mapping[str, Any], str]
"""The row's own number, its body, and why it cannot be read at all (empty where it can)."""
Progress = Callable[[int], None]


class Intake(Account):
    """The account of claims that came in; `history` of those taken are not to be settled."""

    def __init__(self) -> None:
        super().__init__()
        self.history = 0

    def as_dict(self) -> dict[str, Any]:
        return {**super().as_dict(), "history": self.history}


def take_rows(
    *, actor: Actor, now: datetime, source: str, rows: Iterable[Row], progress: Progress | None = None
) -> Intake:
    """Take rows of a source (`sheet:NAME`, `fhir:NAME`) as drafts, those before the first edition as history.

    Rows that give one number different contents are all rejected: which of them is meant cannot be known.
    Batches are committed one by one. What was taken before is known; a changed version of it is rejected: the claim
    stands, mend or cancel that.
    """
    actor.require(WORK)
    account, waiting, done = Intake(), iter(rows), 0
    while batch := list(islice(waiting, BATCH)):
        with transaction.atomic(), wall.acting(DESK):
            _take(source, batch, actor, now, account)
        done += len(batch)
        if progress:
            progress(done)
    with transaction.atomic():
        audit.record(actor=actor, event="claim.import", at=now, detail={"source": source, **account.counts()})
    return account


def replay_rows(*, actor: Actor, now: datetime, source: str) -> Intake:
    """Try everything again that stands rejected from a source, after its cause was mended."""
    held = IncomingRow.objects.filter(source=source, fate=Fate.REJECTED, body__isnull=False).order_by("pk")
    rows = [(row.ref, row.body or {}, "") for row in held]
    return take_rows(actor=actor, now=now, source=source, rows=rows)


def _take(source: str, batch: Sequence[Row], actor: Actor, now: datetime, account: Intake) -> None:
    rows, others = _by_number(batch)
    account.add(Fate.KNOWN, len(batch) - len(rows) - others.total())
    held = {row.ref: row for row in IncomingRow.objects.filter(source=source, ref__in=rows)}
    fates: dict[str, tuple[Fate, str]] = {}
    sent: dict[str, Sent] = {}
    for ref, body, fault in rows.values():
        known = held.get(ref)
        if known is not None and known.fate == Fate.TAKEN:
            same = known.digest == digest_of(body)
            fates[ref] = (Fate.KNOWN, "") if same else (Fate.REJECTED, CHANGED)
        elif fault or ref in others:
            fates[ref] = Fate.REJECTED, fault or TWICE
        else:
            _read(source, ref, body, sent, fates)
    claims = _make(source, sent, fates, account, actor, now)
    _account(source, rows, held, fates, claims, now)
    for ref, (fate, reason) in fates.items():
        account.add_row(fate, row=ref, reason=reason)
    for ref in others.elements():
        account.add_row(Fate.REJECTED, row=ref, reason=TWICE)


def _by_number(batch: Sequence[Row]) -> tuple[dict[str, Row], Counter[str]]:
    """The first row of each number, and how often another one came that says something else."""
    rows: dict[str, Row] = {}
    others: Counter[str] = Counter()
    for ref, body, fault in batch:
        first = rows.setdefault(ref, (ref, body, fault))
        if first[1] != body:
            others[ref] += 1
    return rows, others


def _read(
    source: str, ref: str, body: Mapping[str, Any], sent: dict[str, Sent], fates: dict[str, tuple[Fate, str]]
) -> None:
    try:
        sent[ref] = sent_in_fhir(body) if source.startswith(FHIR) else sent_in_sheet(body)
    except Invalid as refused:
        told = dict.fromkeys(f"{one.field}: {one.message}" for one in refused.problems)
        fates[ref] = Fate.REJECTED, "；".join(told)


def _make(
    source: str,
    sent: dict[str, Sent],
    fates: dict[str, tuple[Fate, str]],
    account: Intake,
    actor: Actor,
    now: datetime,
) -> dict[str, int]:
    found: list[Resolved] = (
        from_fhir(source, list(sent.values()), source.removeprefix(FHIR))
        if source.startswith(FHIR)
        else from_sheet(source, list(sent.values()))
    )
    told: list[Told] = []
    for ref, one in zip(sent, found, strict=True):
        if isinstance(one, Told):
            told.append(one)
        else:
            fates[ref] = Fate.REJECTED, one
    again = duplicates(told)
    for at in again:
        fates[told[at].ref] = (
            Fate.REJECTED,
            ("duplicate: a claim stands for this stay or encounter already; mend or cancel that one"),
        )
    claims = make_claims(actor=actor, now=now, told=[one for at, one in enumerate(told) if at not in again])
    account.history += sum(claim.state == State.HISTORY for claim in claims)
    fates.update({claim.ref: (Fate.TAKEN, "") for claim in claims})
    return {claim.ref: claim.pk for claim in claims}


def _account(
    source: str,
    rows: Mapping[str, Row],
    held: Mapping[str, IncomingRow],
    fates: Mapping[str, tuple[Fate, str]],
    claims: Mapping[str, int],
    now: datetime,
) -> None:
    fresh = []
    for ref, (fate, reason) in fates.items():
        known = held.get(ref)
        if known is not None and known.fate == Fate.TAKEN:
            continue
        row = known or IncomingRow(source=source, ref=ref)
        row.fate, row.reason, row.claim_id, row.received_at = fate, reason[:2000], claims.get(ref), now
        row.digest = digest_of(rows[ref][1])
        row.body = dict(rows[ref][1]) if fate is Fate.REJECTED else None
        fresh.append(row)
    IncomingRow.objects.bulk_create([row for row in fresh if row.pk is None])
    IncomingRow.objects.bulk_update(
        [row for row in fresh if row.pk], ["fate", "reason", "claim", "received_at", "digest", "body"]
    )


def digest_of(body: Mapping[str, Any]) -> str:
    """What tells one version of a row from another."""
    return blake2b(orjson.dumps(dict(body), option=orjson.OPT_SORT_KEYS), digest_size=32).hexdigest()
