"""Places: facilities and networks, as the database knows them."""

from typing import Annotated

import typer

from catchment.site.cli import running
from catchment.site.cli.output import AsJson, show_json, show_table

app = typer.Typer(help="机构 · Places: facilities and networks.", no_args_is_help=True)


@app.command("list")
def list_facilities(
    text: Annotated[str, typer.Option(help="Part of the name, its pinyin or initials, or the code.")] = "",
    kind: Annotated[str, typer.Option(help="Kind, such as hospital or village-clinic.")] = "",
    limit: Annotated[int, typer.Option(help="How many at most.", min=1)] = 100,
    as_json: AsJson = False,
) -> None:
    """Show facilities that are open."""
    running.ready()
    from catchment.rooms.places import queries

    rows = [
        {
            "code": one.code,
            "name": one.name,
            "kind": one.kind,
            "level": one.level,
            "area": one.area.name,
            "longitude": one.longitude,
            "latitude": one.latitude,
        }
        for one in queries.facilities(text=text, kind=kind)[:limit]
    ]
    if as_json:
        show_json(rows)
    elif rows:
        show_table(rows)
    else:
        typer.echo("无 · none")


@app.command("networks")
def list_networks(as_json: AsJson = False) -> None:
    """Show networks and how many members each has today."""
    running.ready()
    from django.utils import timezone

    from catchment.rooms.places import queries

    rows = [
        {"code": one.code, "name": one.name, "kind": one.kind, "lead": lead, "members": count}
        for one, lead, count in queries.networks_with_members(timezone.localdate())
    ]
    if as_json:
        show_json(rows)
    elif rows:
        show_table(rows)
    else:
        typer.echo("无 · none")
