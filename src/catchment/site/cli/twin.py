"""The synthetic county on the command line: build it, live in it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import UTC, date, datetime, timedelta
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

from catchment.site.cli import running
from catchment.site.cli.output import AsJson, CommandError, show_json, show_table

PLAYED = timedelta(days=30)
app = typer.Typer(help="合成县 · The synthetic county: build it, live in it.", no_args_is_help=True)
People = Annotated[int, typer.Option(help="Residents.", min=2000, max=10_000_000)]
Seed = Annotated[int, typer.Option(help="The same seed gives the same county.", min=0)]
Today = Annotated[
    str,
    typer.Option(
        help="The day before which its history ends (YYYY-MM-DD); by default 30 days ago, so that these can be played."
    ),
]
Replace = Annotated[bool, typer.Option("--replace", help="Remove the synthetic county that is there first.")]
Processes = Annotated[int, typer.Option(help="Processes that generate and write.", min=1, max=64)]


@app.command()
def build(
    people: People = 20_000,
    seed: Seed = 7,
    today: Today = "",
    replace: Replace = False,
    workers: Processes = 2,
    as_json: AsJson = False,
) -> None:
    """Build a fictional county with three years of history into the database."""
    running.ready()
    built = build_with_progress(people=people, seed=seed, today=_day(today), replace=replace, workers=workers)
    told = asdict(built)
    show_json(told) if as_json else show_table([told])


@app.command()
def play(
    days: Annotated[int, typer.Option(help="Days to live.", min=1, max=400)] = 30, as_json: AsJson = False
) -> None:
    """Live some days, never past the present: visits, referrals, acceptances, no-shows, returns."""
    running.ready()
    played = play_with_progress(days=days)
    told = {"began": played.began, "ended": played.ended, **played.done, "refused": sum(played.refused.values())}
    show_json(asdict(played)) if as_json else show_table(
        [{"what": key, "value": str(value)} for key, value in told.items()]
    )


def play_with_progress(*, days: int) -> Any:
    """Live, showing how far it is on standard error. `CommandError` where there is nothing to live in."""
    from catchment.kernel import clock
    from catchment.twin.living import CannotPlay
    from catchment.twin.living import play as live

    with progress() as report:
        try:
            return live(days=days, now=clock.now(), report=report)
        except CannotPlay as error:
            raise CommandError(str(error)) from None


def build_with_progress(*, people: int, seed: int, today: date, replace: bool = False, workers: int = 2) -> Any:
    """Build, showing how far it is on standard error. `CommandError` where the database is not one to build into."""
    from catchment.kernel import clock
    from catchment.rooms.record import actions as record
    from catchment.twin.loading import CannotBuild, build_county

    with progress() as report:
        try:
            built = build_county(people=people, seed=seed, today=today, replace=replace, workers=workers, report=report)
        except (CannotBuild, ValueError) as error:
            raise CommandError(str(error)) from None
        report("labelling", 0, 1)
        record.label_sensitive(actor=running.operator("record.label"), now=clock.now())
        report("labelling", 1, 1)
        return built


@contextmanager
def progress() -> Iterator[Callable[[str, int, int], None]]:
    """A bar on standard error; call it with the stage, how much of it is done, and of how much."""
    columns = (TextColumn("{task.description:10}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True)) as bars:
        known: dict[str, TaskID] = {}

        def report(stage: str, done: int, total: int) -> None:
            if stage not in known:
                known[stage] = bars.add_task(stage, total=total)
            bars.update(known[stage], completed=done, total=total)

        yield report


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text) if text else datetime.now(UTC).date() - PLAYED
    except ValueError:
        raise CommandError(f"--today {text}: 日期应写作 2025-12-31 · write a day as 2025-12-31") from None
