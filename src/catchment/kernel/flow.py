"""Subjects that move by steps: a frozen table of steps and the one function that takes a step.

A room declares its table in `rules.py`. Which sides an actor stands on (sender, receiver, ...) is the
room's to say; the table says which side may take which step from which state.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, TypeVar

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from catchment.kernel import audit, compiled
from catchment.kernel.actor import Actor
from catchment.kernel.bulk import insert, insert_many, update, update_many
from catchment.kernel.errors import NotAllowed, NotFound, Refusal
from catchment.kernel.models import FlowEvent, FlowRecord
from catchment.kernel.outage import repeated

Record = TypeVar("Record", bound=FlowRecord)


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One way to move. `reasons` names the list a coded reason must come from; `clock` the time allowed in `target`.

    An empty `target` keeps the state. `variants` limits the step to some kinds of the subject (empty: all).
    """

    verb: str
    sources: tuple[str, ...]
    target: str
    side: str
    capability: str
    clock: str = ""
    reasons: str = ""
    variants: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """All steps of one kind of subject. `kind` prefixes audit events; `final` states have no way out."""

    kind: str
    states: type[StrEnum]
    initial: str
    final: frozenset[str]
    steps: tuple[Step, ...]

    def step(self, verb: str, *, state: str = "", variant: str = "") -> Step:
        """The step of that name that fits the state and variant best; `Refusal` when the name is unknown."""
        named = [step for step in self.steps if step.verb == verb]
        if not named:
            raise Refusal("unknown-step", _("没有这个步骤：%s") % verb)
        fitting = [s for s in named if state in s.sources and (not s.variants or variant in s.variants)]
        return (fitting or named)[0]

    def leaving(self, state: str, variant: str = "") -> list[Step]:
        """Steps that start in this state for this variant, in the table's order."""
        return [s for s in self.steps if state in s.sources and (not s.variants or variant in s.variants)]

    def diagram(self) -> str:
        """The table as a Mermaid state diagram, one line a step, in the table's order."""
        lines = ["stateDiagram-v2", f"    [*] --> {self.initial}"]
        for step in self.steps:
            mark = f" ({'/'.join(step.variants)})" if step.variants else ""
            lines += [f"    {s} --> {step.target or s}: {step.side} {step.verb}{mark}" for s in step.sources]
        lines += [f"    {state} --> [*]" for state in sorted(self.final)]
        return "\n".join(lines)


@dataclass(frozen=True, slots=True)
class Choice:
    """A step as offered to one actor now: allowed, or not and why (code for programs, words for people)."""

    step: Step
    allowed: bool
    code: str = ""
    why: str = ""


@dataclass(slots=True, kw_only=True)
class Outcome:
    """What a step's effects leave to be written with it."""

    due_at: datetime | None = None
    holder_role: str = ""
    overdue_since: datetime | None = None
    escalation: int = 0
    detail: dict[str, Any] = field(default_factory=dict)


Effects = Callable[[Record, Step], Outcome]


def weigh(step: Step, *, state: str, variant: str, actor: Actor, sides: Iterable[str]) -> Choice:
    """Whether this actor, standing on these sides, may take the step in this state now."""
    if not actor.may(step.capability):
        return Choice(step, allowed=False, code="capability", why=_("当前岗位没有这项权限"))
    if step.variants and variant not in step.variants:
        return Choice(step, allowed=False, code="variant", why=_("这类转诊没有这一步"))
    if step.side not in sides:
        return Choice(step, allowed=False, code="side", why=_("由对方机构办理"))
    if state not in step.sources:
        return Choice(step, allowed=False, code="state", why=_("当前状态不能办理"))
    return Choice(step, allowed=True)


@repeated
def perform(
    table: Table,
    rows: QuerySet[Record] | Callable[[], Record | None] | Record,
    *,
    verb: str,
    actor: Actor,
    now: datetime,
    sides: Callable[[Record], Iterable[str]],
    effects: Effects[Record],
    variant: Callable[[Record], str] = lambda _record: "",
    person_id: Callable[[Record], int | None] = lambda _record: None,
    reason: tuple[str, str] = ("", ""),
) -> Record:
    """Take one step: lock the row, check state, side and capability, run effects, write state, history and audit.

    `rows` selects exactly one row, or reads and locks it, or is one that the caller's transaction has written itself,
    which nobody else can have. `effects` set attributes and change no list or dictionary in place: what was set is
    written. All of it happens in one transaction; a refusal leaves nothing behind, the caller's transaction included.
    """
    with transaction.atomic(savepoint=False):
        record = _locked(rows)
        if record is None:
            raise NotFound("not-found", _("没有找到"))
        kind = variant(record)
        step = table.step(verb, state=record.state, variant=kind)
        _require(weigh(step, state=record.state, variant=kind, actor=actor, sides=sides(record)))
        before, was = record.state, _values(record)
        outcome = effects(record, step)
        _move(record, step.target or before, now, outcome)
        update(record, [name for name, value in _values(record).items() if value is not was[name]])
        write_event(table, record, verb, before, actor, now, reason, outcome.detail)
        audit.record(
            actor=actor,
            event=f"{table.kind}.{verb}",
            at=now,
            person_id=person_id(record),
            subject=(table.kind, record.pk),
            detail={"from": before, "to": record.state, "reason": reason[0]},
        )
        return record


def perform_many(
    table: Table,
    records: Sequence[Record],
    *,
    verb: str,
    actor: Actor,
    now: datetime,
    sides: Callable[[Record], Iterable[str]],
    person_id: Callable[[Record], int | None] = lambda _record: None,
    reason: tuple[str, str] = ("", ""),
    fields: Sequence[str] = (),
) -> None:
    """Take one step with rows that the caller has locked and changed, in the caller's transaction.

    `fields` are the further columns that were changed. History is written for each; the audit has one entry, that
    names the subject and person of a single row, and how many, first and last of several.
    """
    if not records:
        return
    moves = []
    for record in records:
        step = table.step(verb, state=record.state)
        _require(weigh(step, state=record.state, variant="", actor=actor, sides=sides(record)))
        moves.append((record, record.state))
        if step.target:
            record.state, record.state_since = step.target, now
    update_many(records, ["state", "state_since", *fields])
    insert_many([_event(table, record, verb, before, actor, now, reason, {}) for record, before in moves])
    alone = records[0] if len(records) == 1 else None
    keys = sorted(record.pk for record in records)
    audit.record(
        actor=actor,
        event=f"{table.kind}.{verb}",
        at=now,
        person_id=person_id(alone) if alone else None,
        subject=(table.kind, alone.pk) if alone else None,
        detail={"reason": reason[0], "count": len(keys), "first": keys[0], "last": keys[-1]},
    )


def write_event(
    table: Table,
    record: FlowRecord,
    verb: str,
    before: str,
    actor: Actor,
    now: datetime,
    reason: tuple[str, str] = ("", ""),
    detail: dict[str, Any] | None = None,
) -> FlowEvent:
    """Write one line of history; `perform` does it for steps, a creating action for the beginning."""
    event = _event(table, record, verb, before, actor, now, reason, detail or {})
    insert(event)
    return event


def begin_many(
    table: Table,
    records: Sequence[Record],
    *,
    verb: str,
    actor: Actor,
    now: datetime,
    details: Sequence[dict[str, Any]] = (),
) -> None:
    """Write the beginning of each row's history, with its detail if given; for an action that creates many."""
    told = details or [{}] * len(records)
    rows = [
        _event(table, record, verb, "", actor, now, ("", ""), detail)
        for record, detail in zip(records, told, strict=True)
    ]
    insert_many(rows)


def _event(
    table: Table,
    record: FlowRecord,
    verb: str,
    before: str,
    actor: Actor,
    now: datetime,
    reason: tuple[str, str],
    detail: dict[str, Any],
) -> FlowEvent:
    return FlowEvent(
        subject_kind=table.kind,
        subject_id=record.pk,
        verb=verb,
        from_state=before,
        to_state=record.state,
        at=now,
        actor_role=actor.role,
        actor_name=actor.name,
        post_id=actor.post_id,
        facility_id=actor.facility_id,
        facility_name=actor.facility_name,
        reason_code=reason[0],
        reason_text=reason[1],
        detail=detail,
    )


def history(table: Table, key: int) -> list[FlowEvent]:
    """All steps taken on one subject, first to last."""
    return compiled.objects(_events, table.kind, key)


def _events(kind: str, key: int) -> QuerySet[FlowEvent]:
    return FlowEvent.objects.filter(subject_kind=kind, subject_id=key).order_by("id")


def _locked(rows: QuerySet[Record] | Callable[[], Record | None] | Record) -> Record | None:
    if isinstance(rows, FlowRecord):
        return rows
    return rows.select_for_update(of=("self",)).first() if isinstance(rows, QuerySet) else rows()


def _move(record: FlowRecord, state: str, now: datetime, outcome: Outcome) -> None:
    if state != record.state:
        record.state_since = now
    record.state = state
    record.due_at = outcome.due_at
    record.overdue_since = outcome.overdue_since
    record.escalation = outcome.escalation
    record.holder_role = outcome.holder_role


def _values(record: FlowRecord) -> dict[str, Any]:
    return {one.attname: record.__dict__[one.attname] for one in record._meta.concrete_fields}  # noqa: SLF001 Django's public model API


def _require(choice: Choice) -> None:
    if choice.allowed:
        return
    answer = NotAllowed if choice.code in {"capability", "side"} else Refusal
    raise answer(choice.code, choice.why, verb=choice.step.verb)
