"""Risk models on the command line: list them, explain one, run one over a file."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from catchment.site.cli.output import AsJson, CommandError, show_json, show_table

if TYPE_CHECKING:
    import polars as pl

    from catchment.standards.risk.definition import Definition
    from catchment.standards.risk.engines import Engine

app = typer.Typer(help="风险模型 · Risk models and screening rules.", no_args_is_help=True)

Model = Annotated[str, typer.Option("--model", help="The model's name; `catchment risk list` shows all.")]
Edition = Annotated[str, typer.Option("--edition", help="Another edition than the newest.")]
Source = Annotated[Path, typer.Option("--in", exists=True, dir_okay=False, help="JSON lines, CSV or Parquet.")]
Target = Annotated[Path, typer.Option("--out", dir_okay=False, help="JSON lines, CSV or Parquet.")]
EngineName = Annotated[str, typer.Option("--engine", help="duckdb, postgres or spark.")]
Carry = Annotated[list[str] | None, typer.Option("--carry", help="A column to pass through unread; may be repeated.")]


@app.command("list")
def list_models(as_json: AsJson = False) -> None:
    """All models: name, edition, title, evidence and the population they are for."""
    from catchment.standards.risk.catalogue import definitions

    rows = [
        {
            "model": one.model,
            "edition": one.edition,
            "title": one.zh,
            "evidence": one.evidence,
            "population": one.population_zh,
            "inputs": ", ".join(each.name for each in one.inputs if not each.parent),
        }
        for one in definitions()
    ]
    if as_json:
        show_json(rows)
    else:
        show_table([{key: row[key] for key in ("model", "edition", "title", "evidence")} for row in rows])


@app.command("run")
def run_model(
    model: Model,
    source: Source,
    target: Target,
    engine: EngineName = "duckdb",
    edition: Edition = "",
    carry: Carry = None,
    as_json: AsJson = False,
) -> None:
    """Assess every row of a file: one row out for each row in, in order, with value, band, status and reasons."""
    from collections import Counter

    from catchment.standards.risk import files

    definition = _definition(model, edition)
    statuses: Counter[str] = Counter()
    try:
        with _engine(engine) as opened:
            frames = _assessed(definition, opened, files.read(source, definition, carry=carry or ()), carry or [])
            rows = files.write(target, _counted(frames, statuses))
    except files.RiskFileError as error:
        raise CommandError(str(error)) from None
    account = {"model": model, "edition": definition.edition, "engine": engine, "rows": rows, **statuses}
    if as_json:
        show_json(account)
    else:
        show_table([account])


def _assessed(
    definition: "Definition", engine: "Engine", frames: Iterator["pl.DataFrame"], carry: list[str]
) -> Iterator["pl.DataFrame"]:
    import polars as pl

    from catchment.standards.risk import files
    from catchment.standards.risk.running import Runner

    runner = Runner(definition, engine)
    for at, frame in enumerate(frames):
        if at == 0:
            for name in files.absent(frame, definition):
                typer.echo(f"catchment: no column for {name}: it is unknown for every row", err=True)
        kept = [name for name in frame.columns if name in {*carry, *files.CARRIED}]
        yield pl.concat([frame.select(kept), runner.run(frame.drop(kept))], how="horizontal")


def _counted(frames: Iterator["pl.DataFrame"], statuses: Any) -> Iterator["pl.DataFrame"]:
    for frame in frames:
        statuses.update(frame["status"].to_list())
        yield frame


def _definition(model: str, edition: str) -> "Definition":
    from catchment.standards.risk.catalogue import UnknownModelError, definition

    try:
        return definition(model, edition=edition)
    except UnknownModelError as error:
        raise CommandError(str(error)) from None


def _engine(name: str) -> Any:
    from catchment.standards.risk import engines

    if name not in list(engines.Name):
        raise CommandError(f"there is no engine {name!r}; choose one of {', '.join(engines.Name)}")
    parameters = _postgres() if name == engines.Name.POSTGRES else None
    return engines.opened(engines.Name(name), postgres=parameters)


def _postgres() -> Mapping[str, Any]:
    from catchment.kernel import database

    database.ensure_running()
    settings = database.connection_settings()
    names = {"HOST": "host", "PORT": "port", "USER": "user", "PASSWORD": "password", "NAME": "dbname"}
    return {name: settings[key] for key, name in names.items() if settings[key]}
