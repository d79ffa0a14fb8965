"""Who may see whom: label sensitive entries, list looks in an emergency that wait for a judgement."""

from typing import Any

import typer

from catchment.site.cli import running
from catchment.site.cli.output import AsJson, show_json, show_table

app = typer.Typer(help="调阅 · Who may see whom.", no_args_is_help=True)


@app.command()
def label(as_json: AsJson = False) -> None:
    """Label every entry of the record anew by the edition of sensitive parts in force today."""
    running.ready()
    from catchment.kernel import clock
    from catchment.rooms.record import actions

    done = actions.label_sensitive(actor=running.operator("record.label"), now=clock.now())
    _show([{"table": one.table, "changed": one.changed} for one in done], as_json)


@app.command()
def reviews(as_json: AsJson = False) -> None:
    """Looks in an emergency that nobody has judged yet, oldest first; whose record it was is not told."""
    running.ready()
    from catchment.rooms.consent import queries

    lines = [
        {"relation": one.pk, "facility": one.facility.name, "since": one.since.isoformat(timespec="minutes")}
        for one in queries.unjudged()
    ]
    _show(lines, as_json)


@app.command()
def walls(as_json: AsJson = False) -> None:
    """Write the database's policies anew and list the tables behind them."""
    running.ready()
    from catchment.site import walls as built

    built.install()
    _show([{"table": table, "area": wall.area} for table, wall in sorted(built.WALLS.items())], as_json)


def _show(lines: list[dict[str, Any]], as_json: bool) -> None:
    if as_json:
        show_json(lines)
    else:
        show_table(lines or [{"": "-"}])
