"""Screening on the command line: run the programmes over the county, say what stands."""

from dataclasses import asdict
from typing import Annotated, Any

import typer

from catchment.site.cli import running
from catchment.site.cli.output import AsJson, CommandError, show_json, show_table
from catchment.site.cli.twin import progress

app = typer.Typer(help="筛查 · Risk models as programmes over every resident.", no_args_is_help=True)
Programme = Annotated[str, typer.Option("--programme", help="One programme by its code; all of them without.")]


@app.command("run")
def run(
    programme: Programme = "",
    engine: Annotated[
        str, typer.Option("--engine", help="duckdb, postgresql or spark; by default as ANALYTICS_URL says.")
    ] = "",
    as_json: AsJson = False,
) -> None:
    """Assess every resident, write what has changed, open and follow cases. Stopped, it goes on where it stopped."""
    running.ready()
    told = run_with_progress(programme=programme, engine=engine)
    show_json(told) if as_json else show_table([{"what": key, "value": str(value)} for key, value in told.items()])


@app.command("programmes")
def programmes(as_json: AsJson = False) -> None:
    """The programmes in force today: code, models, population, and how many cases are under way."""
    running.ready()
    from django.utils import timezone

    from catchment.rooms.screening import queries

    day = timezone.localdate()
    under_way = queries.under_way()
    rows = [
        {
            "programme": one.code,
            "title": one.zh,
            "models": ", ".join(one.models),
            "ages": f"{one.population.min_age}-{one.population.max_age}",
            "sex": one.population.sex,
            "interval_days": one.interval_days,
            "open": under_way.get(one.code, 0),
            "verified": queries.programmes_edition(day).verified,
        }
        for one in queries.programmes_on(day).programmes
    ]
    show_json(rows) if as_json else show_table(rows)


def run_with_progress(*, programme: str = "", engine: str = "") -> dict[str, Any]:
    """Run, showing how far it is on standard error. `CommandError` where there is no lake to read."""
    from django.utils import timezone

    from catchment.kernel import clock
    from catchment.rooms.measures.queries import atlas
    from catchment.rooms.screening import actions
    from catchment.standards.analytics.errors import EngineError

    actor = running.operator("screening.run", "screening.clock")
    with progress() as report:
        try:
            done, account = actions.run_programmes(
                actor=actor,
                now=clock.now(),
                programme=programme,
                engine=engine,
                report=lambda at, of: report("screening", at, of),
            )
        except EngineError as error:
            raise CommandError(str(error)) from None
    atlas.keep_answers(timezone.localdate())
    return {"day": done.day, "programme": done.programme or "all", "rules": done.rules, **asdict(account)}
