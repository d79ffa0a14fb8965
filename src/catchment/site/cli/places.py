"""Places: facilities and networks, as the database knows them."""

from pathlib import Path
from typing import Annotated, Any

import typer

from catchment.site.cli import running
from catchment.site.cli.output import AsJson, CommandError, show_json, show_table

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


@app.command("import")
def import_files(
    files: Annotated[
        list[Path],
        typer.Argument(help="CSV or xlsx, of facilities or of services.", exists=True, dir_okay=False),
    ],
    rejected: Annotated[
        Path | None,
        typer.Option("--rejected", help="Write the rejected rows of the one FILE with why to this CSV, to mend."),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Take facilities and services; each row is taken, changed, known or rejected (then it ends with 1)."""
    if rejected is not None and len(files) > 1:
        raise CommandError("--rejected 一次只用于一个文件 · --rejected goes with one file at a time")
    running.ready()
    from catchment.kernel import clock
    from catchment.rooms.places import actions

    told = actions.import_places(
        actor=running.operator("places.manage"), now=clock.now(), files=[(str(one), one.read_bytes()) for one in files]
    )
    if rejected is not None:
        _write_rejected(rejected, files[0], told[0][1].rejections)
    _show_accounts([{"file": name, **account.as_dict()} for name, account in told], as_json)
    if any(account.rejections for _name, account in told):
        raise typer.Exit(1)


def _write_rejected(target: Path, file: Path, rejections: list[dict[str, Any]]) -> None:
    from catchment.kernel import sheets

    target.write_text(sheets.rejected_csv(file.name, file.read_bytes(), rejections), encoding="utf-8")


def _show_accounts(told: list[dict[str, Any]], as_json: bool) -> None:
    if as_json:
        show_json(told)
        return
    show_table([{name: value for name, value in one.items() if name != "rejections"} for one in told])
    for one in told:
        for row in one["rejections"]:
            typer.echo(f"{one['file']}:{row['row']} {row['reason']}", err=True)
