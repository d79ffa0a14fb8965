"""Checking claims by the rules of their days, grouping them, sending back what cannot pass."""

from collections.abc import Collection
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from catchment.kernel import flow, wall
from catchment.kernel.actor import Actor
from catchment.kernel.errors import NotFound
from catchment.rooms.claims import queries
from catchment.rooms.claims.actions.making import DESK, WORK
from catchment.rooms.claims.models import Claim
from catchment.rooms.claims.queries.context import Books
from catchment.rooms.claims.rules import CLAIM, check
from catchment.rooms.claims.types import Kind, Severity, State

GROUPED = ("scheme", "grouped", "adrg", "drg", "weight")


def check_claims(*, actor: Actor, now: datetime, claim_ids: Collection[int]) -> tuple[list[Claim], list[Claim]]:
    """Check drafts: those that pass and those that are sent back, each with its findings.

    Claims in another state are left alone.
    """
    actor.require(WORK)
    with transaction.atomic(), wall.acting(DESK):
        claims = locked(claim_ids, State.DRAFTED)
        books = Books()
        passed: list[Claim] = []
        back: list[Claim] = []
        for claim, case in zip(claims, queries.cases(claims), strict=True):
            found = check(case, books.checks(claim.ends_on))
            claim.findings = [one.as_dict() for one in found]
            (back if any(one.severity is Severity.REJECT for one in found) else passed).append(claim)
        queries.put_groups([claim for claim in passed if claim.kind == Kind.INPATIENT], books)
        take(passed, "check", actor, now, fields=("findings", *GROUPED))
        take(back, "reject", actor, now, reason=("rules", ""), fields=("findings",))
    return passed, back


def locked(claim_ids: Collection[int], state: State) -> list[Claim]:
    """The claims that stand in the state, locked, in order of their days."""
    rows = Claim.objects.filter(pk__in=claim_ids, state=state).select_for_update(of=("self",))
    return list(rows.order_by("ends_on", "pk"))


def locked_one(claim_id: int) -> Claim:
    """One claim in whatever state, locked; `NotFound` when there is none."""
    claim = Claim.objects.select_for_update(of=("self",)).filter(pk=claim_id).first()
    if claim is None:
        raise NotFound("not-found", _("没有找到这张结算单"))
    return claim


def take(
    claims: list[Claim],
    verb: str,
    actor: Actor,
    now: datetime,
    *,
    reason: tuple[str, str] = ("", ""),
    fields: tuple[str, ...] = (),
) -> None:
    """Take a step with locked claims, weighed for the actor's side."""
    flow.perform_many(
        CLAIM,
        claims,
        verb=verb,
        actor=actor,
        now=now,
        sides=lambda claim: queries.sides_of(actor, claim),
        person_id=lambda claim: claim.person_id,
        reason=reason,
        fields=fields,
    )
