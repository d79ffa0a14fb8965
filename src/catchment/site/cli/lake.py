"""The lake on the command line: bring it up to the database, prove that it is, say how it stands."""

from dataclasses import asdict
from typing import Annotated, Any

import typer

from catchment.site.cli import running, twin
from catchment.site.cli.output import AsJson, CommandError, show_json, show_table

app = typer.Typer(help="分析湖 · The lake of columns for analysis.", no_args_is_help=True)
NO_LAKE = "还没有分析湖，请先运行 catchment lake refresh · there is no lake yet: run catchment lake refresh"
Full = Annotated[bool, typer.Option("--full", help="Write every partition anew, not only what changed.")]


@app.command()
def refresh(full: Full = False, as_json: AsJson = False) -> None:
    """Bring the lake up to the database: only what changed since, all of one moment; an interrupted one goes on."""
    running.ready()
    done = refresh_with_progress(full=full)
    if as_json:
        show_json(asdict(done))
        return
    lines = [
        {"table": name, "partitions": done.partitions[name], "rows": rows, "seconds": done.seconds[name]}
        for name, rows in done.rows.items()
    ]
    show_table(lines, title=f"截至 {done.as_of} · as of") if lines else typer.echo(
        f"自上次以来没有变化，截至 {done.as_of} · nothing has changed"
    )


@app.command()
def check(as_json: AsJson = False) -> None:
    """Prove that the lake says what the database says: every partition's rows and digest. Code 1 where one differs."""
    running.ready()
    from catchment.kernel import clock, wall
    from catchment.kernel.lake import checking

    with twin.progress() as report, wall.acting("lake", at=clock.now()):
        try:
            done = checking.check(report=report)
        except LookupError:
            raise CommandError(
                "还没有分析湖，请先运行 catchment lake refresh · run catchment lake refresh first"
            ) from None
    told = {**asdict(done), "sound": done.sound}
    show_json(told) if as_json else show_table([{"what": key, "value": _shown(value)} for key, value in told.items()])
    if not done.sound:
        raise typer.Exit(1)


@app.command()
def status(as_json: AsJson = False) -> None:
    """How old the lake is, what lies in it, and how much of it waits for a refresh."""
    running.ready()
    from catchment.kernel.lake import manifest, refreshing

    state = manifest.current()
    if state is None:
        raise CommandError(NO_LAKE)
    with refreshing.reading() as moment:
        stale = refreshing.waiting(state, moment)
    lines: list[dict[str, Any]] = [
        {
            "table": name,
            "partitions": len(held.parts),
            "rows": sum(part.rows for part in held.parts.values()),
            "megabytes": round(sum(path.stat().st_size for path in state.files(name)) / 1e6, 2),
            "waiting": len(held.parts) if stale.get(name) is None else len(stale[name] or ()),
        }
        for name, held in state.tables.items()
    ]
    told = {"as_of": state.as_of, "interrupted": manifest.pending() is not None, "tables": lines}
    show_json(told) if as_json else show_table(lines, title=f"截至 {state.as_of} · as of")


def refresh_with_progress(*, full: bool = False) -> Any:
    """Refresh, showing how far it is on standard error. `CommandError` while another is at work."""
    from django.utils import timezone

    from catchment.kernel import clock, wall
    from catchment.kernel.lake import refreshing
    from catchment.rooms.measures.queries import atlas

    now = clock.now()
    with twin.progress() as report, wall.acting("lake", at=now):
        try:
            done = refreshing.refresh(full=full, report=report)
        except refreshing.Busy:
            raise CommandError("另一次刷新正在进行，请稍后再试 · another refresh is at work; try again later") from None
        atlas.keep_answers(timezone.localdate(now))
        return done


def _shown(value: object) -> str:
    return ", ".join(value) if isinstance(value, list) else str(value)
