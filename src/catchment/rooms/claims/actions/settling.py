"""Settling checked claims: layers, the year's account and the ledger in one transaction; taking back."""

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import asdict, replace
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from catchment.kernel import wall
from catchment.kernel.actor import Actor
from catchment.kernel.bulk import insert_many, update_many
from catchment.kernel.errors import Invalid, Problem
from catchment.rooms.claims import queries
from catchment.rooms.claims.actions.checking import locked, locked_one, take
from catchment.rooms.claims.actions.making import DESK, WORK
from catchment.rooms.claims.models import Claim, Settlement, YearAccount
from catchment.rooms.claims.queries.context import Books
from catchment.rooms.claims.queries.posting import Side, sides_of_settlement
from catchment.rooms.claims.types import YEAR, Layer, State, Year
from catchment.rooms.claims.types import Settlement as Reckoned
from catchment.rooms.ledger import actions as ledger
from catchment.rooms.ledger.types import Entry, Line
from catchment.rooms.people.models import Person
from catchment.standards.reasons import Reason

EARLIER = "earlier-taken-back"
"""Why a settlement was taken back to be reckoned anew: a code, where others have a person's words."""


def settle_claims(*, actor: Actor, now: datetime, claim_ids: Collection[int]) -> list[Settlement]:
    """Settle checked claims in order of their days, and post each as one ledger transaction; all or none.

    Claims in another state are left alone. Raises `NotFound` where a day has no edition, `Refusal` for a closed month.
    """
    actor.require(WORK)
    with transaction.atomic(), wall.acting(DESK):
        claims = locked(claim_ids, State.CHECKED)
        done = _settle(claims, actor, now)
        take(claims, "settle", actor, now)
    return done


def cancel_claim(*, actor: Actor, now: datetime, claim_id: int, reason: str) -> Claim:
    """Cancel a claim. A settled one is taken back by an entry of today; nothing written before is changed.

    Later settlements of the same person and year are marked as due to be reckoned anew, never changed by themselves:
    the person has paid by them. `recompute_year` does it.
    """
    actor.require(WORK)
    if not reason.strip():
        raise Invalid(Problem("reason", _("请写明撤销的原因")))
    with transaction.atomic(), wall.acting(DESK):
        claim = locked_one(claim_id)
        live = Settlement.objects.filter(claim=claim, cancelled_at__isnull=True).select_for_update().first()
        take([claim], "cancel", actor, now, reason=("desk", reason))
        if live is not None:
            _take_back([live], actor, now, reason)
            _mark_later(live, claim)
    return claim


def recompute_year(*, actor: Actor, now: datetime, person_id: int, year: int) -> list[Settlement]:
    """Reckon a person's settlements of a year anew, in order of their days, from the first one marked.

    Each is taken back and written again; what stays the same in amount is left as it is.
    """
    actor.require(WORK)
    with transaction.atomic(), wall.acting(DESK):
        live = list(
            Settlement.objects.filter(claim__person_id=person_id, year=year, cancelled_at__isnull=True)
            .select_for_update(of=("self",))
            .select_related("claim")
            .order_by("claim__ends_on", "claim_id")
        )
        first = next((at for at, one in enumerate(live) if one.stale), None)
        if first is None:
            return []
        again = live[first:]
        _take_back(again, actor, now, EARLIER)
        claims = [one.claim for one in again]
        done = _settle(claims, actor, now)
        take(claims, "recompute", actor, now)
    return done


def _settle(claims: Sequence[Claim], actor: Actor, now: datetime) -> list[Settlement]:
    if not claims:
        return []
    years, books = _years(claims), Books()
    reckoned = []
    for claim in claims:
        account = years[claim.person_id, claim.ends_on.year, claim.insurance]
        one = queries.reckon_claim(claim, account, books)
        reckoned.append((claim, one, one.year.less(account)))
        years[claim.person_id, claim.ends_on.year, claim.insurance] = one.year
    posted = _post(reckoned, actor, now)
    rows = [
        _row(claim, one, added, entry, actor, now) for (claim, one, added), entry in zip(reckoned, posted, strict=True)
    ]
    _keep_years(years)
    insert_many(rows)
    return rows


Key = tuple[int, int, str]


def _years(claims: Iterable[Claim]) -> dict[Key, Year]:
    """The accounts of the years, opened where there are none, locked, in one order for all writers."""
    wanted = sorted({(claim.person_id, claim.ends_on.year, claim.insurance) for claim in claims})
    YearAccount.objects.bulk_create(
        [YearAccount(person_id=person, year=year, insurance=kind) for person, year, kind in wanted],
        ignore_conflicts=True,
        batch_size=2000,
    )
    rows = YearAccount.objects.filter(person_id__in={key[0] for key in wanted}).select_for_update()
    found = {(one.person_id, one.year, one.insurance): one for one in rows.order_by("person_id", "year", "insurance")}
    return {key: Year(*(getattr(found[key], name) for name in YEAR)) for key in wanted}


def _keep_years(years: dict[Key, Year]) -> None:
    rows = YearAccount.objects.filter(person_id__in={key[0] for key in years})
    held = [row for row in rows if (row.person_id, row.year, row.insurance) in years]
    for row in held:
        for name in YEAR:
            setattr(row, name, getattr(years[row.person_id, row.year, row.insurance], name))
    update_many(held, YEAR)


def _post(reckoned: Sequence[tuple[Claim, Reckoned, Year]], actor: Actor, now: datetime) -> list[Any]:
    """One transaction for each claim: the facility's receivables against the funds and the person."""
    clerk = replace(actor, capabilities=actor.capabilities | {"ledger.post"})
    persons = Person.objects.in_bulk({claim.person_id for claim, _one, _added in reckoned})
    names = queries.facility_names({claim.facility_id for claim, _one, _added in reckoned})
    sides = [sides_of_settlement(claim, one, persons[claim.person_id], names) for claim, one, _added in reckoned]
    accounts = ledger.open_accounts(
        actor=clerk, now=now, wanted=[(owner, purpose) for lines in sides for owner, purpose, _amount in lines]
    )
    refs = _refs([claim for claim, _one, _added in reckoned])
    entries = [
        _entry(refs[claim.pk], lines, accounts, now)
        for (claim, _one, _added), lines in zip(reckoned, sides, strict=True)
    ]
    return ledger.post_many(actor=clerk, now=now, entries=entries)


def _refs(claims: Sequence[Claim]) -> dict[int, str]:
    """What the ledger calls each settlement: the claim's key, with a count from the second one on."""
    before = Counter(Settlement.objects.filter(claim__in=claims).values_list("claim_id", flat=True))
    return {one.pk: f"{one.pk}-{before[one.pk] + 1}" if before[one.pk] else f"{one.pk}" for one in claims}


def _entry(ref: str, sides: Sequence[Side], accounts: dict[tuple[str, str, str], int], now: datetime) -> Entry:
    """Booked on the day of the settlement: months that are over may be closed."""
    lines = [
        Line(account_id=accounts[owner.kind.value, owner.code, purpose], amount=amount)
        for owner, purpose, amount in sides
    ]
    return Entry(kind="settlement", booked_on=timezone.localdate(now), lines=tuple(lines), source=("claim", ref))


def _row(claim: Claim, one: Reckoned, added: Year, entry: Any, actor: Actor, now: datetime) -> Settlement:
    return Settlement(
        claim=claim,
        year=claim.ends_on.year,
        at=now,
        settled_by=actor.name,
        edition=one.edition,
        verified=one.verified,
        level=one.stay.level,
        in_scope=one.in_scope,
        basic=one.paid(Layer.BASIC),
        serious=one.paid(Layer.SERIOUS),
        aid=one.paid(Layer.AID),
        patient=one.patient,
        steps=queries.kept_steps(one),
        added=asdict(added),
        transaction=entry,
    )


def _take_back(live: Sequence[Settlement], actor: Actor, now: datetime, reason: str) -> None:
    clerk = replace(actor, capabilities=actor.capabilities | {"ledger.post"})
    years = _years([one.claim for one in live])
    for one in live:
        claim = one.claim
        back = ledger.take_back(
            actor=clerk,
            now=now,
            transaction_id=one.transaction_id,
            booked_on=timezone.localdate(now),
            reason=reason,
        )
        one.cancelled_at, one.cancelled_by, one.cancel_reason, one.cancel_transaction = now, actor.name, reason, back
        key = claim.person_id, claim.ends_on.year, claim.insurance
        years[key] = years[key].plus(Year(**one.added), -1)
    update_many(live, ["cancelled_at", "cancelled_by", "cancel_reason", "cancel_transaction"])
    _keep_years(years)


def _mark_later(taken: Settlement, claim: Claim) -> None:
    """What was settled after it counted on what it had used up."""
    later = Settlement.objects.filter(
        claim__person_id=claim.person_id, claim__insurance=claim.insurance, year=taken.year,
        cancelled_at__isnull=True, pk__gt=taken.pk,
    )  # fmt: skip
    later.update(stale=Reason("taken-back", {"claim": claim.number}).as_dict())
