"""What commands print: a table for people, JSON for programs, one clear line for a mistake."""

import sys
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Annotated, Any

import orjson
import typer
from rich.console import Console
from rich.table import Table

from catchment.kernel.errors import Invalid, Refusal

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON instead of a table.")]


class CommandError(Exception):
    """A mistake that the person at the keyboard can mend; the message names it and the way out."""


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
        table.add_column(str(name), justify="right" if numeric else "left")
    for row in rows:
        table.add_row(*("" if value is None else str(value) for value in row.values()))
    Console(soft_wrap=False).print(table)


@contextmanager
def clear_errors() -> Iterator[None]:
    """Turn a `CommandError` or a refusal of a room into one line on standard error and exit code 2."""
    try:
        yield
    except (CommandError, Refusal) as error:
        typer.echo(f"catchment: {_told(error)}", err=True)
        raise SystemExit(2) from None


def _told(error: CommandError | Refusal) -> str:
    if isinstance(error, Invalid):
        return "; ".join(f"{problem.field}: {problem.message}" for problem in error.problems)
    return str(error)
