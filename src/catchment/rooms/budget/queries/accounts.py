"""A community's own accounts in the ledger: its budgets, its advance, and those of its members. None of a person."""

from datetime import date

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from catchment.kernel import wall
from catchment.kernel.errors import NotFound
from catchment.rooms.ledger import queries as ledger
from catchment.rooms.ledger.models import Account
from catchment.rooms.ledger.types import BalanceLine, OwnerKind, StatementLine
from catchment.rooms.places import queries as places
from catchment.rooms.places.models import Network


def accounts_of(network: Network) -> QuerySet[Account]:
    """The accounts of the community, of each of its years, and of its members as of today."""
    members = [one.facility_id for one in places.members_of(network.pk) if one.until is None]
    own = Q(owner_kind=OwnerKind.ORGANIZATION, owner_code=network.code)
    years = Q(owner_kind=OwnerKind.FUND, owner_code__startswith=f"{network.code}-")
    rows = Account.objects.filter(own | years | Q(owner_kind=OwnerKind.FACILITY, facility_id__in=members))
    return rows.order_by("owner_kind", "owner_code", "purpose")


def balances(network: Network, day: date) -> list[BalanceLine]:
    """Each account's debits, credits and balance at the end of the day, in fen; those never moved are left out."""
    with wall.acting("budget"):
        return ledger.trial_balance(day, accounts_of(network))


def statement(network: Network, code: str, since: date, until: date) -> tuple[Account, int, list[StatementLine]]:
    """One of the community's accounts: the balance before, and every posting to `until`. `NotFound` for another's."""
    with wall.acting("budget"):
        found = next((one for one in accounts_of(network) if one.code == code), None)
        if found is None:
            raise NotFound("no-account", _("这个医共体没有账户 %s") % code)
        return found, *ledger.statement(found.pk, since=since, until=until)
