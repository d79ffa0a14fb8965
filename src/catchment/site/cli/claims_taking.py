"""Claims from other systems on the command line: settlement lists, what was rejected, weights."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from catchment.site.cli import running
from catchment.site.cli.output import AsJson, CommandError, show_json, show_table

if TYPE_CHECKING:
    from catchment.kernel.fates import Account

Table = Annotated[Path, typer.Argument(metavar="FILE", exists=True, dir_okay=False, help="xlsx or CSV.")]
SourceName = Annotated[str, typer.Option("--source", help="The sending system; its numbers are kept apart.")]
LONGEST = 50


def import_sheet(file: Table, source: SourceName = "list", as_json: AsJson = False) -> None:
    """Take a settlement list as drafts; every row is taken, known or rejected with its reason (then it ends with 1)."""
    running.ready()
    from catchment.kernel import clock
    from catchment.rooms.claims import actions

    account = actions.take_rows(
        actor=running.operator("claims.work"), now=clock.now(), source=f"sheet:{_name(source)}", rows=_rows(file)
    )
    _show(account, as_json=as_json)


def assistance(
    file: Table,
    source: Annotated[str, typer.Option("--source", help="Who sent the list.")] = "civil-affairs",
    as_json: AsJson = False,
) -> None:
    """Take a list of who is of which category of medical assistance since when; ends with 1 if a row was rejected."""
    running.ready()
    from catchment.kernel import clock
    from catchment.rooms.claims import actions

    account = actions.take_entitlements(
        actor=running.operator("claims.oversee"), now=clock.now(), source=_name(source), name=file.name,
        content=file.read_bytes(),
    )  # fmt: skip
    _show(account, as_json=as_json)


def rejected(
    source: Annotated[str, typer.Option("--source", help="sheet:NAME, fhir:NAME, aid:NAME; all when left out.")] = "",
    as_json: AsJson = False,
) -> None:
    """What stands rejected, with the reason."""
    running.ready()
    from catchment.rooms.claims import queries

    rows = list(queries.rejected_rows(source))
    show_json(rows) if as_json else show_table(rows)


def replay(
    source: Annotated[str, typer.Option("--source", help="sheet:NAME, fhir:NAME or aid:NAME.")], as_json: AsJson = False
) -> None:
    """Try everything again that stands rejected from a source, after its cause was mended."""
    running.ready()
    from catchment.kernel import clock
    from catchment.rooms.claims import actions
    from catchment.rooms.claims.rules.assistance import SOURCE

    if source.startswith(SOURCE):
        actor, name = running.operator("claims.oversee"), source.removeprefix(SOURCE)
        account = actions.replay_entitlements(actor=actor, now=clock.now(), source=name)
    else:
        account = actions.replay_rows(actor=running.operator("claims.work"), now=clock.now(), source=source)
    _show(account, as_json=as_json)


def weights(
    file: Annotated[
        Path, typer.Argument(metavar="FILE", exists=True, dir_okay=False, help="CSV: group, name, weight.")
    ],
    city: Annotated[str, typer.Option("--city", help="Whose: claims.drg-weights.CITY.")],
    scheme: Annotated[str, typer.Option("--scheme", help="The grouping scheme they belong to.")],
    version: Annotated[str, typer.Option("--version", help="The edition's name, such as 2023.")],
    since: Annotated[str, typer.Option("--since", help="In force from, YYYY-MM-DD.")],
    source: Annotated[str, typer.Option("--from", help="Where they were published.")],
) -> None:
    """Publish a table of group weights as an edition, unverified; it is in force from the day given."""
    running.ready()
    from catchment.kernel import clock
    from catchment.rooms.claims import actions

    try:
        day = date.fromisoformat(since)
    except ValueError:
        raise CommandError(f"--since {since}: write a day as 2026-01-01") from None
    edition = actions.publish_weights(
        actor=running.operator("rulebook.publish"), now=clock.now(), content=file.read_bytes(), city=city,
        scheme=scheme, version=version, since=day, source=source,
    )  # fmt: skip
    weighted = sum("weight" in one for one in edition.content["groups"])
    show_table(
        [
            {
                "edition": f"{edition.key} {edition.version}",
                "groups": len(edition.content["groups"]),
                "with weight": weighted,
            }
        ]
    )


def _rows(file: Path) -> Iterator[tuple[str, dict[str, Any], str]]:
    from catchment.kernel import sheets
    from catchment.rooms.claims.rules.sources import field_of

    rows = sheets.rows_in(file.name, file.read_bytes())
    _number, titles = next(rows, (0, []))
    fields = [field_of(title) for title in titles]
    if "number" not in fields:
        raise CommandError(
            f"{file.name}: no column 结算单号 (number) in the first row; take out title rows above the names of the "
            "columns; docs/reference/claims.md has the columns"
        )
    twice = sorted({titles[at] for at, name in enumerate(fields) if name and name in fields[:at]})
    if twice:
        raise CommandError(f"{file.name}: {', '.join(twice)} stands twice among the columns; keep one of them")
    for number, cells in rows:
        row = {name: cell for name, cell in zip(fields, cells, strict=False) if name and cell}
        missing = "" if row.get("number") else "结算单号: 不能为空"
        yield row.get("number") or f"{file.name}#{number}", row, missing


def _name(source: str) -> str:
    if not source.strip() or len(source) > LONGEST:
        raise CommandError(f"--source: a name of 1 to {LONGEST} characters is needed")
    return source.strip()


def _show(account: "Account", *, as_json: bool) -> None:
    told = account.as_dict()
    if as_json:
        show_json(told)
    else:
        show_table([{name: told[name] for name in ("read", "taken", "history", "known", "rejected") if name in told}])
        for one in told["rejections"][:50]:
            typer.echo(f"{one['row']}: {one['reason']}", err=True)
    if told["rejected"]:
        raise typer.Exit(1)
