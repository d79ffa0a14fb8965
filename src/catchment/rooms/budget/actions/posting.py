"""What a budget posts to the ledger, and to which accounts."""

from dataclasses import replace
from datetime import date, datetime

from catchment.kernel import wall
from catchment.kernel.actor import Actor
from catchment.rooms.budget.models import Budget
from catchment.rooms.ledger import actions as ledger
from catchment.rooms.ledger.models import Transaction
from catchment.rooms.ledger.types import Entry, Line, Owner, OwnerKind
from catchment.rooms.places.models import Facility

SOURCE = "budget"
Amounts = list[tuple[tuple[Owner, str], int]]


def pool() -> tuple[Owner, str]:
    return Owner(kind=OwnerKind.FUND, code="basic", name="基本医疗保险基金"), "pool"


def serious() -> tuple[Owner, str]:
    return Owner(kind=OwnerKind.FUND, code="serious", name="大病保险"), "pool"


def public_health() -> tuple[Owner, str]:
    return Owner(kind=OwnerKind.ORGANIZATION, code="public-health", name="公共卫生经费"), "grant"


def earmark(budget: Budget) -> tuple[Owner, str]:
    return _of_year(budget), "budget"


def reserve(budget: Budget) -> tuple[Owner, str]:
    return _of_year(budget), "reserve"


def of_community(budget: Budget, purpose: str) -> tuple[Owner, str]:
    """The community's own account: `advance`, `packages`, `carried`."""
    return Owner(kind=OwnerKind.ORGANIZATION, code=budget.network.code, name=budget.network.name), purpose


def of_facility(facility: Facility | None, purpose: str) -> tuple[Owner, str]:
    """A facility's account: `fund-received`, `surplus`, `overrun`; one for all places that nobody knows.

    What a facility is owed, claims book as `fund-receivable`; what it has received of it stands here.
    """
    if facility is None:
        return Owner(kind=OwnerKind.ORGANIZATION, code="elsewhere", name="未知机构"), purpose
    return Owner(kind=OwnerKind.FACILITY, code=facility.code, name=facility.name, facility_id=facility.pk), purpose


def post(
    actor: Actor, now: datetime, budget: Budget, *, kind: str, ref: str, booked_on: date, amounts: Amounts
) -> Transaction:
    """Post the amounts, those of one account together, those of nothing left out. Must sum to nothing."""
    clerk = replace(actor, capabilities=actor.capabilities | {"ledger.post"})
    with wall.acting("budget"):
        accounts = ledger.open_accounts(actor=clerk, now=now, wanted=[account for account, _amount in amounts])
        sums: dict[int, int] = {}
        for (owner, purpose), amount in amounts:
            key = accounts[owner.kind.value, owner.code, purpose]
            sums[key] = sums.get(key, 0) + amount
        lines = tuple(Line(account_id=key, amount=amount) for key, amount in sums.items() if amount)
        entry = Entry(
            kind=kind,
            booked_on=booked_on,
            lines=lines,
            source=(SOURCE, f"{budget.network.code}-{budget.year}-{budget.pk}-{ref}"),
        )
        return ledger.post(actor=clerk, now=now, entry=entry)


def take_back(actor: Actor, now: datetime, posted: Transaction, booked_on: date, reason: str) -> Transaction:
    """Post the opposite of what was posted."""
    clerk = replace(actor, capabilities=actor.capabilities | {"ledger.post"})
    with wall.acting("budget"):
        return ledger.take_back(
            actor=clerk, now=now, transaction_id=posted.pk, booked_on=booked_on, reason=reason
        )  # fmt: skip


def _of_year(budget: Budget) -> Owner:
    name = f"{budget.network.name} {budget.year}"
    return Owner(kind=OwnerKind.FUND, code=f"{budget.network.code}-{budget.year}", name=name)
