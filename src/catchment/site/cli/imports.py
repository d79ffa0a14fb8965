"""Taking in what other systems hold: `catchment import fhir`, `import rejected`, `import replay`."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeElapsedColumn

from catchment.site.cli import fhir_claims, running
from catchment.site.cli.output import AsJson, CommandError, show_json, show_table

if TYPE_CHECKING:
    from catchment.rooms.record.actions.intake.tally import Tally

app = typer.Typer(name="import", help="导入 · Take in what other systems hold.", no_args_is_help=True)
Paths = Annotated[list[Path], typer.Argument(help="Files or folders: bundles, NDJSON, JSON or XML, plain or gzip.")]
SourceCode = Annotated[str, typer.Option("--source", help="The sending system; its ids are kept apart from others'.")]
CAPABILITY = "record.import"
LONGEST_CODE = 60
INTERRUPTED = 130


@app.command()
def fhir(paths: Paths, source: SourceCode = "fhir", as_json: AsJson = False) -> None:
    """Take FHIR R4 resources: people, places, the record, and Claims, as drafts or as history.

    Ends with 1 when something was rejected; run again after an interruption to go on.
    """
    files = _files(paths)
    running.ready()
    from catchment.kernel import clock
    from catchment.rooms.record import actions
    from catchment.rooms.record.types import SourceKind

    origin = actions.ensure_source(_checked(source), kind=SourceKind.FHIR)
    actor, size = running.operator(CAPABILITY), sum(file.stat().st_size for file in files)
    with _refusals_clear(), _bar(size) as heard:
        tally = actions.import_files(actor=actor, now=clock.now(), source=origin, paths=files, progress=heard)
        if fhir_claims.KIND in tally.by_type():
            fhir_claims.take(tally, code=origin.code, files=files, now=clock.now())
    _show(tally, as_json=as_json)


@app.command()
def rejected(source: SourceCode = "fhir", as_json: AsJson = False) -> None:
    """List everything that stands rejected from a source, with the reason."""
    running.ready()
    from catchment.rooms.record import queries

    found = [*queries.rejected(_checked(source)), *fhir_claims.rejected(_checked(source))]
    if as_json:
        show_json(found)
    else:
        show_table([{"type": one["type"], "id": one["id"], "reason": one["reason"]} for one in found])


@app.command()
def replay(source: SourceCode = "fhir", as_json: AsJson = False) -> None:
    """Try again everything that was rejected from a source, after its cause was mended."""
    running.ready()
    from catchment.kernel import clock
    from catchment.rooms.record import actions
    from catchment.rooms.record.types import SourceKind

    origin = actions.ensure_source(_checked(source), kind=SourceKind.FHIR)
    with _refusals_clear():
        tally = actions.replay_rejected(actor=running.operator(CAPABILITY), now=clock.now(), source=origin)
        fhir_claims.replay(tally, code=origin.code, now=clock.now())
    _show(tally, as_json=as_json)


def _checked(code: str) -> str:
    if not code.strip() or len(code) > LONGEST_CODE:
        raise CommandError(f"--source: a name of 1 to {LONGEST_CODE} characters is needed")
    return code.strip()


def _files(paths: Sequence[Path]) -> list[Path]:
    from catchment.standards.fhir.files import ENDINGS, found_in

    for path in paths:
        if not path.exists():
            raise CommandError(f"{path}: there is no such file or folder")
    files = list(dict.fromkeys(file for path in paths for file in found_in(path)))
    if not files:
        raise CommandError(f"nothing to read: no file ends in {', '.join(ENDINGS)} (plain or .gz)")
    return files


@contextmanager
def _refusals_clear() -> Iterator[None]:
    from catchment.kernel.errors import Refusal

    try:
        yield
    except Refusal as refusal:
        raise CommandError(str(refusal)) from None
    except KeyboardInterrupt:
        typer.echo("已中断；再运行一次即可接着导入 · interrupted; run it again to go on", err=True)
        raise typer.Exit(INTERRUPTED) from None


@contextmanager
def _bar(size: int) -> Iterator[Any]:
    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), DownloadColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task("导入", total=size)

        def heard(done: int, tally: "Tally") -> None:
            bar.update(task, completed=done, description=f"导入 {tally.read}")

        yield heard


def _show(tally: "Tally", *, as_json: bool) -> None:
    found = tally.as_dict()
    if as_json:
        show_json(found)
    else:
        total = {name: found[name] for name in ("read", "taken", "known", "unsupported", "rejected")}
        rows = [{"type": name, **counts} for name, counts in found["by_type"].items()]
        show_table([*rows, {"type": "全部 · all", **total}])
        if history := tally.noted.get("history"):
            typer.echo(f"{history} Claims 早于最早的规则，留作历史，不结算 · before the first edition: kept as history")
        for line in found["rejections"]:
            where = f"{line['file']}:{line['line']} " if line["file"] else ""
            typer.echo(f"{where}{line['type']}/{line['id']} {line['reason']}", err=True)
    if found["rejected"]:
        raise typer.Exit(1)
