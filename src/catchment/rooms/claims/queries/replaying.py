"""Reckoning settlements again, from the stored claims by the editions of their days, beside what was posted.

Person by person in the order of the ledger, a block at a time, so that a large county needs no more memory than a small
one. Nothing is written.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import groupby
from typing import Any

from django.db.models import QuerySet

from catchment.kernel.errors import Refusal
from catchment.rooms.claims.models import Settlement, YearAccount
from catchment.rooms.claims.queries.context import Books
from catchment.rooms.claims.queries.posting import Side, sides_of_settlement
from catchment.rooms.claims.queries.settling import kept_steps, reckon_claim
from catchment.rooms.claims.types import YEAR, Layer, Year
from catchment.rooms.claims.types import Settlement as Reckoned
from catchment.rooms.ledger.models import Posting
from catchment.rooms.ledger.types import OwnerKind
from catchment.standards.reasons import same_content

ALL = range(1, 13)
BLOCK = 500
"""Persons whose year is held in memory at once."""
Heard = Callable[[int, int], None]
Posted = Mapping[tuple[str, str, str], int]
"""What one transaction moved, by owner kind, owner code and purpose, in fen."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """Where a fresh reckoning says something else: of what, which figure, as kept and again (fen for amounts)."""

    subject: str
    what: str
    kept: str
    again: str


@dataclass(slots=True)
class Again:
    """What was reckoned again: how many, what the funds paid as posted and as reckoned (fen), what differs.

    `first` is the first difference; only the count is kept of the others.
    """

    counted: int = 0
    kept: int = 0
    again: int = 0
    differing: int = 0
    first: Difference | None = None
    editions: set[str] = field(default_factory=set)

    def note(self, found: Difference | None) -> None:
        """Count a difference; the first one is kept."""
        if found is not None:
            self.differing += 1
            self.first = self.first or found


def unheard(_done: int, _total: int) -> None:
    """Progress that nobody waits for."""


def resettle(
    year: int, months: Collection[int] = ALL, *, people: Any = None, heard: Heard = unheard
) -> dict[int, Again]:
    """Reckon every live settlement of claims that ended in the months again, and compare shares, reasons and postings.

    By month; each person's year is read once for all of them. A year account that says something else is noted in every
    one of the months in which the person has a settlement. `people` (a subquery of keys) narrows it to them.
    """
    wanted, done = _wanted(year, months, people), {month: Again() for month in months}
    books, total, after = Books(), wanted.count(), 0
    while block := _next(wanted, after):
        _block_again(block, year, books, done)
        after = block[-1]
        heard(sum(one.counted for one in done.values()), total)
    return done


def differing(subject: str, kept: Mapping[str, Any], again: Mapping[str, Any]) -> Difference | None:
    """The first figure, in the order of `again`, that is not as it was kept; reasons are compared as data."""
    for what, value in again.items():
        if not same_content(kept.get(what), value):
            return Difference(subject=subject, what=what, kept=str(kept.get(what)), again=str(value))
    return None


def posted_by(transactions: Iterable[int | None]) -> dict[int, dict[tuple[str, str, str], int]]:
    """What each transaction moved."""
    found: dict[int, dict[tuple[str, str, str], int]] = defaultdict(dict)
    rows = Posting.objects.filter(transaction_id__in=[key for key in transactions if key is not None])
    named = ("transaction_id", "account__owner_kind", "account__owner_code", "account__purpose", "amount")
    for key, kind, code, purpose, amount in rows.values_list(*named):
        found[key][kind, code, purpose] = found[key].get((kind, code, purpose), 0) + amount
    return found


def misposted(subject: str, posted: Posted, sides: Sequence[Side]) -> Difference | None:
    """The first account that was not moved by what it should have been."""
    due: dict[tuple[str, str, str], int] = {}
    for owner, purpose, amount in sides:
        key = owner.kind.value, owner.code, purpose
        due[key] = due.get(key, 0) + amount
    for key in sorted({*due, *posted}):
        if due.get(key, 0) != posted.get(key, 0):
            kept, again = str(posted.get(key, 0)), str(due.get(key, 0))
            purpose = f"{key[0]}:{key[2]}" if key[0] == OwnerKind.PERSON else ":".join(key)
            return Difference(subject=subject, what=f"posting {purpose}", kept=kept, again=again)
    return None


def _wanted(year: int, months: Collection[int], people: Any) -> QuerySet[Settlement]:
    until = date(year + max(months) // len(ALL), max(months) % len(ALL) + 1, 1)
    rows = Settlement.objects.filter(
        cancelled_at__isnull=True, claim__ends_on__gte=date(year, min(months), 1), claim__ends_on__lt=until,
        claim__ends_on__month__in=months,
    )  # fmt: skip
    return rows if people is None else rows.filter(claim__person_id__in=people)


def _next(wanted: QuerySet[Settlement], after: int) -> list[int]:
    rows = wanted.filter(claim__person_id__gt=after).order_by("claim__person_id")
    return list(rows.values_list("claim__person_id", flat=True).distinct()[:BLOCK])


def _block_again(people: Sequence[int], year: int, books: Books, done: Mapping[int, Again]) -> None:
    """The people's years, one after the other; every live settlement of the months is reckoned as it comes by."""
    rows = list(
        Settlement.objects.filter(claim__person_id__in=people, year=year)
        .select_related("claim__person", "claim__facility")
        .defer("claim__diagnoses", "claim__procedures", "claim__findings")
    )
    posted, accounts = posted_by(row.transaction_id for row in rows), _accounts(people, year)
    by_person = sorted(_events(rows), key=lambda one: (one[2].claim.person_id, *one[:2]))
    for person, events in groupby(by_person, key=lambda one: one[2].claim.person_id):
        _person_again([one[1:] for one in events], accounts[person], posted, books, done)


def _person_again(
    events: Sequence[tuple[bool, Settlement]],
    accounts: Sequence[YearAccount],
    posted: Mapping[int, Posted],
    books: Books,
    done: Mapping[int, Again],
) -> None:
    """One person's year in the order of the ledger: what each settlement counted on is what the earlier ones added."""
    years: dict[str, Year] = defaultdict(Year)
    seen = set()
    for taken_back, row in events:
        insurance, again = _insurance(row, posted[row.transaction_id]), done.get(row.claim.ends_on.month)
        if again is not None and not taken_back and row.cancelled_at is None:
            again.counted += 1
            again.note(_settled(row, years[insurance], posted[row.transaction_id], books, again))
            seen.add(row.claim.ends_on.month)
        years[insurance] = years[insurance].plus(Year(**row.added), -1 if taken_back else 1)
    for account in accounts:
        found = _unlike(account, years.get(account.insurance, Year()))
        for month in seen:
            done[month].note(found)


def _events(rows: Iterable[Settlement]) -> Iterator[tuple[int, bool, Settlement]]:
    for row in rows:
        yield row.transaction_id, False, row
        if row.cancel_transaction_id is not None:
            yield row.cancel_transaction_id, True, row


def _insurance(row: Settlement, posted: Posted) -> str:
    """That of the day it was settled: a claim that was taken back may have been mended since."""
    funds = [code for kind, code, purpose in posted if kind == OwnerKind.FUND and purpose != Layer.AID]
    return funds[0] if row.cancelled_at is not None and funds else row.claim.insurance


def _settled(row: Settlement, before: Year, posted: Posted, books: Books, done: Again) -> Difference | None:
    claim = row.claim
    done.kept -= sum(amount for (kind, _code, _purpose), amount in posted.items() if kind == OwnerKind.FUND)
    try:
        one = reckon_claim(claim, before, books, level=row.level)
    except Refusal as refused:
        return Difference(subject=claim.number, what="edition", kept=row.edition, again=refused.message)
    done.again += sum(one.paid(layer) for layer in Layer)
    done.editions.add(one.edition)
    names = {claim.facility_id: (claim.facility.code, claim.facility.name)}
    return differing(claim.number, _kept(row), _again(one, before)) or misposted(
        claim.number, posted, sides_of_settlement(claim, one, claim.person, names)
    )


def _kept(row: Settlement) -> dict[str, Any]:
    names = ("basic", "serious", "aid", "patient", "in_scope", "edition")
    return {name: getattr(row, name) for name in names} | {"added": row.added, "steps": row.steps}


def _again(one: Reckoned, before: Year) -> dict[str, Any]:
    added = one.year.less(before)
    return {
        **{layer.value: one.paid(layer) for layer in Layer},
        "patient": one.patient,
        "in_scope": one.in_scope,
        "edition": one.edition,
        "added": {name: getattr(added, name) for name in YEAR},
        "steps": kept_steps(one),
    }


def _accounts(people: Sequence[int], year: int) -> dict[int, list[YearAccount]]:
    found: dict[int, list[YearAccount]] = defaultdict(list)
    for row in YearAccount.objects.filter(person_id__in=people, year=year).order_by("pk"):
        found[row.person_id].append(row)
    return found


def _unlike(account: YearAccount, reached: Year) -> Difference | None:
    """Whether what the settlements add up to is what the account of the year says."""
    kept, again = ({name: getattr(one, name) for name in YEAR} for one in (account, reached))
    return differing(f"year account {account.pk}", kept, again)
