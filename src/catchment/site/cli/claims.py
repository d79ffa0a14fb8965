"""Settlement on the command line."""

from dataclasses import asdict
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from catchment.site.cli import claims_paying, claims_taking, running
from catchment.site.cli.output import AsJson, read_json_lines, show_json, show_table
from catchment.site.cli.twin import progress
from catchment.standards.money import fen, yuan

if TYPE_CHECKING:
    from catchment.rooms.claims.types import Settlement, Stay

app = typer.Typer(help="结算 · Who pays for a stay.", no_args_is_help=True)

Stays = Annotated[Path, typer.Argument(metavar="FILE", exists=True, dir_okay=False, help="JSON lines, one a stay.")]
City = Annotated[str, typer.Option("--city", help="Whose edition: claims.layers.CITY.")]


INTERRUPTED = 130
for name, command in (
    ("import", claims_taking.import_sheet),
    ("assistance", claims_taking.assistance), ("rejected", claims_taking.rejected),
    ("replay", claims_taking.replay), ("weights", claims_taking.weights),
    ("check", claims_paying.check), ("prepay", claims_paying.prepay), ("statement", claims_paying.statement),
    ("clear", claims_paying.clear), ("case-mix", claims_paying.casemix), ("cancel", claims_paying.cancel),
    ("recompute", claims_paying.recompute),
):  # fmt: skip
    app.command(name)(command)


@app.callback()
def settlement() -> None:
    """Every number comes from the edition in force on the day of the stay."""


@app.command()
def make(
    year: Annotated[int, typer.Option("--year", help="The year in which the stays ended.", min=1990, max=2200)],
    outpatients: Annotated[bool, typer.Option("--outpatients", help="Visits too, not stays alone.")] = False,
    as_json: AsJson = False,
) -> None:
    """Make, check, settle and post a claim for every stay of a year that has none; run again to go on."""
    running.ready()
    from catchment.kernel import clock
    from catchment.rooms.claims import actions
    from catchment.twin import entitlements

    actor, now = running.operator("claims.work"), clock.now()
    if entitlements.is_synthetic():
        actions.entitle(actor=actor, now=now, rows=entitlements.invented())
    try:
        with progress() as report:
            done = actions.make_year(
                actor=actor, now=now, year=year, outpatients=outpatients,
                progress=lambda at, total: report(f"{year}", at, total),
            )  # fmt: skip
    except KeyboardInterrupt:
        typer.echo("已中断；再运行一次即可接着做 · interrupted; run it again to go on", err=True)
        raise typer.Exit(INTERRUPTED) from None
    told = {name: getattr(done, name) for name in ("made", "known", "checked", "rejected", "settled")}
    if as_json:
        show_json({**told, "reasons": done.reasons})
        return
    show_table([told])
    if done.reasons:
        show_table([{"rejected for": code, "claims": n} for code, n in done.reasons.most_common()])


@app.command()
def spending(
    year: Annotated[int, typer.Option("--year", min=1990, max=2200)],
    month: Annotated[int, typer.Option("--month", help="One month; all of them when left out.", min=0, max=12)] = 0,
    as_json: AsJson = False,
) -> None:
    """What the funds paid by facility, month, stays or visits, and insurance; from live settlements."""
    running.ready()
    from catchment.rooms.claims import queries

    first = date(year, month or 1, 1)
    last = date(year, 12, 31) if month in (0, 12) else date(year, month + 1, 1) - timedelta(days=1)
    lines = queries.fund_spending(first, last)
    if as_json:
        show_json([{**asdict(line), "fund": line.fund} for line in lines])
        return
    amounts = ("total", "fund", "basic", "serious", "aid", "patient")
    show_table(
        {
            "month": f"{line.month:%Y-%m}", "facility": line.facility, "kind": line.kind, "insurance": line.insurance,
            "claims": line.claims, **{name: yuan(getattr(line, name)) for name in amounts},
        }
        for line in lines
    )  # fmt: skip


@app.command()
def explain(file: Stays, city: City, as_json: AsJson = False) -> None:
    """Share the cost of each stay between insurance, assistance and the person, and say why; nothing is written."""
    running.ready()
    from catchment.rooms.claims import queries

    done = queries.reckon(_stays(file), city)
    if as_json:
        show_json([_told(one) for one in done])
        return
    for one in done:
        mark = "" if one.verified else " (未经核实 · unverified)"
        typer.echo(f"{one.stay.id} {one.stay.day} {yuan(one.stay.total)}: {one.edition}{mark}")
        show_table([*map(_line, one.steps), {"layer": "个人 · person", "pays": yuan(one.patient), "why": ""}])


def _line(step: Any) -> dict[str, str]:
    from catchment.rooms.claims.rules import words

    return {"layer": step.layer.value, "pays": yuan(step.paid), "why": words.WHY.all(step.why)}


def _told(one: "Settlement") -> dict[str, Any]:
    from catchment.rooms.claims.rules import words

    return {
        "id": one.stay.id,
        "edition": one.edition,
        "verified": one.verified,
        "total": one.stay.total,
        "in_scope": one.in_scope,
        "layers": [
            {
                "layer": step.layer,
                "base": step.base,
                "deductible": step.deductible,
                "paid": step.paid,
                "why": [words.WHY.as_told(why) for why in step.why],
            }
            for step in one.steps
        ],
        "patient": one.patient,
    }


def _day(text: Any) -> date:
    try:
        return date.fromisoformat(str(text))
    except ValueError:
        raise ValueError(f"day {text!r} is no day; write it as 2026-03-05") from None


def _stays(file: Path) -> "list[Stay]":
    stays: dict[str, Stay] = {}

    def once(given: Any) -> None:
        stay = _stay(given)
        if stay.id in stays:
            raise ValueError(f"the id {stay.id!r} stands here a second time")
        stays[stay.id] = stay

    read_json_lines(file, once)
    return list(stays.values())


def _stay(given: Any) -> "Stay":
    from catchment.rooms.claims.types import Stay, Way

    if not isinstance(given, dict):
        raise TypeError("not a JSON object")
    way = str(given.get("way", Way.LOCAL))
    if way not in list(Way):
        raise ValueError(f"way {way!r} is none of {', '.join(Way)}")
    return Stay(
        id=str(given["id"]),
        person=str(given["person"]),
        day=_day(given["day"]),
        level=str(given["level"]),
        category=str(given["category"]),
        way=Way(way),
        total=fen(given.get("total", 0)),
        excluded=fen(given.get("excluded", 0)),
        first_pay=fen(given.get("first_pay", 0)),
    )
