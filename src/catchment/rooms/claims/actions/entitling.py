"""Categories of medical assistance from a list: every row accounted for, rejected ones kept to be tried again."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from hashlib import blake2b
from itertools import islice
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from catchment.kernel import audit, sheets, wall
from catchment.kernel.actor import Actor
from catchment.kernel.errors import Invalid
from catchment.kernel.fates import Account, Fate
from catchment.rooms.claims import queries
from catchment.rooms.claims.actions.making import DESK
from catchment.rooms.claims.models import Entitlement, IncomingRow
from catchment.rooms.claims.rules import assistance
from catchment.rooms.claims.rules.assistance import SOURCE, Told

OVERSEE, BATCH = "claims.oversee", 500
Row = tuple[int, dict[str, str]]


def take_entitlements(*, actor: Actor, now: datetime, source: str, name: str, content: bytes) -> Account:
    """Take an xlsx or CSV list of who is of which category since when; batches are committed one by one.

    A row about the same person, day and category says anew until when it holds. Claims that are settled stay as they
    are. Raises `Invalid` for a file that is no table or lacks a column; then nothing is taken.
    """
    actor.require(OVERSEE)
    return _take(SOURCE + source, assistance.rows_in(sheets.rows_in(name, content)), actor, now)


def replay_entitlements(*, actor: Actor, now: datetime, source: str) -> Account:
    """Try everything again that stands rejected from a source (without `aid:`), after its cause was mended."""
    actor.require(OVERSEE)
    held = IncomingRow.objects.filter(source=SOURCE + source, fate=Fate.REJECTED, body__isnull=False).order_by("pk")
    with wall.acting(DESK):
        rows = [(int(row.body["row"]), dict(row.body["cells"])) for row in held if row.body]
    return _take(SOURCE + source, rows, actor, now)


def _take(source: str, rows: Iterable[Row], actor: Actor, now: datetime) -> Account:
    account, waiting = Account(), iter(rows)
    categories = queries.categories_on(timezone.localdate(now))
    while batch := list(islice(waiting, BATCH)):
        with transaction.atomic(), wall.acting(DESK):
            _take_batch(source, batch, categories, account, now)
    with transaction.atomic():
        audit.record(actor=actor, event="claim.entitle", at=now, detail={"source": source, **account.counts()})
    return account


def _take_batch(source: str, batch: list[Row], categories: Mapping[str, str], account: Account, now: datetime) -> None:
    people = queries.people_by_number({cells.get("person", "").upper() for _number, cells in batch})
    keys = {person for person, _name in people.values()}
    held = {(one.person_id, one.since): one for one in Entitlement.objects.filter(person_id__in=keys)}
    fates: dict[str, tuple[Row, Fate, str]] = {}
    for row in batch:
        fate, reason = _taken(row[1], source, people, held, categories)
        account.add_row(fate, row=str(row[0]), reason=reason)
        fates[_ref(row[1])] = row, fate, reason
    _keep(source, fates, now)


def _taken(
    cells: dict[str, str], source: str, people: Any, held: Any, categories: Mapping[str, str]
) -> tuple[Fate, str]:
    try:
        told = assistance.read(cells, categories)
    except Invalid as refused:
        return Fate.REJECTED, "；".join(f"{one.field}: {one.message}" for one in refused.problems)
    person, name = people.get(told.person, (None, ""))
    if person is None:
        return Fate.REJECTED, _("没有这个证件号的居民；登记此人之后再试一次")
    if told.name and told.name != name:
        return Fate.REJECTED, _("姓名与登记的不同；核对证件号，或更正登记")
    return _written(told, person, source, held, categories)


def _written(
    told: Told, person: int, source: str, held: dict[Any, Entitlement], categories: Mapping[str, str]
) -> tuple[Fate, str]:
    known = held.get((person, told.since))
    if known is None:
        held[person, told.since] = Entitlement.objects.create(
            person_id=person, category=told.category, since=told.since, until=told.until, source=source[:60]
        )
        return Fate.TAKEN, ""
    if known.category != told.category:
        standing = categories.get(known.category, known.category)
        return Fate.REJECTED, _("这一天起已登记为%s；同一天只能有一种，请改起始日期") % standing
    if known.until == told.until:
        return Fate.KNOWN, ""
    known.until, known.source = told.until, source[:60]
    known.save(update_fields=["until", "source"])
    return Fate.TAKEN, ""


def _ref(cells: Mapping[str, str]) -> str:
    """What tells a row from another, without anybody's number in it."""
    told = "|".join(cells.get(name, "") for name in ("person", "category", "since"))
    return blake2b(told.encode(), digest_size=16).hexdigest()


def _keep(source: str, fates: Mapping[str, tuple[Row, Fate, str]], now: datetime) -> None:
    """The account of the rows; of those that were taken nothing but that they were."""
    IncomingRow.objects.bulk_create(
        [
            IncomingRow(
                source=source, ref=ref, digest="", fate=fate, reason=reason[:2000], received_at=now,
                body={"row": row[0], "cells": row[1]} if fate is Fate.REJECTED else None,
            )
            for ref, (row, fate, reason) in fates.items()
        ],
        update_conflicts=True,
        unique_fields=["source", "ref"],
        update_fields=["fate", "reason", "received_at", "body"],
    )  # fmt: skip
