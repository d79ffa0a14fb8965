"""The community's accounts, as its finance and the insurance office compare them with their own books."""

import calendar
from datetime import date
from decimal import Decimal
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from catchment.kernel import clock, sheets, uploads
from catchment.kernel.access import needs
from catchment.kernel.ui.paging import offset_of
from catchment.rooms.budget.queries import accounts
from catchment.rooms.budget.rules.words import PURPOSES
from catchment.rooms.ledger.types import BalanceLine, OwnerKind
from catchment.rooms.places import queries as places
from catchment.standards.money import FEN

MOST, PAGE = 500, 25


@needs("budget.accounts")
@require_GET
def show(request: HttpRequest, community: str) -> HttpResponse:
    """Every account of the community at the end of a day, by owner."""
    network, day = places.network_by_code(community), _day(request)
    lines = accounts.balances(network, day)
    owners, offset = _by_owner(lines), offset_of(request)
    context = {
        "section": "budget",
        "network": network,
        "day": day,
        "owners": owners[offset : offset + PAGE],
        "query": f"on={day:%Y-%m-%d}&",
        "next_offset": offset + PAGE if len(owners) > offset + PAGE else None,
        "previous_offset": max(0, offset - PAGE) if offset else None,
    }
    return render(request, "budget/accounts.html", context)


@needs("budget.accounts")
@require_GET
def sheet(request: HttpRequest, community: str) -> HttpResponse:
    """The same as a spreadsheet, in yuan."""
    network, day = places.network_by_code(community), _day(request)
    heads = [_("账户"), _("户名"), _("用途"), _("借方（元）"), _("贷方（元）"), _("余额（元）")]
    rows = [
        [one.account, one.name, _purpose(one), *(Decimal(fen) / FEN for fen in (one.debit, one.credit, one.balance))]
        for one in accounts.balances(network, day)
    ]
    book = sheets.workbook(f"{day:%Y-%m-%d}", heads, rows, above=[[network.name, f"{day:%Y-%m-%d}"]])
    return uploads.to_keep(book, sheets.XLSX, f"accounts-{network.code}-{day:%Y%m%d}.xlsx")


@needs("budget.accounts")
@require_GET
def statement(request: HttpRequest, community: str, code: str) -> HttpResponse:
    """One account's month, line by line with the balance after each."""
    network, day = places.network_by_code(community), _day(request)
    first, last = day.replace(day=1), day.replace(day=calendar.monthrange(day.year, day.month)[1])
    account, opening, lines = accounts.statement(network, code, first, last)
    context = {
        "section": "budget",
        "network": network,
        "account": account,
        "purpose": PURPOSES.get(account.purpose, account.purpose),
        "first": first,
        "last": last,
        "opening": opening,
        "lines": lines[-MOST:],
        "left_out": max(0, len(lines) - MOST),
        "closing": lines[-1].balance if lines else opening,
    }
    return render(request, "budget/statement.html", context)


def _by_owner(lines: list[BalanceLine]) -> list[tuple[str, list[tuple[BalanceLine, Any]]]]:
    """The community and its years first, then the members, those through whom most money went before the others."""
    owners: dict[tuple[bool, str], list[tuple[BalanceLine, Any]]] = {}
    for one in lines:
        member = one.account.startswith(f"{OwnerKind.FACILITY}:")
        owners.setdefault((member, one.name), []).append((one, _purpose(one)))
    moved = {owner: sum(one.debit + one.credit for one, _word in rows) for owner, rows in owners.items()}
    return [(name, owners[member, name]) for member, name in sorted(owners, key=lambda key: (key[0], -moved[key]))]


def _purpose(line: BalanceLine) -> str:
    code = line.account.rpartition(":")[2]
    return str(PURPOSES.get(code, code))


def _day(request: HttpRequest) -> date:
    try:
        return date.fromisoformat(request.GET.get("on", ""))
    except ValueError:
        return timezone.localdate(clock.now())
