"""Indicators on the command line: list, explain, compute, supply, report."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from catchment.site.cli import running
from catchment.site.cli.output import AsJson, CommandError, show_json, show_table

if TYPE_CHECKING:
    from catchment.rooms.measures.types import MeasureValue
    from catchment.standards.measures.periods import Period

app = typer.Typer(help="指标 · Indicators.", no_args_is_help=True)

SetName = Annotated[str, typer.Option("--set", help="national-2024, national-2020, referral, chronic or local.")]
PeriodCode = Annotated[str, typer.Option("--period", help="2025, 2025Q3, 2025-09 or 2025-09-12m (twelve months).")]
Scope = Annotated[str, typer.Option("--scope", help="Code of a county, township, village or facility.")]
Level = Annotated[str, typer.Option("--level", help="county, township, village or facility.")]
Edition = Annotated[str, typer.Option("--edition", help="Compute by this version instead of the one in force.")]
Back = Annotated[int, typer.Option("--back", min=0, max=60, help="Compute as many periods before it, too.")]
Figures = Annotated[Path, typer.Argument(metavar="FILE", exists=True, dir_okay=False, help="xlsx or CSV.")]
Target = Annotated[Path, typer.Option("--out", dir_okay=False, help="The spreadsheet to write (xlsx).")]
Outside = Annotated[bool, typer.Option("--outside", help="Leave out small counts: the report leaves the county.")]


@app.command("list")
def list_sets(name: SetName = "", as_json: AsJson = False) -> None:
    """The indicators of one set, or of all, with how well each is sourced."""
    running.ready()
    from catchment.kernel import clock
    from catchment.rooms.measures import queries
    from catchment.rooms.measures.rules import SETS, key_of

    key_of(name or "local")
    rows = []
    for one in [name] if name else SETS:
        edition, content = queries.edition_of(one, clock.now().date())
        rows += [
            {
                "set": one, "code": measure.code, "title": measure.zh, "unit": measure.unit, "kind": measure.kind.value,
                "direction": measure.direction.value, "mark": measure.mark.value, "tag": measure.tag,
                "edition": edition.version,
            }
            for measure in content.measures
        ]  # fmt: skip
    show_json(rows) if as_json else show_table(rows)


@app.command()
def explain(code: Annotated[str, typer.Argument(metavar="CODE")], name: SetName = "", as_json: AsJson = False) -> None:
    """How one indicator is defined, by which edition, from which sources."""
    running.ready()
    from catchment.kernel import clock
    from catchment.rooms.measures import queries
    from catchment.rooms.measures.rules import SETS

    for one in [name] if name else SETS:
        edition, content = queries.edition_of(one, clock.now().date())
        if code in content.by_code:
            told = content.by_code[code].model_dump(mode="json", exclude_defaults=True, by_alias=True)
            told = {"set": one, "edition": edition.version, "verified": edition.verified, **told}
            show_json(told) if as_json else show_table([{"field": k, "value": str(v)} for k, v in told.items()])
            return
    raise CommandError(f"there is no indicator {code}; `catchment measures list` shows all")


@app.command()
def run(
    name: SetName,
    period: PeriodCode,
    scope: Scope = "",
    level: Level = "",
    edition: Edition = "",
    back: Back = 0,
    as_json: AsJson = False,
) -> None:
    """Compute a set for a period, keep the values, and show them for a place or a level.

    Each period is kept by itself: what an interruption leaves undone is done by asking again.
    """
    running.ready()
    from catchment.kernel import clock
    from catchment.rooms.measures import actions, queries
    from catchment.standards.analytics.errors import EngineError
    from catchment.standards.measures.periods import series

    operator = running.operator("measures.compute", "measures.read", "measures.read-all", "measures.open")
    level = _level(level) or _level_of(scope)
    try:
        for one in series(_period(period), back + 1):
            kept = actions.compute_set(
                actor=operator, now=clock.now(), name=name, period=one, version=edition, progress=_progress
            )
    except EngineError as error:
        raise CommandError(str(error)) from None
    values = queries.values_of(operator, kept, level, place=scope)
    if as_json:
        show_json({"run": kept.pk, "edition": kept.version, "as_of": kept.as_of, "engine": kept.engine,
                   "seconds": kept.seconds, "values": [_told(one) for one in values]})  # fmt: skip
        return
    show_table([_line(one) for one in values], title=f"{name} {kept.version} · {period} · {kept.as_of or '现时'}")


@app.command()
def supply(file: Figures, as_json: AsJson = False) -> None:
    """Take figures of outside sources (columns figure, place, period, value, note); every row is accounted for."""
    running.ready()
    from catchment.kernel import clock
    from catchment.rooms.measures import actions

    _supply, account = actions.supply_figures(
        actor=running.operator("measures.supply"), now=clock.now(), name=file.name, content=file.read_bytes()
    )
    if as_json:
        show_json({**account.counts(), "rejections": account.rejections})
        return
    show_table([account.counts()])
    for one in account.rejections:
        typer.echo(f"{file.name}:{one['row']}: {one['reason']}", err=True)


@app.command()
def report(
    name: SetName, period: PeriodCode, target: Target, level: Level = "county", outside: Outside = False
) -> None:
    """Write the official report of the last run as a spreadsheet, with title, period, source, date and marks."""
    _level(level)
    if target.suffix.lower() != ".xlsx":
        raise CommandError(f"--out {target.name}: the report is a spreadsheet; let the name end in .xlsx")
    running.ready()
    from catchment.kernel import clock
    from catchment.rooms.measures import queries
    from catchment.rooms.measures.queries.reporting import report_of

    operator = running.operator("measures.read", "measures.read-all", "measures.open")
    kept = queries.latest_run(name, _period(period).code)
    if kept is None:
        raise CommandError(
            f"{name} was not computed for {period}; run catchment measures run --set {name} --period {period}"
        )
    target.write_bytes(report_of(operator, kept, level, now=clock.now(), outside=outside))
    typer.echo(str(target))


def _level(level: str) -> str:
    from catchment.standards.measures.tables import LEVELS

    if level and level not in LEVELS:
        raise CommandError(f"--level {level}: write one of {', '.join(LEVELS)}")
    return level


def _level_of(scope: str) -> str:
    from catchment.kernel.errors import NotFound
    from catchment.rooms.measures import queries

    try:
        return queries.level_of(scope)
    except NotFound as error:
        raise CommandError(
            f"--scope {scope}: {error}; `catchment places list --json` has the codes of facilities, "
            "and `--level township` or `village` shows those of areas"
        ) from None


def _period(code: str) -> "Period":
    from catchment.standards.measures.periods import period_of

    try:
        return period_of(code)
    except ValueError as error:
        raise CommandError(str(error)) from None


def _progress(done: int, of: int) -> None:
    if sys.stderr.isatty():
        sys.stderr.write(f"\r{done}/{of}" + ("\n" if done == of else ""))


def _line(one: "MeasureValue") -> dict[str, Any]:
    from catchment.rooms.measures.rules import STATUSES, shown

    what = shown(one.value, one.digits) + one.unit if one.status == "valued" else str(STATUSES[one.status])
    counted = "" if one.denominator is None else f"{shown(one.numerator, 1)} ÷ {shown(one.denominator, 1)}"
    return {
        "code": one.code, "title": f"{one.name} · {one.place_name}", "value": what, "light": one.light,
        "counted": counted or "、".join(one.missing_sources),
    }  # fmt: skip


def _told(one: "MeasureValue") -> dict[str, Any]:
    names = ("code", "name", "level", "place_code", "place_name", "period", "value", "numerator", "denominator", "unit",
             "status", "light", "missing_sources", "edition", "as_of")  # fmt: skip
    return {field: getattr(one, field) for field in names}
