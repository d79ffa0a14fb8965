"""The wall: for whom a connection acts, told to the database, which shows and takes only what that actor is given.

The tables' policies stand in the site, which knows every room. A connection that has entered for nobody sees nobody.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection
from psycopg.pq import TransactionStatus

from catchment.kernel.actor import Actor
from catchment.kernel.database import APPLICATION_ROLE

SET = (
    "select set_config('role', %s, false), "
    + ", ".join(
        f"set_config('catchment.{name}', %s, false)"
        for name in ("role", "post", "facility", "facilities", "person", "reach", "at", "after_days", "shared")
    )
    + ", set_config('catchment.seen', '', false)"
)
RESIDENT = frozenset({
    "people:read", "record:read", "referral:read", "consent:read", "consent:write", "claims:read", "screening:read",
    "message:read", "message:write",
})  # fmt: skip
_reaches: dict[str, frozenset[str]] = {}
_systems: dict[str, frozenset[str]] = {}


@dataclass(frozen=True, slots=True)
class Terms:
    """What the rules of the day say of access: `after_days` a relation outlasts its cause; whether networks share."""

    after_days: int = 0
    shared: bool = False


@dataclass(frozen=True, slots=True)
class Pass:
    """One actor as the database knows it: every value is text, empty where there is nothing."""

    role: str
    post: str = ""
    facility: str = ""
    facilities: str = "{}"
    person: str = ""
    reach: str = ""
    at: str = ""
    after_days: str = "0"
    shared: str = ""


_waiting: ContextVar[datetime | None] = ContextVar("catchment_wall_waiting", default=None)
_held: ContextVar[Pass | None] = ContextVar("catchment_wall_pass", default=None)


def register_reach(capability: str, *reaches: str) -> None:
    """What a capability opens in the database: `people:read`, `record:write`, `referral:all`, ..."""
    _reaches[capability] = frozenset(reaches)


def register_system(name: str, *reaches: str) -> None:
    """What the system may do when it acts by itself under this name, and no more."""
    _systems[name] = frozenset(reaches)


def reach_of(actor: Actor) -> frozenset[str]:
    """What the actor's capabilities open in the database."""
    return frozenset().union(*(_reaches.get(capability, frozenset()) for capability in actor.capabilities))


def enter(actor: Actor | None, *, at: datetime, terms: Terms) -> None:
    """From here on this connection acts for the actor, or for nobody; `leave` must follow."""
    _apply(_pass_of(actor, at, terms))


@contextmanager
def as_resident(person_id: int, *, at: datetime) -> Iterator[None]:
    """Act for a resident who looks at their own record, then for nobody again."""
    _apply(Pass(role="resident", person=str(person_id), reach=_spelled(RESIDENT), at=at.isoformat()))
    try:
        yield
    finally:
        leave()


@contextmanager
def nobody(*, at: datetime) -> Iterator[None]:
    """Act for nobody, told to the database only when it is asked something: a page without data never waits for it."""

    def first(execute: Any, statement: Any, values: Any, many: bool, context: Any) -> Any:
        if not is_entered():
            enter(None, at=at, terms=Terms())
        return execute(statement, values, many, context)

    mark = _waiting.set(at)
    with connection.execute_wrapper(first):
        try:
            yield
        finally:
            leave()
            _waiting.reset(mark)


def leave() -> None:
    """Act for nobody any more, as the connection's own login. Silent on a connection that is gone or aborted."""
    if _held.get() is None:
        return
    _held.set(None)
    if connection.connection is not None and not _aborted():
        _tell("none", Pass(role=""))


@contextmanager
def acting(name: str, *, at: datetime | None = None) -> Iterator[None]:
    """Act as a named system actor for a moment, then as before. `KeyError` for a name that is not registered.

    Outside of `enter`, which is where the installation's owner works, this changes nothing unless `at` is given,
    as jobs do.
    """
    before, alone = _held.get(), at or _waiting.get()
    if before is None and alone is None:
        yield
        return
    moment = before.at if before else alone.isoformat() if alone else ""
    _apply(
        Pass(
            role=f"system:{name}", facility=before.facility if before else "", reach=_spelled(_systems[name]), at=moment
        )
    )
    try:
        yield
    finally:
        if before is None:
            leave()
        elif _aborted():
            _held.set(before)
        else:
            _apply(before)


def is_entered() -> bool:
    """Whether this connection acts for somebody, so that the policies hold."""
    return _held.get() is not None


def _pass_of(actor: Actor | None, at: datetime, terms: Terms) -> Pass:
    if actor is None:
        return Pass(role="nobody", at=at.isoformat())
    return Pass(
        role=actor.role,
        post=str(actor.post_id or ""),
        facility=str(actor.facility_id or ""),
        facilities="{" + ",".join(map(str, sorted(actor.scope))) + "}",
        reach=_spelled(reach_of(actor)),
        at=at.isoformat(),
        after_days=str(terms.after_days),
        shared="on" if terms.shared else "",
    )


def _spelled(reach: frozenset[str]) -> str:
    return f" {' '.join(sorted(reach))} " if reach else ""


def _apply(held: Pass) -> None:
    _tell(APPLICATION_ROLE, held)
    _held.set(held)


def _tell(role: str, held: Pass) -> None:
    """Settings of the session, no question to a table: past Django's log of queries."""
    values = [getattr(held, name) for name in Pass.__dataclass_fields__]
    connection.ensure_connection()
    connection.connection.execute(SET, [role, *values])


def _aborted() -> bool:
    held = connection.connection
    return held is not None and held.info.transaction_status == TransactionStatus.INERROR
