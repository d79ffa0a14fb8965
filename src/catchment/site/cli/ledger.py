"""The books on the command line: accounts, statements, trial balance; post entries; close and reopen months."""

from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from catchment.site.cli import running
from catchment.site.cli.output import AsJson, CommandError, read_json_lines, show_json, show_table
from catchment.standards.money import fen, yuan

if TYPE_CHECKING:
    from catchment.rooms.ledger.types import Entry

app = typer.Typer(help="账本 · The one ledger, in double entry to the fen.", no_args_is_help=True)

Code = Annotated[str, typer.Argument(metavar="ACCOUNT", help="KIND:OWNER:PURPOSE, as `accounts` lists them.")]
Since = Annotated[str, typer.Option("--from", help="First day, YYYY-MM-DD.")]
Until = Annotated[str, typer.Option("--to", help="Last day, YYYY-MM-DD; today when not given.")]
Day = Annotated[str, typer.Option("--on", help="To the end of this day, YYYY-MM-DD; today when not given.")]
Month = Annotated[str, typer.Argument(metavar="PERIOD", help="A month, as 2026-03.")]
By = Annotated[str, typer.Option("--by", help="The name of the person who answers for it.")]
Reason = Annotated[str, typer.Option("--reason", help="Why.")]
Entries = Annotated[Path, typer.Argument(metavar="FILE", exists=True, dir_okay=False, help="JSON lines, one an entry.")]


@app.command()
def accounts(as_json: AsJson = False) -> None:
    """Every account: whose it is and for what."""
    running.ready()
    from catchment.rooms.ledger import queries

    _show([{"account": one.code, "name": one.name} for one in queries.accounts()], as_json)


@app.command()
def statement(account: Code, since: Since = "2000-01-01", until: Until = "", as_json: AsJson = False) -> None:
    """One account's postings, each with the balance after it (debits less credits)."""
    running.ready()
    from catchment.rooms.ledger import queries

    found = queries.account(account)
    opening, lines = queries.statement(found.pk, since=_day(since), until=_day(until))
    if as_json:
        show_json({"account": found.code, "opening": opening, "lines": [asdict(line) for line in lines]})
    else:
        typer.echo(f"{found.code} {found.name}: {yuan(opening)}")
        show_table(_in_yuan([asdict(line) for line in lines], "amount", "balance"))


@app.command("trial-balance")
def trial_balance(day: Day = "", as_json: AsJson = False) -> None:
    """Every account's debits, credits and balance at the end of a day; the balances sum to nothing."""
    running.ready()
    from catchment.rooms.ledger import queries

    lines = [asdict(line) for line in queries.trial_balance(_day(day))]
    total = {name: sum(line[name] for line in lines) for name in ("debit", "credit", "balance")}
    if as_json:
        show_json({"on": _day(day), "lines": lines, "total": total})
    else:
        whole = [*lines, {"account": "合计 · total", "name": "", **total}]
        show_table(_in_yuan(whole, "debit", "credit", "balance"))


@app.command()
def post(file: Entries, as_json: AsJson = False) -> None:
    """Post the entries of a file, all or none; one that was posted before is not posted again."""
    running.ready()
    from django.db import transaction

    from catchment.kernel import clock
    from catchment.rooms.ledger import actions

    actor, now = running.operator("ledger.post"), clock.now()
    with transaction.atomic():
        entries = read_json_lines(file, lambda given: _entry(given, actor, now))
        done = [actions.post(actor=actor, now=now, entry=entry) for entry in entries]
    _show([{"source": one.source_ref, "kind": one.kind, "number": one.number} for one in done], as_json)


@app.command()
def close(period: Month, by: By, reason: Reason, as_json: AsJson = False) -> None:
    """Close a month: nothing can be booked in it any more."""
    running.ready()
    from catchment.kernel import clock
    from catchment.rooms.ledger import actions

    actor = running.operator("ledger.close")
    done = actions.close_period(actor=actor, now=clock.now(), code=period, by=by, reason=reason)
    _show([{"period": period, "state": done.state, "by": done.by}], as_json)


@app.command()
def reopen(period: Month, by: By, reason: Reason, as_json: AsJson = False) -> None:
    """Open a closed month again; who did so and why stays on record."""
    running.ready()
    from catchment.kernel import clock
    from catchment.rooms.ledger import actions

    actor = running.operator("ledger.close")
    done = actions.reopen_period(actor=actor, now=clock.now(), code=period, by=by, reason=reason)
    _show([{"period": period, "state": done.state, "by": done.by}], as_json)


def _entry(given: dict[str, Any], actor: Any, now: Any) -> "Entry":
    from catchment.rooms.ledger import types

    _require("the entry", given, kind=str, booked_on=str, source=str, ref=str, lines=list)
    for line in given["lines"]:
        _require("a line", line, account=str, amount=str | int | float)
    lines = [
        types.Line(account_id=_account(line["account"], actor, now), amount=fen(line["amount"]))
        for line in given["lines"]
    ]
    return types.Entry(
        kind=given["kind"],
        booked_on=date.fromisoformat(given["booked_on"]),
        lines=tuple(lines),
        source=(given["source"], given["ref"]),
        memo=given.get("memo", ""),
    )


def _require(what: str, given: object, **kinds: Any) -> None:
    """Raise `ValueError` unless `given` is an object that has all the names, each of its kind."""
    held = given if isinstance(given, dict) else {}
    lacking = [name for name, kind in kinds.items() if not isinstance(held.get(name), kind)]
    if lacking:
        raise ValueError(f"{what} has no proper {', '.join(lacking)}")


def _account(code: str, actor: Any, now: Any) -> int:
    from catchment.rooms.ledger import actions, rules, types
    from catchment.rooms.places.models import Facility

    kind, owner, purpose = rules.parts_of(code)
    if kind is types.OwnerKind.PERSON:
        raise ValueError(f"{code}: accounts of people are opened by claims, not by a file")
    place = Facility.objects.filter(code=owner).first() if kind is types.OwnerKind.FACILITY else None
    if kind is types.OwnerKind.FACILITY and place is None:
        raise ValueError(f"{code}: there is no facility {owner}; catchment places list names them")
    whose = types.Owner(
        kind=kind, code=owner, name=place.name if place else "", facility_id=place.pk if place else None
    )
    return int(actions.open_account(actor=actor, now=now, owner=whose, purpose=purpose).pk)


def _in_yuan(lines: list[dict[str, Any]], *names: str) -> list[dict[str, Any]]:
    return [{name: yuan(value) if name in names else value for name, value in line.items()} for line in lines]


def _day(text: str) -> date:
    from django.utils import timezone

    from catchment.kernel import clock

    if not text:
        return timezone.localdate(clock.now())
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise CommandError(f"{text}: 日期应写作 2025-12-31 · write a day as 2025-12-31") from None


def _show(lines: list[dict[str, Any]], as_json: bool) -> None:
    if as_json:
        show_json(lines)
    else:
        show_table(lines)
