"""Tables that are taken away: no cell of them is a formula when a spreadsheet opens them."""

import csv
import io
from collections.abc import Iterable, Sequence
from typing import Any

from django.http import HttpResponse

from catchment.kernel import uploads

FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""With these a cell begins that a spreadsheet reckons or passes on; some programs take the wide forms alike."""
BOM = "\ufeff"


def harmless(value: Any) -> Any:
    """A value that a spreadsheet shows and never runs: text that begins like a formula gets an apostrophe before it.

    Numbers stay numbers, a text that is one stays it. For every cell of every export, csv and xlsx alike.
    """
    if not isinstance(value, str) or not value.lstrip(" \u3000").startswith(FORMULA) or _is_number(value):
        return value
    return f"'{value}"


def csv_text(heads: Sequence[str], rows: Iterable[Sequence[Any]]) -> str:
    """A table as csv, its cells made harmless; an empty cell for `None`. It begins so that spreadsheets read UTF-8."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    for row in (heads, *rows):
        writer.writerow([harmless(value) for value in row])
    return BOM + text.getvalue()


def csv_answer(name: str, heads: Sequence[str], rows: Iterable[Sequence[Any]]) -> HttpResponse:
    """The table as a file to keep, under a name of letters, digits, dots and dashes."""
    return uploads.to_keep(csv_text(heads, rows).encode(), "text/csv; charset=utf-8", name)


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True
