"""Groups of claims by the scheme of the county's payment, and the weights that go with it."""

from collections.abc import Iterable
from functools import lru_cache

from catchment.kernel.database import home
from catchment.kernel.errors import NotFound
from catchment.rooms.claims.models import Claim
from catchment.rooms.claims.queries.context import Books
from catchment.standards.drg import grouping, store
from catchment.standards.drg.record import Record
from catchment.standards.drg.scheme import Scheme

SEXES = {"male": "M", "female": "F"}


def scheme_named(name: str) -> Scheme:
    """An opened scheme, kept in memory. `NotFound` with the way out when it was not loaded."""
    try:
        return _opened(name)
    except store.SchemeError as error:
        raise NotFound("no-scheme", str(error)) from None


def record_of(claim: Claim) -> Record:
    """A claim as the grouper reads it."""
    codes = [one["code"] for one in claim.diagnoses]
    return Record(
        id=str(claim.pk or ""),
        sex=SEXES.get(claim.sex),
        age=claim.age,
        age_days=claim.age_days,
        weight_g=claim.weight_g,
        dept=claim.department or None,
        los=claim.days,
        discharge_way=claim.discharge_way or None,
        icu_hours=claim.icu_hours,
        pdx=codes[0] if codes else None,
        odx=tuple(codes[1:]),
        procs=tuple(one["code"] for one in claim.procedures),
    )


def put_groups(claims: Iterable[Claim], books: Books) -> None:
    """Write scheme, status, group and weight into the claims, unsaved, by the editions of their days."""
    for claim in claims:
        rule = books.payment(claim.ends_on)[0]
        found = grouping.group(scheme_named(rule.scheme), record_of(claim))
        item = books.weights(claim.ends_on).by_group.get(found.drg)
        claim.scheme, claim.grouped, claim.adrg, claim.drg = rule.scheme, found.status, found.adrg, found.drg
        claim.weight = item.weight if item else None


@lru_cache(maxsize=8)
def _opened(name: str) -> Scheme:
    return store.opened(name, home())
