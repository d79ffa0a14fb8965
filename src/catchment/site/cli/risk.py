"""Risk models on the command line: list them, explain one, run one over a file."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from catchment.site.cli.output import AsJson, CommandError, show_json, show_table

if TYPE_CHECKING:
    import polars as pl

    from catchment.standards.analytics.engines import Engine
    from catchment.standards.risk.definition import Definition
    from catchment.standards.risk.explanation import Explanation

_SHOWN = ("value", "band", "status")
RESULTS = (*_SHOWN, "reasons")

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

    from catchment.standards.risk import files, writing

    definition = _definition(model, edition)
    _require_new(source, target, carry or [])
    statuses: Counter[str] = Counter()
    try:
        with _engine(engine) as opened:
            frames = _assessed(definition, opened, files.read(source, definition, carry=carry or ()), carry or [])
            rows = writing.write(target, _counted(frames, statuses))
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
        if at == 0 and frame.height:
            for name in files.absent(frame, definition):
                typer.echo(f"catchment: no column for {name}: it is unknown for every row", err=True)
        kept = [name for name in frame.columns if name in {*carry, *files.CARRIED}]
        unread = [name for name in kept if name not in definition.names()]
        yield pl.concat([frame.select(kept), runner.run(frame.drop(unread))], how="horizontal")


def _require_new(source: Path, target: Path, carry: list[str]) -> None:
    """Refuse to write over the file that is read, and to carry a column under the name of a result."""
    if target.exists() and target.samefile(source):
        raise CommandError(f"--out is the file of --in, {source}; name another one")
    for name in {*RESULTS} & {*carry}:
        raise CommandError(f"--carry {name}: the output has a column of this name; rename it in the file")


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


@contextmanager
def _engine(name: str) -> "Iterator[Engine]":
    from catchment.standards.analytics import engines
    from catchment.standards.analytics.errors import EngineError

    if name not in list(engines.Name):
        raise CommandError(f"there is no engine {name!r}; choose one of {', '.join(engines.Name)}")
    try:
        parameters = server_parameters() if name == engines.Name.POSTGRES else None
        with engines.opened(engines.Name(name), postgres=parameters) as engine:
            yield engine
    except EngineError as error:
        raise CommandError(f"{name}: {error}") from None


def server_parameters() -> Mapping[str, Any]:
    """The parameters of psycopg for the database of this installation, which is started where it is embedded."""
    from catchment.kernel import database

    database.ensure_running()
    settings = database.connection_settings()
    names = {"HOST": "host", "PORT": "port", "USER": "user", "PASSWORD": "password", "NAME": "dbname"}
    return {name: settings[key] for key, name in names.items() if settings[key]}


@app.command("explain")
def explain_model(
    model: Model,
    person: Annotated[
        str, typer.Option("--person", help="Inputs as a JSON object; without it the definition itself is shown.")
    ] = "",
    edition: Edition = "",
    as_json: AsJson = False,
) -> None:
    """What a model is made of or, for one person, the assessment, its reasons and what would change the band."""
    from catchment.standards.risk.reference import definition_page

    definition = _definition(model, edition)
    if not person:
        typer.echo(definition_page(definition))
        return
    explanation = _explained(definition, person)
    if as_json:
        show_json(explanation.document())
        return
    told = explanation.assessment
    show_table([{"model": model, "edition": definition.edition, **{key: told[key] for key in _SHOWN}}])
    reasons = told["reasons"]
    for name in ("excluded", "missing", "rejected", "alerts", "unconfirmed"):
        if reasons[name]:
            typer.echo(f"{name}: {'; '.join(reasons[name])}")
    if reasons["action"]:
        typer.echo(f"action: {reasons['action']}")
    parts = [{"contribution": key, "amount": value} for key, value in reasons.get("contributions", {}).items()]
    show_table(parts)
    show_table([asdict(change) for change in explanation.changes], title="改变分级 · what would change the band")


def _explained(definition: "Definition", person: str) -> "Explanation":
    import orjson

    from catchment.standards.risk.explanation import explain
    from catchment.standards.risk.running import Runner

    try:
        inputs = orjson.loads(person)
    except orjson.JSONDecodeError as error:
        raise CommandError(f"--person is not JSON: {error}") from None
    if not isinstance(inputs, dict):
        raise CommandError("--person must be a JSON object of input names and values")
    with _engine("duckdb") as opened:
        try:
            return explain(Runner(definition, opened), inputs)
        except ValueError as error:
            raise CommandError(str(error)) from None


@app.command("survey")
def survey(
    data: Annotated[Path, typer.Option("--data", exists=True, file_okay=False, help="The folder of the survey files.")],
    as_json: AsJson = False,
) -> None:
    """The models on the survey's real people: assessed, missing what, distribution, and discrimination."""
    from catchment.standards.risk.survey import report

    with _engine("duckdb") as opened:
        try:
            runs, found = list(report.model_runs(data, opened)), list(report.comparisons(data, opened))
            agreed, sets = report.news_agreement(data, opened)
        except FileNotFoundError as error:
            raise CommandError(f"{data} lacks {Path(str(error.filename)).name}") from None
    if as_json:
        agreement = {"agreed": agreed, "of": sets}
        show_json(
            {"models": [asdict(r) for r in runs], "discrimination": [asdict(c) for c in found], "news": agreement}
        )
        return
    for run in runs:
        typer.echo(f"{run.model}: {_pairs(run.statuses)}")
        typer.echo(f"  missing: {_pairs(run.missing) or '-'}")
        typer.echo(f"  bands: {_pairs(run.bands) or '-'}; weighted %: {_pairs(run.weighted_percent) or '-'}")
        typer.echo(f"  quartiles: {run.quartiles or '-'}")
    for one in found:
        counts = f"{one.cases} with, {one.others} without"
        typer.echo(f"{one.score} and {one.finding}: AUC {one.area} ({one.low} to {one.high}), {counts}; {one.remark}")
    typer.echo(f"news2: the file's own synthetic score agrees for {agreed} of {sets} sets of vital signs")


def _pairs(counts: Mapping[str, Any]) -> str:
    return ", ".join(f"{name} {count}" for name, count in counts.items())


@app.command("reference")
def reference(target: Annotated[Path, typer.Option("--out", dir_okay=False, help="A Markdown file.")]) -> None:
    """Write the reference page of all models from their definitions."""
    from catchment.standards.risk.reference import reference_page

    target.write_text(reference_page(), encoding="utf-8")
