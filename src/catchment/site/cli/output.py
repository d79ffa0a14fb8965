"""What commands print: a table for people, JSON for programs, one clear line for a mistake."""

import codecs
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any, TypeVar

import orjson
import typer
from rich.console import Console
from rich.table import Table

from catchment.kernel.errors import Invalid, Refusal
from catchment.standards.analytics.errors import EngineError

Item = TypeVar("Item")
UNBROKEN = 10_000
"""The width of a table that goes to a file or another program: no row is broken."""
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON instead of a table.")]


class CommandError(Exception):
    """A mistake that the person at the keyboard can mend; the message names it and the way out."""


def read_json_lines(file: Path, read: Callable[[Any], Item]) -> list[Item]:
    """What `read` makes of the JSON document on each line of a file; blank lines are passed over.

    Raises `CommandError` with the number of a line that is no JSON, or of which `read` raises `KeyError`, `TypeError`
    or `ValueError`.
    """
    found = []
    for number, line in enumerate(file.read_bytes().removeprefix(codecs.BOM_UTF8).splitlines(), 1):
        if not line.strip():
            continue
        try:
            found.append(read(orjson.loads(line)))
        except (KeyError, TypeError, ValueError) as error:
            told = f"missing {error}" if isinstance(error, KeyError) else error
            raise CommandError(f"{file.name}, line {number}: {told}; docs/reference/money.md has the fields") from None
    return found


def show_json(value: object) -> None:
    """Write one JSON document, keys in the order given, UTF-8, ending in a line feed."""
    options = orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE | orjson.OPT_NON_STR_KEYS
    sys.stdout.buffer.write(orjson.dumps(value, default=str, option=options))
    sys.stdout.buffer.flush()


def show_table(rows: Iterable[Mapping[str, Any]], *, title: str = "") -> None:
    """Print rows under the column names of the first row; numbers stand right."""
    rows = list(rows)
    table = Table(title=title or None, title_justify="left")
    for name in rows[0] if rows else []:
        numeric = all(isinstance(row[name], int | float) for row in rows)
        table.add_column(str(name), justify="right" if numeric else "left", overflow="fold")
    for row in rows:
        table.add_row(*("" if value is None else str(value) for value in row.values()))
    width = None if sys.stdout.isatty() else UNBROKEN
    Console(soft_wrap=False, width=width).print(table)


@contextmanager
def clear_errors() -> Iterator[None]:
    """Turn what a person can mend into one line on standard error and exit code 2.

    That is a `CommandError`, a refusal of a room, an engine that is not to be had, and a file that cannot be used.
    """
    try:
        yield
    except (CommandError, Refusal, EngineError, OSError) as error:
        typer.echo(f"catchment: {_told(error)}", err=True)
        raise SystemExit(2) from None


def _told(error: Exception) -> str:
    if isinstance(error, Invalid):
        return "; ".join(f"{problem.field}: {problem.message}" for problem in error.problems)
    if isinstance(error, OSError) and error.filename:
        return f"{error.filename}: {error.strerror}"
    return str(error)
