"""The global budget on the command line: from making it to clearing it, computed again, watched."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from catchment.site.cli import running
from catchment.site.cli.output import AsJson, CommandError, show_json, show_table
from catchment.standards.money import yuan

if TYPE_CHECKING:
    from catchment.kernel.fates import Account
    from catchment.rooms.budget.queries.replay import Check, Drift

app = typer.Typer(help="总额预算 · A community's yearly budget, from agreement to clearance.", no_args_is_help=True)

Community = Annotated[str, typer.Option("--community", help="The network's code, as on the page of networks.")]
Year = Annotated[int, typer.Option("--year", min=2000, max=2100)]
By = Annotated[str, typer.Option("--by", help="The name of the person who answers for it.")]
Reason = Annotated[str, typer.Option("--reason", help="Why.")]
Place = Annotated[str, typer.Option("--place", help="Whose sharing: local, sanming, tianchang, yuhuan, tongren.")]
Month = Annotated[str, typer.Option("--month", help="YYYY-MM.")]
File = Annotated[Path, typer.Argument(metavar="FILE", exists=True, dir_okay=False, help="xlsx or CSV.")]
ALL = ("budget.supply", "budget.settle", "budget.sign", "budget.decide", "budget.review")
SOMEBODY = "命令行 command line"


@app.command()
def make(community: Community, year: Year, place: Place = "local", as_json: AsJson = False) -> None:
    """Make the draft of a year's budget, by the editions in force on its first of January."""
    _ready()
    from catchment.rooms.budget.actions import agreeing

    _show(done(agreeing.make_budget, community=community, year=year, place=place), as_json)


@app.command()
def sign(community: Community, year: Year, by: By, as_json: AsJson = False) -> None:
    """The lead hospital signs for all members."""
    _ready()
    from catchment.rooms.budget.actions import agreeing

    _step(agreeing.sign_budget, community, year, as_json, by=by)


@app.command()
def agree(community: Community, year: Year, by: By, as_json: AsJson = False) -> None:
    """The insurance office agrees; budget and reserve are set apart in the ledger."""
    _ready()
    from catchment.rooms.budget.actions import agreeing

    _step(agreeing.agree_budget, community, year, as_json, by=by)


@app.command()
def withdraw(community: Community, year: Year, by: By, reason: Reason, as_json: AsJson = False) -> None:
    """Take a draft back, so that another can be made."""
    _ready()
    from catchment.rooms.budget.actions import agreeing

    _step(agreeing.withdraw_budget, community, year, as_json, by=by, reason=reason)


@app.command()
def prepay(community: Community, month: Month, by: By = SOMEBODY, as_json: AsJson = False) -> None:
    """Pay a month ahead."""
    _ready()
    from catchment.rooms.budget.actions import running as acts

    year, number = _month(month)
    _step(acts.prepay, community, year, as_json, month=number, by=by)


@app.command()
def presettle(
    community: Community,
    year: Year,
    quarter: Annotated[int, typer.Option("--quarter", min=1, max=4)],
    by: By = SOMEBODY,
    as_json: AsJson = False,
) -> None:
    """Keep how the budget stands at the end of a quarter; no money moves."""
    _ready()
    from catchment.rooms.budget.actions import running as acts

    _step(acts.presettle, community, year, as_json, quarter=quarter, by=by)


@app.command()
def reckon(community: Community, year: Year, by: By = SOMEBODY, as_json: AsJson = False) -> None:
    """Reckon a year that is over; nothing is posted."""
    _ready()
    from catchment.rooms.budget.actions import clearing

    _step(clearing.reckon_year, community, year, as_json, by=by)


@app.command()
def decide(
    community: Community,
    year: Year,
    choice: Annotated[str, typer.Option("--choice", help="share, carry or none.")],
    by: By,
    reason: Reason,
    as_json: AsJson = False,
) -> None:
    """Decide what becomes of the community's part of an overrun."""
    _ready()
    from catchment.rooms.budget.actions import clearing

    _step(clearing.decide_overrun, community, year, as_json, choice=choice, by=by, reason=reason)


@app.command()
def clear(community: Community, year: Year, by: By = SOMEBODY, as_json: AsJson = False) -> None:
    """Post the year: earnings, shares of a surplus or the overrun as decided. Reckons first where that is not done."""
    _ready()
    from catchment.rooms.budget.actions import clearing

    budget = _live(community, year)
    if budget.state in {"running", "pre-settled"}:
        done(clearing.reckon_year, budget_id=budget.pk, by=by)
    _step(clearing.clear_year, community, year, as_json, by=by)


@app.command()
def reopen(community: Community, year: Year, by: By, reason: Reason, as_json: AsJson = False) -> None:
    """Take a clearance back by the opposite entry, to reckon the year anew."""
    _ready()
    from catchment.rooms.budget.actions import clearing

    _step(clearing.reopen_year, community, year, as_json, by=by, reason=reason)


@app.command()
def replay(
    community: Community,
    month: Annotated[str, typer.Option("--month", help="YYYY-MM.")] = "",
    year: Annotated[int, typer.Option("--year", help="All twelve months at once.", min=0, max=2100)] = 0,
    as_json: AsJson = False,
) -> None:
    """Reckon each claim, payment and figure of a month again by the editions of its day; code 1 where one differs.

    Of a whole year, in a third of the time that its twelve months take one by one.
    """
    if bool(month) == bool(year):
        raise CommandError("--month 或 --year，二者取一 · give --month or --year, one of them")
    of, number = (year, 0) if year else _month(month)
    budget = _live(community, of)
    _ready()
    from catchment.rooms.budget.queries import replay as again
    from catchment.site.cli.twin import progress

    with progress() as report:
        if number:
            found = {number: again.replay(budget, number, heard=report)}
        else:
            found = again.replay_year(budget, heard=report)
        moved = {at: again.drift(budget, at) for at in found}
    told = [_replayed(f"{of}-{at:02d}", checks, moved[at]) for at, checks in found.items()]
    if as_json:
        show_json(told[0] if number else {"year": of, "months": told})
    else:
        _show_replayed(told)
    if not all(one.same for checks in found.values() for one in checks):
        raise typer.Exit(1)


def _replayed(month: str, checks: "list[Check]", moved: "Drift | None") -> dict[str, Any]:
    lines = [
        {"what": one.what, "kept": one.kept, "again": one.again, "same": one.same, "edition": one.edition,
         "first": one.first}
        for one in checks
    ]  # fmt: skip
    drift = None if moved is None else {"taken": moved.taken, "record_now": moved.now}
    return {"month": month, "checks": lines, "drift": drift}


def _show_replayed(told: list[dict[str, Any]]) -> None:
    show_table(
        {"month": each["month"], **{name: value for name, value in one.items() if name != "first"},
         "kept": yuan(one["kept"]), "again": yuan(one["again"])}
        for each in told for one in each["checks"]
    )  # fmt: skip
    for each in told:
        for one in each["checks"]:
            if one["first"]:
                typer.echo(f"{each['month']} {one['what']}: 首个不符 · first difference: {one['first']}")
        drift = each["drift"]
        if drift is not None and drift["taken"] != drift["record_now"]:
            moved = f"{yuan(drift['taken'])} → {yuan(drift['record_now'])}"
            typer.echo(f"{each['month']} 病历此后有变 · the record has moved since: {moved}")


@app.command()
def show(community: Community, year: Year, as_json: AsJson = False) -> None:
    """A year's budget with everything that came of it."""
    _ready()
    from catchment.rooms.budget.queries import told

    budget = _live(community, year)
    given = told.told(budget)
    if as_json:
        show_json(given)
        return
    typer.echo(f"{budget.network.name} {year} · {budget.state} · {yuan(budget.total)}")
    for name in ("waterfall", "prepayments", "presettlements", "shares"):
        if given[name]:
            show_table(
                [{k: yuan(v) if k in told.MONEY else v for k, v in line.items()} for line in given[name]], title=name
            )


@app.command("history")
def bring(file: File, community: Community, by: By = SOMEBODY, as_json: AsJson = False) -> None:
    """Bring earlier years' spending from a file: year, month (or empty), facility, category, fund in yuan."""
    _ready()
    from catchment.rooms.budget.actions import uploading

    account = done(uploading.bring_history, community=community, name=file.name, content=file.read_bytes(), by=by)
    _account(account, as_json)


@app.command()
def scores(file: File, community: Community, year: Year, by: By, as_json: AsJson = False) -> None:
    """Freeze the appraisal scores of a year from a file: facility code and score."""
    _ready()
    from catchment.rooms.budget.actions import uploading

    content = file.read_bytes()
    sheet = done(
        uploading.freeze_scores, community=community, year=year, name=file.name, content=content, by=by
    )  # fmt: skip
    _show_lines([{"sheet": sheet.pk, "digest": sheet.digest[:12], "frozen_by": sheet.frozen_by}], as_json)


@app.command()
def watch(community: Community, year: Year, as_json: AsJson = False) -> None:
    """Look for what the fund should fear in a year, and put what is found on the insurance office's board."""
    _ready()
    from catchment.rooms.budget.actions import watching

    found = done(watching.watch_year, community=community, year=year)
    _show_lines(
        [
            {"watch": one.watch, "facility": one.facility.name if one.facility else "", "value": one.value,
             "before": one.before, "limit": one.limit, "state": one.state}
            for one in found
        ],
        as_json,
    )  # fmt: skip


@app.command("year")
def whole_year(
    community: Community,
    year: Year,
    place: Place = "local",
    as_recorded: Annotated[
        bool, typer.Option("--as-recorded", help="Make no claims; take what the record says the fund paid.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Run a year from admissions to clearance: claims, payment by group, then every step of the budget that is due.

    Claims of its base years are made and settled too.

    Stopped, it goes on where it stood; run again, it changes nothing. An overrun waits for a person's decision.
    """
    _ready()
    from django.utils import timezone

    from catchment.kernel import clock
    from catchment.rooms.places import queries as places
    from catchment.site.cli import budget_year
    from catchment.site.cli.twin import progress

    places.network_by_code(community)
    with progress() as report:
        today = timezone.localdate(clock.now())
        if not as_recorded:
            budget_year.settle(running.operator("claims.work"), year, report)
            budget_year.pay_by_group(running.operator("claims.pay"), year, today, report)
        budget = budget_year.run(done, community=community, year=year, place=place, today=today, report=report)
    _show(budget, as_json)


def _ready() -> None:
    running.ready()


def done(act: Callable[..., Any], **given: Any) -> Any:
    """Do one act as the command line's own operator, now."""
    from catchment.kernel import clock

    return act(actor=running.operator(*ALL), now=clock.now(), **given)


def _live(community: str, year: int) -> Any:
    _ready()
    from catchment.rooms.budget.queries import budgets

    return budgets.live(community, year)


def _step(act: Callable[..., Any], community: str, year: int, as_json: bool, **given: Any) -> None:
    budget = _live(community, year)
    _show(done(act, budget_id=budget.pk, **given), as_json)


def _show(budget: Any, as_json: bool) -> None:
    from catchment.rooms.budget.queries import told

    if as_json:
        show_json(told.told(budget))
    else:
        show_table([{"community": budget.network.code, "year": budget.year, "state": budget.state,
                     "budget": yuan(budget.total), "reserve": yuan(budget.reserve)}])  # fmt: skip


def _account(account: "Account", as_json: bool) -> None:
    line = {"read": account.read, **account.counts()}
    notes = [(one["row"], one["reason"]) for one in account.rejections]
    if as_json:
        show_json({**line, "notes": notes})
        return
    show_table([line])
    for number, why in notes:
        typer.echo(f"{number}: {why}")


def _show_lines(lines: list[dict[str, Any]], as_json: bool) -> None:
    if as_json:
        show_json(lines)
    else:
        show_table(lines)


def _month(text: str) -> tuple[int, int]:
    try:
        day = date.fromisoformat(f"{text}-01")
    except ValueError:
        raise CommandError(f"--month {text}: 月份应写作 2025-03 · write a month as 2025-03") from None
    return day.year, day.month
