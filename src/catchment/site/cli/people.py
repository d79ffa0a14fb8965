"""People: which rows of a file are the same person, and how well that is told."""

import re
import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from catchment.site.cli.output import AsJson, CommandError, show_json, show_table

if TYPE_CHECKING:
    import polars as pl

    from catchment.standards.identity.linkage import Matched

app = typer.Typer(help="人员 · People: find the rows that tell of the same person.", no_args_is_help=True)

_REPORTS = {
    "FEBRL 1": ("dataset1.csv",),
    "FEBRL 2": ("dataset2.csv",),
    "FEBRL 4": ("dataset4a.csv", "dataset4b.csv"),
    "fake_1000": ("fake_1000.csv",),
}
_ORIGINAL = re.compile(r"rec-(\d+)-")


@app.command("match")
def match_files(
    inputs: Annotated[
        list[Path],
        typer.Option("--in", help="A CSV, JSON lines or Parquet file, or a folder of them; may be repeated."),
    ],
    out: Annotated[Path, typer.Option("--out", help="Where to write id and cluster: .csv, .jsonl or .parquet.")],
    threshold: Annotated[
        float, typer.Option(min=0.0, max=1.0, help="Match probability from which two rows are joined.")
    ] = 0.9,
    as_json: AsJson = False,
) -> None:
    """Group the rows of one or more files by person. Columns are recognised by their headers."""
    from catchment.standards.identity.linkage import LinkageError, match
    from catchment.standards.identity.linkage.files import read_table, write_clusters

    files = _files(inputs)
    try:
        matched = match(*(read_table(file) for file in files), threshold=threshold)
        write_clusters(out, _distinct_ids(matched, files), matched)
    except (LinkageError, OSError) as error:
        raise CommandError(str(error)) from error
    counts = _counts(matched, files)
    if as_json:
        show_json(counts | {"out": str(out)})
    else:
        show_table([counts])


@app.command("linkage-report")
def report(
    folder: Annotated[Path, typer.Argument(help="Folder that holds the FEBRL and fake_1000 files, at any depth.")],
    as_json: AsJson = False,
) -> None:
    """Measure matching on public data with known truth: pairwise precision, recall and F1.

    The matching itself never reads the truth.
    """
    found = {name: [_find(folder, file) for file in files] for name, files in _REPORTS.items()}
    rows = [_measured(name, [f for f in files if f]) for name, files in found.items() if all(files)]
    if not rows:
        names = ", ".join(file for files in _REPORTS.values() for file in files)
        raise CommandError(f"{folder}: none of {names} is there; name the folder that holds them")
    for name in (name for name, files in found.items() if not all(files)):
        typer.echo(f"{name}: not in {folder}, left out", err=True)
    if as_json:
        show_json(rows)
    else:
        show_table(rows, title="Pairs of rows, compared with the known truth")


def _files(inputs: list[Path]) -> list[Path]:
    return [file for path in inputs for file in (_tables_in(path) if path.is_dir() else [path])]


def _tables_in(folder: Path) -> list[Path]:
    from catchment.standards.identity.linkage.files import TABLE_ENDINGS

    found = sorted(file for file in folder.iterdir() if file.name.lower().endswith(TABLE_ENDINGS))
    if not found:
        raise CommandError(f"{folder}: the folder holds no file ending in {', '.join(TABLE_ENDINGS)}")
    return found


def _distinct_ids(matched: "list[Matched]", files: list[Path]) -> list[str]:
    """The ids as they are, or as FILE:id when two files use the same one."""
    ids = [row.id for row in matched]
    if len(set(ids)) == len(ids):
        return ids
    stems = [file.name.split(".")[0] for file in files]
    if len(set(stems)) < len(stems):
        stems = [str(place) for place in range(1, len(files) + 1)]
    return [f"{stems[row.table]}:{row.id}" for row in matched]


def _counts(matched: "list[Matched]", files: list[Path]) -> dict[str, int]:
    clusters = len({row.cluster for row in matched})
    return {
        "files": len(files),
        "rows": len(matched),
        "clusters": clusters,
        "duplicates": len(matched) - clusters,
    }


def _find(folder: Path, name: str) -> Path | None:
    return next((path for ending in ("", ".gz") for path in sorted(folder.rglob(name + ending))), None)


def _measured(name: str, files: list[Path]) -> dict[str, Any]:
    from catchment.standards.identity.linkage import match, pairwise_quality
    from catchment.standards.identity.linkage.files import read_table

    tables = [read_table(file) for file in files]
    began = time.perf_counter()
    matched = match(*tables)
    seconds = time.perf_counter() - began
    truth = [key for table in tables for key in _truth(table)]
    quality = pairwise_quality([row.cluster for row in matched], truth)
    return {
        "dataset": name,
        "rows": quality.rows,
        "true": quality.true_pairs,
        "found": quality.found_pairs,
        "precision": round(quality.precision, 4),
        "recall": round(quality.recall, 4),
        "f1": round(quality.f1, 4),
        "seconds": round(seconds, 1),
    }


def _truth(table: "pl.DataFrame") -> list[str]:
    """Who each row is: FEBRL writes it into rec_id, fake_1000 into a column that no field means."""
    if "cluster" in table.columns:
        return table["cluster"].to_list()
    return [found[1] if (found := _ORIGINAL.search(text)) else text for text in table["rec_id"]]
