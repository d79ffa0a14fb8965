"""Diagnosis-related groups on the command line: load a scheme's tables, group a file, explain one discharge."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from catchment.site.cli.output import AsJson, CommandError, show_json, show_table

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from catchment.standards.drg.scheme import Scheme
    from catchment.standards.drg.tables import Problem

SHOWN = 50
app = typer.Typer(help="病组分组 · Diagnosis-related groups.", no_args_is_help=True)

SchemeName = Annotated[str, typer.Option("--scheme", help="The scheme's name; `catchment drg list` shows all.")]
Folder = Annotated[Path, typer.Argument(metavar="DIR", help="Folder of the scheme's tables as CSV.")]
Options = Annotated[list[str] | None, typer.Option("--option", help="A reading, NAME=VALUE; may be repeated.")]
Source = Annotated[Path, typer.Option("--in", exists=True, dir_okay=False, help="JSON lines, CSV or Parquet.")]
Target = Annotated[Path, typer.Option("--out", dir_okay=False, help="JSON lines, CSV or Parquet.")]
Clinical = Annotated[bool, typer.Option("--clinical", help="The codes are clinical ones; convert them to NHSA codes.")]
Threads = Annotated[int, typer.Option("--threads", min=1, help="Threads for a large file.")]
Identifier = Annotated[
    str, typer.Option("--id", help="The discharge to explain; the first of the file when not given.")
]


@app.command("list")
def list_schemes(as_json: AsJson = False) -> None:
    """The schemes that can be used, with their numbers of groups and codes."""
    from catchment.kernel.database import home
    from catchment.standards.drg import store

    rows = [_described(_opened(name)) for name in store.names(home())]
    few = [{name: row[name] for name in ("scheme", "digest", "mdc", "adrg", "drg", "mcc", "cc")} for row in rows]
    show_json(rows) if as_json else show_table(few)


@app.command("load")
def load(folder: Folder, scheme: SchemeName, option: Options = None, as_json: AsJson = False) -> None:
    """Check a scheme's tables and keep it under a name; every problem is shown by file and line."""
    from catchment.kernel.database import home
    from catchment.standards.drg import store

    try:
        loaded, problems = store.load(folder, scheme, home(), dict(map(_choice, option or [])))
    except (store.SchemeError, OSError) as error:
        raise CommandError(str(error)) from None
    if as_json:
        shown = [{"file": one.file, "line": one.line, "level": one.level, "message": one.message} for one in problems]
        show_json(
            {
                "scheme": scheme,
                "loaded": loaded is not None,
                "problems": shown,
                **(_described(loaded) if loaded else {}),
            }
        )
    else:
        _show_problems(problems)
        if loaded:
            show_table([{"what": name, "number": str(value)} for name, value in _described(loaded).items()])
    if loaded is None:
        errors = sum(problem.level == "error" for problem in problems)
        raise CommandError(f"{folder}: {errors} errors; mend the rows named above and load again; nothing was changed")


@app.command("group")
def group(
    scheme: SchemeName,
    source: Source,
    target: Target,
    clinical: Clinical = False,
    threads: Threads = 2,
    as_json: AsJson = False,
) -> None:
    """Group every discharge of a file: id, status, mdc, adrg and drg, one row out for each row in, in order."""
    from catchment.kernel.database import home
    from catchment.standards.drg import blocks, files, reading, store

    try:
        job = files.Job(scheme, home(), blocks.form(target), clinical, threads)
        account = files.run(source, target, job)
    except (reading.FileError, store.SchemeError) as error:
        raise CommandError(str(error)) from None
    if as_json:
        show_json({"scheme": scheme, **account.told(), "problems": account.problems})
        return
    for problem in account.problems:
        typer.echo(f"catchment: row {problem['row']} ({problem['id']}): {problem['reason']}", err=True)
    show_table([{"scheme": scheme, **account.told()}])


@app.command("explain")
def explain(
    scheme: SchemeName, source: Source, identifier: Identifier = "", clinical: Clinical = False, as_json: AsJson = False
) -> None:
    """Why one discharge of a file is grouped as it is: what was tried, by which codes, each CC and why."""
    from catchment.standards.drg import explaining
    from catchment.standards.drg import record as records

    opened = _opened(scheme)
    fields = _discharge(source, identifier)
    if fields.get("rejected"):
        raise CommandError(f"{source.name}, discharge {fields['id']}: {fields['rejected']}")
    try:
        results = explaining.results_of(fields.get("results") or [])
        told = explaining.explain(opened, records.read(fields), clinical=clinical, results=results)
    except records.RecordError as error:
        raise CommandError(str(error)) from None
    if as_json:
        show_json(told)
    else:
        _show_reasons(told)


def _opened(name: str) -> "Scheme":
    from catchment.kernel.database import home
    from catchment.standards.drg import store

    try:
        return store.opened(name, home())
    except store.SchemeError as error:
        raise CommandError(str(error)) from None


def _described(scheme: "Scheme") -> dict[str, Any]:
    return {"scheme": scheme.name, "digest": scheme.digest[:12], **scheme.counts()}


def _choice(text: str) -> tuple[str, str]:
    name, sign, value = text.partition("=")
    if not sign or not name or not value:
        raise CommandError(f"--option {text!r} is not NAME=VALUE")
    return name, value


def _discharge(source: Path, identifier: str) -> "Mapping[str, Any]":
    from catchment.standards.drg import blocks, reading

    try:
        rows = _objects(source) if blocks.form(source) == blocks.JSON_LINES else _table_rows(source)
        found = next((row for row in rows if identifier in ("", str(row.get("id")))), None)
    except reading.FileError as error:
        raise CommandError(str(error)) from None
    if found is None:
        told = f"{source.name} has no discharge {identifier!r}; name one by its id, or leave --id out for the first"
        raise CommandError(told)
    return found


def _table_rows(source: Path) -> "Iterator[Mapping[str, Any]]":
    from catchment.standards.drg import blocks

    for piece in blocks.pieces(source):
        for block in blocks.blocks(piece):
            for at, row in enumerate(block.table.to_pylist()):
                yield {**row, "rejected": block.rejected.get(at)}


def _objects(source: Path) -> "Iterator[Mapping[str, Any]]":
    import orjson

    with source.open("rb") as lines:
        for number, line in enumerate(lines, 1):
            try:
                fields = orjson.loads(line) if line.strip() else None
            except orjson.JSONDecodeError as error:
                raise CommandError(f"{source.name}, line {number}: no JSON: {error}") from None
            if isinstance(fields, dict):
                yield fields


def _show_problems(problems: "list[Problem]") -> None:
    for one in problems[:SHOWN]:
        typer.echo(f"{one.level}: {one.file}, line {one.line}: {one.message}", err=True)
    if len(problems) > SHOWN:
        typer.echo(f"... and {len(problems) - SHOWN} more; --json tells them all", err=True)


def _show_reasons(told: dict[str, Any]) -> None:
    show_table([{name: told[name] for name in ("id", "status", "mdc", "adrg", "drg", "reason")}])
    for mdc in told.get("tried", ()):
        for adrg in [{"adrg": "", **mdc}, *mdc.get("adrgs", ())]:
            if adrg["holds"]:
                typer.echo(f"{mdc['mdc']} {adrg['adrg']} {adrg['name']}: {adrg['rule']} {_grounds(adrg.get('by', ()))}")
    for title in ("complications", "splits", "rests_on", "documentation"):
        rows = [
            {name: _grounds(value) if name == "by" else value for name, value in one.items()}
            for one in told.get(title, ())
        ]
        if rows:
            show_table(rows, title=title)


def _grounds(grounds: Any) -> str:
    told = []
    for one in grounds:
        codes = " ".join(code["code"] for code in one.get("codes", ()))
        told.append(f"{one['part']}: {codes or one.get('value', one.get('sites', ''))}".rstrip(": "))
    return "; ".join(told)
