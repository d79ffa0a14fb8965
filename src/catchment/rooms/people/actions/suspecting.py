"""Noticing that two records may be one person, and deciding that they are not.

At registration by keys that two records share, in SQL; for everybody by probabilistic linkage besides.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, TypeAlias

from django.db import connection, transaction
from django.utils.translation import gettext as _

from catchment.kernel import audit, events, wall
from catchment.kernel.actor import Actor
from catchment.kernel.errors import Invalid, NotAllowed, NotFound, Problem, Refusal
from catchment.rooms.people.models import Person, SuspectedMatch
from catchment.rooms.people.queries.candidates import everybody, pairs_by_key
from catchment.rooms.people.rules import COMPARES, has_part, why_not_decided
from catchment.rooms.people.types import KeyPair, MatchState
from catchment.standards.identity import linkage

CAPABILITY = "people.match"
LEAST: Final = 0.5
WRITE = """
insert into people_suspectedmatch (left_id, right_id, probability, reasons, state, found_at, decided_by)
values (%s, %s, %s, %s::jsonb, %s, %s, '')
on conflict on constraint match_once do update
set probability = coalesce(excluded.probability, people_suspectedmatch.probability), reasons = excluded.reasons
where people_suspectedmatch.state = 'suspected'
  and (excluded.probability is not null or people_suspectedmatch.probability is null)
"""


@dataclass(frozen=True, slots=True)
class Suspicion:
    """What one run found: pairs looked at that were likely enough, and how many of them are new."""

    pairs: int
    new: int


def suspect_by_keys(person: Person, now: datetime) -> int:
    """Write down everybody who shares a key with the person; says how many are new. Part of the caller's act."""
    with wall.acting("linkage"):
        return _write(_by_key(pairs_by_key(person.pk)), now)


def suspect_all(*, actor: Actor, now: datetime, least: float = LEAST) -> Suspicion:
    """Compare everybody with everybody, by key and by linkage; decided pairs stay decided.

    A million people are held in memory while it runs: a job for the night.
    """
    actor.require(CAPABILITY)
    return _noted(_together(_by_key(pairs_by_key()), _linked(everybody(), least)), actor, now)


def mark_distinct(*, actor: Actor, now: datetime, match_id: int) -> SuspectedMatch:
    """Decide that the two are different people; no later run asks again.

    By whoever decides about everybody, or about both facilities. Raises `NotFound`, `NotAllowed`, and `Refusal` for a
    pair that is decided.
    """
    with wall.acting("linkage"), transaction.atomic():
        match = _locked(match_id)
        require_decides(actor, match.left, match.right)
        match.state, match.decided_at, match.decided_by = MatchState.DISTINCT, now, actor.name
        match.save(update_fields=["state", "decided_at", "decided_by"])
        audit.record(
            actor=actor,
            event="match.distinct",
            at=now,
            person_id=match.left_id,
            subject=("match", match.pk),
            detail={"other": match.right_id},
        )
        events.publish("match.decided", actor=actor, now=now, match_id=match.pk)
    return match


def send_match(*, actor: Actor, now: datetime, match_id: int, note: str) -> SuspectedMatch:
    """Ask whoever decides about everybody to decide the pair, and say what is known; again replaces the note.

    Raises `Invalid` without a note, `NotFound` for a pair in which the actor has no part, `Refusal` for a decided one.
    """
    actor.require(COMPARES)
    if not note.strip():
        raise Invalid(Problem("note", _("请写明您知道的情况，如：本人持身份证到场核实")))
    with wall.acting("linkage"), transaction.atomic():
        match = _locked(match_id)
        if not has_part(actor, (match.left.primary_facility_id, match.right.primary_facility_id)):
            raise NotFound("no-such-match", _("没有找到这条疑似重复"))
        match.sent_at, match.sent_by, match.sent_note = now, f"{actor.facility_name} {actor.name}", note.strip()[:200]
        match.save(update_fields=["sent_at", "sent_by", "sent_note"])
        audit.record(actor=actor, event="match.send", at=now, person_id=match.left_id, subject=("match", match.pk))
        events.publish("match.sent", actor=actor, now=now, match=match)
    return match


def require_decides(actor: Actor, left: Person, right: Person) -> None:
    """Raise `NotAllowed` with the reason where the actor may not decide whether these two are one."""
    why = why_not_decided(actor, (left.primary_facility_id, right.primary_facility_id))
    if why:
        raise NotAllowed("not-allowed", why)


def _locked(match_id: int) -> SuspectedMatch:
    rows = SuspectedMatch.objects.select_for_update(of=("self",)).select_related("left", "right")
    match = rows.filter(pk=match_id).first()
    if match is None:
        raise NotFound("no-such-match", _("没有找到这条疑似重复"))
    if match.state != MatchState.SUSPECTED:
        raise Refusal("decided", _("这条疑似重复已经处理过"))
    return match


Found: TypeAlias = dict[tuple[int, int], tuple[float | None, list[dict[str, Any]]]]


def _by_key(pairs: Iterable[KeyPair]) -> Found:
    return {(pair.left, pair.right): (None, [{"key": key} for key in pair.keys]) for pair in pairs}


def _linked(rows: list[Mapping[str, object]], least: float) -> Found:
    found: Found = {}
    for pair in linkage.pairs(rows, least=least) if len(rows) > 1 else []:
        left, right = sorted((int(pair.id_l), int(pair.id_r)))
        reasons: list[dict[str, Any]] = [{"rule": pair.rule}] if pair.rule else []
        reasons += [
            {"field": r.field, "outcome": r.outcome, "zh": r.zh, "en": r.en, "weight": r.weight} for r in pair.reasons
        ]
        found[left, right] = (pair.probability, reasons)
    return found


def _together(by_key: Found, linked: Found) -> Found:
    both = {
        key: (probability, [*by_key.get(key, (None, []))[1], *reasons])
        for key, (probability, reasons) in linked.items()
    }
    return by_key | both


def _noted(found: Found, actor: Actor, now: datetime) -> Suspicion:
    with wall.acting("linkage"), transaction.atomic():
        new = _write(found, now)
        audit.record(actor=actor, event="people.suspect", at=now, detail={"pairs": len(found), "new": new})
    return Suspicion(pairs=len(found), new=new)


def _write(found: Found, now: datetime) -> int:
    """Write the pairs down; says how many were not known before. Decided pairs are left as they are."""
    if not found:
        return 0
    before = SuspectedMatch.objects.count()
    with connection.cursor() as cursor:
        cursor.executemany(
            WRITE,
            [
                (*key, probability, json.dumps(reasons, ensure_ascii=False), MatchState.SUSPECTED.value, now)
                for key, (probability, reasons) in found.items()
            ],
        )
    return SuspectedMatch.objects.count() - before
