"""A whole year's encounters as claims, checked, settled and posted, batch by batch."""

from collections.abc import Callable
from datetime import date, datetime

from django.db import connection, transaction

from catchment.kernel.actor import Actor
from catchment.rooms.claims import queries
from catchment.rooms.claims.actions.checking import check_claims
from catchment.rooms.claims.actions.making import WORK, make_claims
from catchment.rooms.claims.actions.settling import settle_claims
from catchment.rooms.claims.types import Made, State

BATCH = 1000
Progress = Callable[[int, int], None]


def make_year(
    *,
    actor: Actor,
    now: datetime,
    year: int,
    until: date | None = None,
    outpatients: bool = False,
    progress: Progress | None = None,
) -> Made:
    """Make, check and settle what ended in the year, up to the day `until` where one is given, and has no claim yet.

    Every batch is one transaction, so that what was committed before an interruption stays and the next run goes on
    from there; the same again makes nothing. `progress` hears how many of how many.
    """
    actor.require(WORK)
    total = queries.count_of_year(year, until=until, outpatients=outpatients)
    done, after, heard = Made(), 0, progress or (lambda _done, _total: None)
    _finish(queries.left_over(year, until, [State.DRAFTED, State.CHECKED]), actor, now, done)
    while keys := queries.unclaimed(year, until=until, outpatients=outpatients, after=after, limit=BATCH):
        with transaction.atomic():
            told, _left = queries.from_encounters(keys)
            claims = make_claims(actor=actor, now=now, told=told)
            done.made += len(claims)
            _finish([claim.pk for claim in claims], actor, now, done)
        if done.seen == 0:
            _know_sizes()
        done.seen, after = done.seen + len(keys), keys[-1]
        heard(total - len(keys) if done.seen > total else done.seen, total)
    done.known = total - done.made
    return done


def _finish(keys: list[int], actor: Actor, now: datetime, done: Made) -> None:
    if not keys:
        return
    with transaction.atomic():
        passed, back = check_claims(actor=actor, now=now, claim_ids=keys)
        for claim in back:
            done.reasons.update({one["code"] for one in claim.findings if one["severity"] == "reject"})
        done.checked, done.rejected = done.checked + len(passed), done.rejected + len(back)
        done.settled += len(settle_claims(actor=actor, now=now, claim_ids=keys))


def _know_sizes() -> None:
    """Let the planner know that tables which were empty have filled; it would walk them whole otherwise."""
    with connection.cursor() as cursor:
        for table in ("claims_claim", "claims_claimline", "claims_settlement", "claims_yearaccount"):
            cursor.execute(f"analyze {table}")
