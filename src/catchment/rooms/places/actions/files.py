"""Facilities and services from files. Every row is accounted for, and none is taken twice."""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from catchment.kernel import audit, sheets
from catchment.kernel.actor import Actor
from catchment.kernel.errors import Invalid, NotFound, Problem, Refusal
from catchment.kernel.fates import Account
from catchment.rooms.places import queries
from catchment.rooms.places.actions.facilities import CAPABILITY, save_facility, save_service
from catchment.rooms.places.models import Facility
from catchment.rooms.places.rules import rows
from catchment.rooms.places.types import PlaceFate

Row = tuple[int, dict[str, str]]


def import_places(*, actor: Actor, now: datetime, files: Iterable[tuple[str, bytes]]) -> list[tuple[str, Account]]:
    """Take facilities and services from CSV and xlsx files, facilities first; an account for each file.

    A row's facility is known by its code, its service by facility and code: what differs is changed, an empty cell
    leaves what is there. Each row is written by itself, so that an import that was interrupted is run again. Raises
    `Invalid` for a file that cannot be read, before anything is taken.
    """
    actor.require(CAPABILITY)
    read = [(name, *_read(name, content)) for name, content in files]
    told = []
    for name, services, given in sorted(read, key=lambda one: one[1]):
        account = Account(PlaceFate)
        if services:
            _take_services(actor, now, given, account)
        else:
            _take_facilities(actor, now, given, account)
        audit.record(actor=actor, event="places.import", at=now, detail={"services": services, **account.counts()})
        told.append((name, account))
    return told


def _read(name: str, content: bytes) -> tuple[bool, list[Row]]:
    lines = list(sheets.rows_in(name, content))
    if not lines:
        raise Invalid(Problem("file", _("%s 是空的") % name))
    services = rows.is_of_services(lines[0][1])
    try:
        fields = rows.columns_of(lines[0][1], services=services)
    except Invalid as refused:
        raise Invalid(*(Problem(one.field, f"{name}: {one.message}") for one in refused.problems)) from None
    given = [(number, dict(zip(fields, cells, strict=False))) for number, cells in lines[1:]]
    return services, [(number, {field: cell for field, cell in row.items() if field}) for number, row in given]


def _take_facilities(actor: Actor, now: datetime, given: Sequence[Row], account: Account) -> None:
    """Rows wait for their parent where it stands further down; a circle of parents is rejected by the last of it."""
    seen: set[str] = set()
    waiting = [row for row in given if _is_first(row, row[1].get("code", ""), seen, account)]
    while waiting:
        missing = {cells.get("code", "") for _number, cells in waiting}
        missing -= set(Facility.objects.filter(code__in=missing).values_list("code", flat=True))
        later = [row for row in waiting if row[1].get("parent_code", "") in missing]
        ready = [row for row in waiting if row[1].get("parent_code", "") not in missing]
        for row in ready or waiting:
            _account(account, row, rows.FACILITY, lambda cells: _facility(actor, now, cells))
        waiting = later if ready else []


def _take_services(actor: Actor, now: datetime, given: Sequence[Row], account: Account) -> None:
    seen: set[str] = set()
    places = dict(
        Facility.objects.filter(code__in={cells.get("facility", "") for _number, cells in given}).values_list(
            "code", "pk"
        )
    )
    for row in given:
        if _is_first(row, f"{row[1].get('facility', '')} {row[1].get('code', '')}", seen, account):
            _account(account, row, rows.SERVICE, lambda cells: _service(actor, now, cells, places))


def _is_first(row: Row, key: str, seen: set[str], account: Account) -> bool:
    if key.strip() and key in seen:
        account.add_row(PlaceFate.REJECTED, row=row[0], reason=_("代码在文件中重复"))
        return False
    seen.add(key)
    return True


def _account(account: Account, row: Row, titles: dict[str, str], take: Callable[[dict[str, str]], PlaceFate]) -> None:
    number, cells = row
    try:
        account.add_row(take(cells), row=number, reason="")
    except Invalid as refused:
        told = "；".join(f"{titles.get(one.field, one.field)}: {one.message}" for one in refused.problems)
        account.add_row(PlaceFate.REJECTED, row=number, reason=told)
    except Refusal as refused:
        account.add_row(PlaceFate.REJECTED, row=number, reason=str(refused))


def _facility(actor: Actor, now: datetime, cells: dict[str, str]) -> PlaceFate:
    try:
        known = queries.told_of(queries.facility_by_code(cells.get("code", "")))
    except NotFound:
        known = None
    told = rows.facility_in(cells, known)
    return _fate(known, told, lambda: save_facility(actor=actor, now=now, told=told))


def _service(actor: Actor, now: datetime, cells: dict[str, str], places: dict[str, int]) -> PlaceFate:
    place = places.get(cells.get("facility", ""))
    if place is None:
        raise Invalid(Problem("facility", _("没有代码为 %s 的机构，请先导入机构") % (cells.get("facility") or "—")))
    known = queries.service_told(place, cells.get("code", ""))
    told = rows.service_in(cells, known)
    return _fate(known, told, lambda: save_service(actor=actor, now=now, facility_id=place, told=told))


def _fate(known: object, told: object, save: Callable[[], Any]) -> PlaceFate:
    if told == known:
        return PlaceFate.KNOWN
    save()
    return PlaceFate.TAKEN if known is None else PlaceFate.CHANGED
